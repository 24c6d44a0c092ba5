import fc from 'fast-check';
import { chordSquared, greatCircleKm, unitVector } from './geodesy.js';

function distanceKm(from: [latitude: number, longitude: number], to: [latitude: number, longitude: number]): number {
  const [a, b] = [unitVector(...from), unitVector(...to)];
  return greatCircleKm(a.reduce((sum, each, axis) => sum + (each - b[axis]) ** 2, 0));
}

describe('geodesy', () => {
  it.each([
    ['a quarter of the equator', [0, 0], [0, 90], 10_007.6],
    ['pole to pole', [90, 0], [-90, 0], 20_015.1],
    ['Vienna to Bratislava', [48.20849, 16.37208], [48.14816, 17.10674], 54.9],
    ['across the antimeridian', [0, 179.5], [0, -179.5], 111.2],
  ] as const)('measures %s', (_name, from, to, km) => {
    expect(distanceKm([...from], [...to])).toBeCloseTo(km, 0);
  });

  it('turns a distance into a chord and back', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 20_000, noNaN: true }), (km) => {
        expect(Math.abs(greatCircleKm(chordSquared(km)) - km)).toBeLessThan(km * 1e-6 + 1e-6);
      }),
      { seed: 7 },
    );
  });

  it('takes a radius of more than half the Earth as all of it', () => {
    expect(chordSquared(50_000)).toBeCloseTo(4, 12);
  });
});
