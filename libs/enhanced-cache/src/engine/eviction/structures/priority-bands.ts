/** The range of an entry's priority, ends included. */
export const MIN_PRIORITY = -100;
export const MAX_PRIORITY = 100;
/** How many priorities there are. */
export const PRIORITY_BANDS = MAX_PRIORITY - MIN_PRIORITY + 1;

const BITS = 32;

/** The band of a priority: `0` is the lowest, `PRIORITY_BANDS - 1` the highest. */
export function bandOf(priority: number): number {
  return priority - MIN_PRIORITY;
}

/**
 * How many entries each priority holds, and which is the lowest that holds any.
 *
 * One counter a band, and one bit a band that says whether the counter is above 0.
 *
 * Cost: every call O(1); {@link lowest} looks at 7 words at most.
 */
export class PriorityBands {
  readonly #counts = new Int32Array(PRIORITY_BANDS);
  readonly #occupied = new Int32Array(Math.ceil(PRIORITY_BANDS / BITS));
  #total = 0;

  /** Entries in all bands. */
  get total(): number {
    return this.#total;
  }

  count(band: number): number {
    return this.#counts[band];
  }

  add(band: number): void {
    this.#total++;
    if (this.#counts[band]++ === 0) this.#occupied[band >>> 5] |= 1 << (band & 31);
  }

  /** `band` must hold an entry. */
  remove(band: number): void {
    this.#total--;
    if (--this.#counts[band] === 0) this.#occupied[band >>> 5] &= ~(1 << (band & 31));
  }

  /** The lowest band that holds an entry, or `-1`. */
  lowest(): number {
    for (let word = 0; word < this.#occupied.length; word++) {
      const bits = this.#occupied[word];
      // `bits & -bits` keeps the lowest set bit alone.
      if (bits !== 0) return word * BITS + (BITS - 1 - Math.clz32(bits & -bits));
    }
    return -1;
  }
}
