import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'node-sqlite3-wasm';
import { openCatalogDatabase } from './catalog.database.js';
import { CatalogRepository } from './catalog.repository.js';

const VIENNA = 2761369;

describe('CatalogRepository', () => {
  let database: Database;
  let repository: CatalogRepository;

  beforeAll(() => {
    database = openCatalogDatabase(':memory:');
    repository = new CatalogRepository(database);
  });
  afterAll(() => repository.onApplicationShutdown());

  it('holds more than a hundred thousand real cities', () => {
    expect(database.get('SELECT count(*) AS cities FROM city')).toEqual({ cities: 135_233 });
    expect(repository.find(VIENNA)).toMatchObject({ name: 'Vienna', country: 'AT', latitude: 48.20849 });
  });

  it('knows nothing of an id that is not there', () => {
    expect(repository.find(1)).toBeUndefined();
    expect(repository.update(1, { name: 'Nowhere' })).toBeUndefined();
    expect(repository.nearby(1, { radius: 100, limit: 5, sort: 'distance' })).toEqual([]);
  });

  it('finds a part of a name, the largest city first, within the country asked for', () => {
    const everywhere = repository.search({ search: 'BURG', limit: 10 });
    expect(everywhere).toHaveLength(10);
    expect(everywhere.every(({ name }) => /burg/i.test(name))).toBe(true);
    expect(everywhere.map((city) => city.population)).toEqual(
      everywhere.map((city) => city.population).sort((a, b) => b - a),
    );
    const austrian = repository.search({ search: 'burg', country: 'AT', limit: 10 });
    expect(austrian[0]).toMatchObject({ name: 'Salzburg' });
    expect(new Set(austrian.map(({ country }) => country))).toEqual(new Set(['AT']));
  });

  it('takes the wildcards of LIKE for what they are: characters', () => {
    expect(repository.search({ search: '%', limit: 5 })).toEqual([]);
    expect(repository.search({ search: 'V_enna', limit: 5 })).toEqual([]);
    expect(repository.search({ search: '\\', limit: 5 })).toEqual([]);
  });

  it('lists what lies within a radius and nothing beyond it, the nearest first', () => {
    const near = repository.nearby(VIENNA, { radius: 60, limit: 1000, sort: 'distance' });
    const distances = near.map((city) => city.distance_km);
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
    expect(Math.max(...distances)).toBeLessThanOrEqual(60);
    expect(near.map(({ name }) => name)).toContain('Bratislava');
    expect(near.map(({ id }) => id)).not.toContain(VIENNA);
    const narrower = repository.nearby(VIENNA, { radius: 30, limit: 1000, sort: 'distance' });
    expect(narrower).toEqual(near.filter((city) => city.distance_km <= 30));
  });

  it('lists the largest within a radius first when asked to', () => {
    const [first, second] = repository.nearby(VIENNA, { radius: 250, limit: 2, sort: 'population' });
    expect(first.name).toBe('Budapest');
    expect(first.population).toBeGreaterThan(second.population);
  });

  it('gives the same figures of a country as counting by hand', () => {
    const rows = database.all(`SELECT population FROM city WHERE country = 'AT'`) as { population: number }[];
    const populations = rows.map(({ population }) => population).sort((a, b) => b - a);
    const total = populations.reduce((sum, each) => sum + each, 0);
    expect(repository.statistics('AT')).toMatchObject({
      country: 'AT',
      cities: populations.length,
      population: total,
      mean_population: Math.round(total / populations.length),
      median_population: populations[Math.floor((populations.length + 1) / 2) - 1],
    });
    expect(repository.statistics('AT')?.largest.map(({ population }) => population)).toEqual(populations.slice(0, 5));
  });

  it('knows no figures of a country without cities', () => {
    expect(repository.statistics('XX')).toBeUndefined();
  });

  it('changes the fields that are given and leaves the others', () => {
    expect(repository.update(VIENNA, { name: 'Wien' })).toMatchObject({ name: 'Wien', population: 1_691_468 });
    expect(repository.update(VIENNA, { population: 0 })).toMatchObject({ name: 'Wien', population: 0 });
    expect(repository.find(VIENNA)).toMatchObject({ name: 'Wien', population: 0 });
  });
});

describe('openCatalogDatabase', () => {
  it('fills a file once and finds its changes again at the next opening', () => {
    const folder = mkdtempSync(join(tmpdir(), 'catalog-'));
    try {
      const file = join(folder, 'catalog.db');
      const first = new CatalogRepository(openCatalogDatabase(file));
      first.update(VIENNA, { name: 'Wien' });
      first.onApplicationShutdown();
      const second = new CatalogRepository(openCatalogDatabase(file));
      expect(second.find(VIENNA)?.name).toBe('Wien');
      second.onApplicationShutdown();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
