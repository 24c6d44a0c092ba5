import type { EntryStore } from '../entry/entry-store.js';
import type { Clock, ClockTimer } from '../ports/clock.js';
import { runInSlices } from '../slices.js';
import type { SweptExpiry } from './expiry-bound.js';

/** Sweeps start at least so far apart, in milliseconds: how late an expired entry that nobody reads may leave. */
export const SWEEP_INTERVAL_MS = 500;
/** Slots looked at in one step of a sweep. */
const SLOTS_PER_STEP = 256;

/**
 * Removes expired entries that nobody reads.
 *
 * One unref'd timer for the cache, armed for the time at which the first entry can be due. A sweep looks through the
 * typed array of expiries (about 1.5 ms for a million slots), in slices, and learns on the way when the next one is
 * worth starting: a cache whose entries all live an hour is swept once an hour, an empty one never.
 */
export class ExpirySweeper {
  #timer: ClockTimer | undefined;
  #timerAt = Infinity;
  #sweeping = false;
  #lastSweep = -Infinity;
  #closed = false;

  constructor(
    private readonly store: EntryStore,
    private readonly clock: Clock,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** An entry was given this expiry. */
  notice(expiresAt: number): void {
    if (expiresAt < this.#timerAt) this.#arm(expiresAt);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #arm(at: number): void {
    if (this.#closed || this.#sweeping || at === Infinity) return;
    this.#timer?.cancel();
    this.#timerAt = at;
    const due = Math.max(at, this.#lastSweep + SWEEP_INTERVAL_MS);
    this.#timer = this.clock.schedule(() => this.#sweep(), due - this.clock.now());
  }

  #sweep(): void {
    this.#lastSweep = this.clock.now();
    this.#sweeping = true;
    runInSlices(this.#steps(), this.clock).catch(this.failed);
  }

  *#steps(): Generator<undefined, void, undefined> {
    const { store } = this;
    const { table, expiry } = store;
    const swept = expiry.beginSweep();
    try {
      for (let from = 0; from < table.used && store.table === table && !this.#closed; from += SLOTS_PER_STEP) {
        yield* this.#sweepRange(from, Math.min(from + SLOTS_PER_STEP, table.used), swept);
        yield;
      }
      expiry.endSweep(swept);
    } finally {
      this.#sweeping = false;
      this.#timerAt = Infinity;
      this.#arm(store.expiry.soonest);
    }
  }

  *#sweepRange(from: number, end: number, swept: SweptExpiry): Generator<undefined, void, undefined> {
    const { store } = this;
    const { table } = store;
    const now = this.clock.now();
    for (let slot = from; slot < end; slot++) {
      const expiresAt = table.expiresAt(slot);
      if (expiresAt > now) {
        if (expiresAt < swept.soonest) swept.soonest = expiresAt;
      } else if (table.key(slot) !== undefined) {
        store.remove(slot, 'expired');
        yield;
        // What was cleared while this step was over is no longer the store's to remove.
        if (store.table !== table) return;
      }
    }
  }
}
