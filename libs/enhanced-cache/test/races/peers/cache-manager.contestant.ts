import { createCache } from 'cache-manager';
import type { Contestant, Load, RacedCache, Versioned } from '../raced-cache.js';

class RacedCacheManager implements RacedCache {
  readonly #cache = createCache();

  getOrSet = (key: string, load: Load) => this.#cache.wrap<Versioned>(key, load);
  get = (key: string) => this.#cache.get<Versioned>(key);
  set = (key: string, value: Versioned) => this.#cache.set(key, value);
  delete = (key: string) => this.#cache.del(key);
  clear = () => this.#cache.clear();
  close = () => this.#cache.disconnect();
}

export const cacheManager: Contestant = {
  name: 'cache-manager',
  manners: ['plain'],
  create: () => new RacedCacheManager(),
};
