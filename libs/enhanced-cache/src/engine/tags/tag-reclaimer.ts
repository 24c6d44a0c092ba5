import type { EntryStore } from '../entry/entry-store.js';
import type { Clock } from '../ports/clock.js';
import { runInSlices, SliceBudget } from '../slices.js';
import type { Invalidation } from './tag-generations.js';

/** So many entries at most are settled before the call that invalidated them returns, within {@link AT_ONCE_MS}. */
const SETTLED_AT_ONCE = 64;
/** In milliseconds. A process that has just started takes as long for a few entries as a warm one for a hundred. */
const AT_ONCE_MS = 0.25;
/** Each open review slows down reads of tagged entries; who opens more has to help finishing them. */
const MAX_OPEN_REVIEWS = 64;

/**
 * Settles the entries whose tag was invalidated, which gives back their memory: a few at once, many in slices of their
 * own.
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
    const budget = new SliceBudget(this.clock, AT_ONCE_MS);
    for (let i = 0; i < SETTLED_AT_ONCE && store.tags.hasPending; i++) {
      store.settleNext();
      if (budget.spent()) break;
    }
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
