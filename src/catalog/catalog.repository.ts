import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Database, Statement } from 'node-sqlite3-wasm';
import { chordSquared, greatCircleKm } from './geodesy.js';

import type { CityChanges, NearbyQuery, SearchQuery } from './catalog.dto.js';
import { CATALOG_DATABASE } from './catalog.database.js';
import type { City, CountryStatistics, NearbyCity } from './city.js';

const CITY = 'id, name, country, population, latitude, longitude';
/** Orders of magnitude on 135,233 rows: a search 10 ms, a distance over all rows 40 ms, a large country 30 ms. */
const SQL = {
  find: `SELECT ${CITY} FROM city WHERE id = :id`,
  search: `
    SELECT ${CITY} FROM city
    WHERE name LIKE :pattern ESCAPE '\\' AND (:country IS NULL OR country = :country)
    ORDER BY population DESC, id LIMIT :limit`,
  nearby: `
    WITH reached AS (
      SELECT c.*, (c.x - o.x) * (c.x - o.x) + (c.y - o.y) * (c.y - o.y) + (c.z - o.z) * (c.z - o.z) AS chord
      FROM city AS o JOIN city AS c ON c.id <> o.id WHERE o.id = :id
    )
    SELECT ${CITY}, chord FROM reached WHERE chord <= :chord
    ORDER BY CASE :sort WHEN 'population' THEN -population ELSE chord END, id LIMIT :limit`,
  statistics: `
    WITH ranked AS (
      SELECT population, row_number() OVER (ORDER BY population DESC, id) AS place, count(*) OVER () AS cities
      FROM city WHERE country = :country
    )
    SELECT count(*) AS cities, sum(population) AS population, round(avg(population)) AS mean_population,
      max(population) FILTER (WHERE place = (cities + 1) / 2) AS median_population
    FROM ranked`,
  largest: `SELECT ${CITY} FROM city WHERE country = :country ORDER BY population DESC, id LIMIT 5`,
  update: `
    UPDATE city SET name = coalesce(:name, name), population = coalesce(:population, population) WHERE id = :id`,
} as const;

/** Every question the demo asks its database. Statements are prepared once; each answer is plain data. */
@Injectable()
export class CatalogRepository implements OnApplicationShutdown {
  readonly #statements: Record<keyof typeof SQL, Statement>;

  constructor(@Inject(CATALOG_DATABASE) private readonly database: Database) {
    const prepared = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]);
    this.#statements = Object.fromEntries(prepared) as Record<keyof typeof SQL, Statement>;
  }

  find(id: number): City | undefined {
    // Not `get`: it leaves the statement at its first row, and an open statement keeps the file locked.
    return this.#statements.find.all({ ':id': id }).at(0) as City | undefined;
  }

  /** Cities whose name contains `search`, in any case of ASCII letters, the largest first. */
  search({ search, country, limit }: SearchQuery): City[] {
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
    const values = { ':pattern': pattern, ':country': country ?? null, ':limit': limit };
    return this.#statements.search.all(values) as unknown as City[];
  }

  /** The cities around a city, that one left out; none where it does not exist. */
  nearby(id: number, { radius, limit, sort }: NearbyQuery): NearbyCity[] {
    const values = { ':id': id, ':chord': chordSquared(radius), ':sort': sort, ':limit': limit };
    const rows = this.#statements.nearby.all(values) as unknown as (City & { chord: number })[];
    return rows.map(({ chord, ...city }) => ({ ...city, distance_km: Math.round(greatCircleKm(chord) * 100) / 100 }));
  }

  /** `undefined` where no city of that country is known. */
  statistics(country: string): CountryStatistics | undefined {
    type Totals = Omit<CountryStatistics, 'country' | 'largest'>;
    const [totals] = this.#statements.statistics.all({ ':country': country }) as unknown as Totals[];
    if (totals.cities === 0) return undefined;
    const largest = this.#statements.largest.all({ ':country': country }) as unknown as City[];
    return { country, ...totals, largest };
  }

  /** The city as it is after the changes, `undefined` where it does not exist. */
  update(id: number, { name, population }: CityChanges): City | undefined {
    this.#statements.update.run({ ':id': id, ':name': name ?? null, ':population': population ?? null });
    return this.find(id);
  }

  onApplicationShutdown(): void {
    for (const statement of Object.values(this.#statements)) statement.finalize();
    this.database.close();
  }
}
