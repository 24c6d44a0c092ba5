import { enlarge, type Growth } from '../enlarge.js';

/** Bytes of one record: last use f64, hits u32, cost f32. */
const RECORD_BYTES = 16;
const F64S = RECORD_BYTES / 8;
const WORDS = RECORD_BYTES / 4;
const HITS = 2;
const COST = 3;

/**
 * How often and when the entry of each slot was used, and what a use saves: what a hit has to update and add up, in
 * records of a quarter of a cache line.
 */
export class SlotUses {
  #times = new Float64Array(0);
  /** The same memory. */
  #words = new Uint32Array(0);
  #singles = new Float32Array(0);

  /** Slots `0 .. capacity - 1` may be used once all steps were taken. */
  *grow(capacity: number): Growth {
    this.#times = enlarge(this.#times, capacity * F64S);
    this.#words = new Uint32Array(this.#times.buffer);
    this.#singles = new Float32Array(this.#times.buffer);
  }

  /** The value of `slot` was written at `now`, monotonic milliseconds; `cost` seconds are kept with 24 bits. */
  begin(slot: number, now: number, cost: number): void {
    this.#times[slot * F64S] = now;
    this.#words[slot * WORDS + HITS] = 0;
    this.#singles[slot * WORDS + COST] = cost;
  }

  restore(slot: number, at: number, hits: number): void {
    this.#times[slot * F64S] = at;
    this.#words[slot * WORDS + HITS] = hits;
  }

  /**
   * Counts one hit for each of the first `count` of `slots`, all at `now`.
   *
   * @returns the sum of their costs, in seconds.
   */
  hit(slots: Int32Array, count: number, now: number): number {
    const times = this.#times;
    const words = this.#words;
    const singles = this.#singles;
    let cost = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i];
      times[slot * F64S] = now;
      words[slot * WORDS + HITS]++;
      cost += singles[slot * WORDS + COST];
    }
    return cost;
  }

  hits(slot: number): number {
    return this.#words[slot * WORDS + HITS];
  }

  /** Monotonic milliseconds of the last use. */
  lastAt(slot: number): number {
    return this.#times[slot * F64S];
  }
}
