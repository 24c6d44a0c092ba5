import type { EntryStore } from '../entry/entry-store.js';
import type { Clock } from '../ports/clock.js';
import { runInSlices } from '../slices.js';
import type { Invalidation } from './tag-generations.js';

/** So many entries that wait to be settled are settled before the call returns; more are left to later turns altogether. */
const SETTLED_AT_ONCE = 64;
/** Each open review slows down reads of tagged entries; who opens more has to help finishing them. */
const MAX_OPEN_REVIEWS = 64;

/**
 * Settles the entries whose tag was invalidated, which gives back their memory: a few at once, many in slices of their
 * own, so that an invalidation of a million entries returns as fast as one of none.
 */
export class TagReclaimer {
  #running: Promise<void> | undefined;

  constructor(
    private readonly store: EntryStore,
    private readonly clock: Clock,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** How many entries `invalidation` ended; at once where that is known, else when all of them are settled. */
  async reclaim(invalidation: Invalidation): Promise<number> {
    const { store } = this;
    if (store.tags.ended.most <= SETTLED_AT_ONCE) while (store.tags.hasPending) store.settleNext();
    while (store.tags.openReviews > MAX_OPEN_REVIEWS) store.settleNext();
    if (!store.tags.hasPending) return invalidation.count;
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
      while (this.store.tags.hasPending) {
        this.store.settleNext();
        yield;
      }
    } finally {
      this.#running = undefined;
    }
  }
}
