import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import type { Contestant, Load, RacedCache, Versioned } from '../raced-cache.js';
import { SourceFailure } from '../versioned-source.js';

class RacedBentoCache implements RacedCache {
  readonly #cache = new BentoCache({
    default: 'memory',
    stores: { memory: bentostore().useL1Layer(memoryDriver({ maxItems: 100 })) },
  });

  getOrSet = (key: string, load: Load, tags: readonly string[]) =>
    this.#cache.getOrSet<Versioned>({ key, factory: load, tags: [...tags] });
  get = (key: string) => this.#cache.get<Versioned>({ key });
  set = (key: string, value: Versioned, tags: readonly string[]) => this.#cache.set({ key, value, tags: [...tags] });
  delete = (key: string) => this.#cache.delete({ key });
  clear = () => this.#cache.clear();
  close = () => this.#cache.disconnectAll();

  async deleteByTags(tags: readonly string[]): Promise<unknown> {
    // It knows `any` only; for `all` it removes more than it is asked to, which is no fault here.
    return this.#cache.deleteByTag({ tags: [...tags] });
  }

  /** It wraps what a load rejects with. */
  mayRejectWith = (error: unknown) => error instanceof Error && error.cause instanceof SourceFailure;
}

export const bentocache: Contestant = { name: 'bentocache', manners: ['plain'], create: () => new RacedBentoCache() };
