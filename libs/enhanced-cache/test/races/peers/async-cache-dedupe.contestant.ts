import { createCache } from 'async-cache-dedupe';
import type { Contestant, Load, RacedCache, Versioned } from '../raced-cache.js';
import { tagsOf } from '../versioned-source.js';

/** Where it keeps the results of the function that is defined as `load`. */
const storageKey = (key: string): string => `load~${key}`;
const TTL_SECONDS = 3600;

class RacedAsyncCacheDedupe implements RacedCache {
  readonly #loads = new Map<string, Load>();
  readonly #cache = createCache({
    ttl: TTL_SECONDS,
    storage: { type: 'memory', options: { invalidation: true } },
  }).define('load', { references: (key: string) => [...tagsOf(key)] }, (key: string) =>
    (this.#loads.get(key) as Load)(),
  );

  async getOrSet(key: string, load: Load): Promise<Versioned> {
    this.#loads.set(key, load);
    return this.#cache.load(key);
  }

  get = (key: string) => this.#cache.get('load', storageKey(key)) as Promise<Versioned | undefined>;
  set = (key: string, value: Versioned, tags: readonly string[]) =>
    this.#cache.set('load', storageKey(key), value, TTL_SECONDS, [...tags]);
  delete = (key: string) => this.#cache.clear('load', key);
  /** It knows `any` only; for `all` it removes more than it is asked to, which is no fault here. */
  deleteByTags = (tags: readonly string[]) => this.#cache.invalidateAll([...tags]);
  clear = () => this.#cache.clear('load');
  close = async () => undefined;
}

export const asyncCacheDedupe: Contestant = {
  name: 'async-cache-dedupe',
  manners: ['plain'],
  create: () => new RacedAsyncCacheDedupe(),
};
