import { LRUCache } from 'lru-cache';
import type { Contestant, Load, RacedCache, Versioned } from '../raced-cache.js';

class RacedLruCache implements RacedCache {
  readonly #cache = new LRUCache<string, Versioned, Load>({
    max: 100,
    fetchMethod: (_key, _old, { context }) => context(),
  });

  getOrSet = (key: string, load: Load) => this.#cache.fetch(key, { context: load });
  get = async (key: string) => this.#cache.get(key);
  set = async (key: string, value: Versioned) => this.#cache.set(key, value);
  delete = async (key: string) => this.#cache.delete(key);
  clear = async () => this.#cache.clear();
  close = async () => undefined;
}

export const lruCache: Contestant = { name: 'lru-cache', manners: ['plain'], create: () => new RacedLruCache() };
