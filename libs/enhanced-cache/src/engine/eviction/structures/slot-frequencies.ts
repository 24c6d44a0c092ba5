import { enlarge, type Growth } from '../../enlarge.js';

/**
 * The highest frequency that is counted. Whoever reached it is hot, how hot does not matter; without a bound an entry
 * that was read a billion times would need as many turnovers of the cache to be forgotten.
 */
export const MAX_FREQUENCY = 1023;

/** How often each slot was used, from 1 to {@link MAX_FREQUENCY}; 2 bytes a slot, every call O(1). */
export class SlotFrequencies {
  #frequencies = new Uint16Array(0);

  /** Slots `0 .. capacity - 1` may be counted once all steps were taken. */
  *grow(capacity: number): Growth {
    this.#frequencies = enlarge(this.#frequencies, capacity);
  }

  of(slot: number): number {
    return this.#frequencies[slot];
  }

  /**
   * Starts the count of a new resident: its insertion is its first use, `hits` earlier reads count too. They are there
   * when a policy takes over a cache that is in use. Returns the frequency.
   */
  start(slot: number, hits: number): number {
    return (this.#frequencies[slot] = Math.min(hits + 1, MAX_FREQUENCY));
  }

  /** Counts one more use and returns the frequency. */
  increment(slot: number): number {
    const frequency = this.#frequencies[slot];
    return frequency === MAX_FREQUENCY ? frequency : (this.#frequencies[slot] = frequency + 1);
  }
}
