import { type CacheEntry, cachified, createCacheEntry } from '@epic-web/cachified';
import type { Contestant, Load, RacedCache, Versioned } from '../raced-cache.js';

/** Over a Map, as its own documentation begins; all but the read-through are the Map's verbs. */
class RacedCachified implements RacedCache {
  readonly #entries = new Map<string, CacheEntry<Versioned>>();

  getOrSet = (key: string, load: Load) => cachified<Versioned>({ key, cache: this.#entries, getFreshValue: load });
  get = async (key: string) => this.#entries.get(key)?.value;
  set = async (key: string, value: Versioned) => this.#entries.set(key, createCacheEntry(value));
  delete = async (key: string) => this.#entries.delete(key);
  clear = async () => this.#entries.clear();
  close = async () => undefined;
}

export const cachifiedMap: Contestant = {
  name: '@epic-web/cachified',
  manners: ['plain'],
  create: () => new RacedCachified(),
};
