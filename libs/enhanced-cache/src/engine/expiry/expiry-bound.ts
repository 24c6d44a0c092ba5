/** What a sweep has learned so far of the expiries that remain. */
export interface SweptExpiry {
  soonest: number;
}

/**
 * A lower bound of the expiries of all resident entries: before it, nobody can have expired.
 *
 * Writes only ever lower it; a sweep, which looks at every slot, finds the truth again. What is written while a sweep
 * is under way is noted for its result too, as the sweep may have passed the slot already.
 */
export class ExpiryBound {
  #soonest = Infinity;
  #sweep: SweptExpiry | undefined;

  /** Monotonic milliseconds. Too low at times, never too high. */
  get soonest(): number {
    return this.#soonest;
  }

  /** An entry was given this expiry. */
  note(expiresAt: number): void {
    if (expiresAt < this.#soonest) this.#soonest = expiresAt;
    if (this.#sweep && expiresAt < this.#sweep.soonest) this.#sweep.soonest = expiresAt;
  }

  beginSweep(): SweptExpiry {
    this.#sweep = { soonest: Infinity };
    return this.#sweep;
  }

  /** Every slot was looked at: `swept` is the truth, unless another sweep was begun since. */
  endSweep(swept: SweptExpiry): void {
    if (this.#sweep !== swept) return;
    this.#soonest = swept.soonest;
    this.#sweep = undefined;
  }
}
