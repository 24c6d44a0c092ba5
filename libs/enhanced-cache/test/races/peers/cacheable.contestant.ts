import { Cacheable } from 'cacheable';
import type { Contestant, Load, RacedCache, Versioned } from '../raced-cache.js';

/** Its `getOrSet` takes no tags, so it is not asked to remove by tag. Without `throwErrors` it hides a failed load. */
class RacedCacheable implements RacedCache {
  readonly #cache = new Cacheable();

  getOrSet = (key: string, load: Load) => this.#cache.getOrSet<Versioned>(key, load, { throwErrors: true });
  get = (key: string) => this.#cache.get<Versioned>(key);
  set = (key: string, value: Versioned) => this.#cache.set(key, value);
  delete = (key: string) => this.#cache.delete(key);
  clear = () => this.#cache.clear();
  close = () => this.#cache.disconnect();
}

export const cacheable: Contestant = { name: 'cacheable', manners: ['plain'], create: () => new RacedCacheable() };
