import type { EntryStore } from '../entry/entry-store.js';
import type { Clock, ClockTimer } from '../ports/clock.js';
import { runInSlices } from '../slices.js';
import { GROUP_SLOTS } from './expiry-bound.js';

/** Sweeps start at least so far apart, in milliseconds: how late an expired entry that nobody reads may leave. */
export const SWEEP_INTERVAL_MS = 500;

/**
 * Removes expired entries that nobody reads.
 *
 * One unref'd timer for the cache, armed for the time at which the first entry can be due. A sweep looks through the
 * groups of slots that can have one, in slices, and learns on the way when the next one is worth starting: a cache whose
 * entries all live an hour is swept once an hour, an empty one never.
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
    try {
      for (let group = 0; store.table === table && !this.#closed; group++) {
        group = expiry.nextDue(group, this.clock.now());
        if (group === -1) break;
        yield* this.#sweepGroup(group);
        yield;
      }
    } finally {
      expiry.settle();
      this.#sweeping = false;
      this.#timerAt = Infinity;
      this.#arm(store.expiry.soonest);
    }
  }

  *#sweepGroup(group: number): Generator<undefined, void, undefined> {
    const { store } = this;
    const { table, expiry } = store;
    const now = this.clock.now();
    const from = group * GROUP_SLOTS;
    const end = Math.min(from + GROUP_SLOTS, table.used);
    let slot = from;
    expiry.forget(group);
    try {
      for (; slot < end; slot++) {
        if (table.key(slot) === undefined) continue;
        const expiresAt = table.expiresAt(slot);
        if (expiresAt > now) expiry.note(slot, expiresAt);
        else {
          store.remove(slot, 'expired');
          yield;
          // What was cleared while this step was over is no longer the store's to remove.
          if (store.table !== table) return;
        }
      }
    } finally {
      // Cut short, it has not seen the rest: that may be due at any time.
      if (slot < end) expiry.note(slot, now);
    }
  }
}
