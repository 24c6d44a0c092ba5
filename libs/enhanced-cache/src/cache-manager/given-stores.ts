import { InvalidOptionsError } from '../engine/errors.js';
import type { CacheStore } from './cache-manager.types.js';

/** A storage adapter of Keyv, as `new KeyvRedis(url)`, or a `Map`: a `Keyv` is put around it. */
export interface StorageAdapter {
  get(key: string): unknown;
  set(key: string, value: unknown, ttl?: number): unknown;
  delete(key: string): unknown;
  clear(): unknown;
}

/** What an app may name as its stores: of `Keyv`, of cacheable, or storage adapters; one or several, the fastest first. */
export type GivenStores = CacheStore | StorageAdapter | readonly (CacheStore | StorageAdapter)[];

/** What each of the two is known by in @nestjs/cache-manager: a package may be there in several versions. */
const MARKS = {
  keyv: ['opts', 'hooks', 'stats'],
  cacheable: ['primary', 'secondary', 'nonBlocking'],
};

/**
 * The stores that an app gave, ready to be asked.
 *
 * @param options for the `Keyv` that is put around an adapter; the lifetime in milliseconds.
 * @throws {InvalidOptionsError} naming the one that is none.
 * @throws {Error} where there is an adapter and the package `keyv` is not installed.
 */
export async function givenStores(
  given: GivenStores,
  options: { ttl?: number; namespace?: string },
): Promise<CacheStore[]> {
  const all = [given].flat();
  all.forEach(assertAnswers);
  return Promise.all(all.map(async (each) => (isStore(each) ? each : around(each, options))));
}

function assertAnswers(given: unknown, index: number): void {
  const answers = (name: string): boolean => typeof (given as Record<string, unknown> | null)?.[name] === 'function';
  if (!['get', 'set', 'delete', 'clear'].every(answers)) {
    throw new InvalidOptionsError(`stores[${index}]`, 'a Keyv, or an object with get, set, delete and clear', given);
  }
}

function isStore(given: CacheStore | StorageAdapter): given is CacheStore {
  return Object.values(MARKS).some((marks) => marks.every((mark) => mark in given));
}

async function around(
  store: StorageAdapter,
  { ttl, namespace }: { ttl?: number; namespace?: string },
): Promise<CacheStore> {
  const { Keyv } = await import('keyv').catch((cause: unknown) => {
    throw new Error('stores: a storage adapter needs the package keyv around it: npm install keyv', { cause });
  });
  return new Keyv({ store: store as never, ttl, namespace }) as CacheStore;
}
