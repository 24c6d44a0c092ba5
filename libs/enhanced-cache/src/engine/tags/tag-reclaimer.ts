import type { EntryStore } from '../entry/entry-store.js';
import type { Clock } from '../ports/clock.js';
import { runInSlices } from '../slices.js';
import type { Invalidation } from './tag-generations.js';

/** So many dead entries are removed before the call that invalidated them returns. */
const REMOVED_AT_ONCE = 64;

/**
 * Gives back the memory of entries whose tag was invalidated: a few at once, many in slices of their own.
 */
export class TagReclaimer {
  #running: Promise<void> | undefined;

  constructor(
    private readonly store: EntryStore,
    private readonly clock: Clock,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** How many entries `invalidation` removed; at once where that is known, else when all of them are reclaimed. */
  async reclaim(invalidation: Invalidation): Promise<number> {
    for (let i = 0; i < REMOVED_AT_ONCE; i++) if (!this.store.reclaimDead()) return invalidation.count;
    this.#running ??= this.#run();
    if (!invalidation.counted) await this.#running;
    return invalidation.count;
  }

  #run(): Promise<void> {
    // In a later turn, so that who invalidates a million entries does not pay for the first slice.
    return new Promise((resolve) => {
      this.clock.defer(() => {
        void runInSlices(this.#steps(), this.clock)
          .catch(this.failed)
          .then(() => resolve());
      });
    });
  }

  *#steps(): Generator<undefined, void, undefined> {
    try {
      while (this.store.reclaimDead()) yield;
    } finally {
      this.#running = undefined;
    }
  }
}
