/** Mean radius of the Earth (IUGG R1), in kilometres. */
const EARTH_RADIUS_KM = 6371.0088;
const RADIANS_PER_DEGREE = Math.PI / 180;

/** The point of the unit sphere at a latitude and a longitude in degrees. */
export function unitVector(latitude: number, longitude: number): [x: number, y: number, z: number] {
  const phi = latitude * RADIANS_PER_DEGREE;
  const lambda = longitude * RADIANS_PER_DEGREE;
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

/** The square of the straight line, through a unit sphere, under a great-circle distance of `km` on the Earth's surface. */
export function chordSquared(km: number): number {
  const chord = 2 * Math.sin(Math.min(km / EARTH_RADIUS_KM, Math.PI) / 2);
  return chord * chord;
}

/** The inverse of {@link chordSquared}, in kilometres. */
export function greatCircleKm(squaredChord: number): number {
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(squaredChord) / 2));
}
