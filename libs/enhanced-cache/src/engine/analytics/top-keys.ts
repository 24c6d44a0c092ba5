/** Keys counted at a time. An estimate is at most 1/256 of all recorded weight too high. */
export const TRACKED_KEYS = 256;
/** Records after which all counts are halved. */
export const RECORDS_PER_HALVING = 16_384;

export interface KeyCount {
  key: string;
  count: number;
}

/**
 * The most requested keys of a stream in bounded memory.
 *
 * Space-Saving: a fixed number of counters; a key without one takes over the smallest, and inherits its count as the
 * most by which the newcomer may be over-estimated. So every key whose true weight exceeds `total / capacity` has a
 * counter, and for each counted key `true <= estimate <= true + total / capacity`.
 *
 * Departure from the paper: all counts are halved every {@link RECORDS_PER_HALVING} records, so that the ranking is of
 * the last while: a key that is asked for no more loses half of its count each time, and its counter once less than 1
 * is left. The counters stand in a binary min-heap over typed arrays instead of a linked list of count buckets, as
 * weights are not all 1.
 *
 * Cost: {@link record} O(log capacity), no allocation; halving O(capacity), amortised O(1).
 *
 * Metwally, Agrawal, El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams", ICDT 2005.
 */
export class TopKeys {
  /** Heap position of each counted key. */
  readonly #positions = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #counts: Float64Array;
  #records = 0;

  constructor(
    private readonly capacity: number = TRACKED_KEYS,
    private readonly recordsPerHalving: number = RECORDS_PER_HALVING,
  ) {
    this.#counts = new Float64Array(capacity);
  }

  /** Keys that have a counter now; never above the capacity. */
  get size(): number {
    return this.#keys.length;
  }

  /** Adds `weight` requests to `key`. */
  record(key: string, weight: number): void {
    const position = this.#positions.get(key);
    if (position !== undefined) {
      this.#counts[position] += weight;
      this.#sink(position);
    } else if (this.#keys.length < this.capacity) {
      this.#append(key, weight);
    } else {
      this.#positions.delete(this.#keys[0]);
      this.#place(key, this.#counts[0] + weight, 0);
      this.#sink(0);
    }
    if (++this.#records >= this.recordsPerHalving) this.#halve();
  }

  /** The `limit` keys of the highest estimates, highest first, counts rounded. */
  top(limit: number): KeyCount[] {
    return this.#keys
      .map((key, position) => ({ key, count: Math.round(this.#counts[position]) }))
      .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
      .slice(0, limit);
  }

  reset(): void {
    this.#positions.clear();
    this.#keys.length = 0;
    this.#records = 0;
  }

  #halve(): void {
    this.#records = 0;
    const survivors = this.#keys
      .map((key, position) => ({ key, count: this.#counts[position] / 2 }))
      .filter(({ count }) => count >= 1);
    this.#positions.clear();
    this.#keys.length = 0;
    for (const { key, count } of survivors) this.#append(key, count);
  }

  #append(key: string, count: number): void {
    let position = this.#keys.length;
    this.#place(key, count, position);
    while (position > 0) {
      const parent = (position - 1) >> 1;
      if (this.#counts[parent] <= count) return;
      this.#swap(position, parent);
      position = parent;
    }
  }

  #sink(start: number): void {
    let position = start;
    for (;;) {
      let child = 2 * position + 1;
      if (child >= this.#keys.length) return;
      if (child + 1 < this.#keys.length && this.#counts[child + 1] < this.#counts[child]) child++;
      if (this.#counts[position] <= this.#counts[child]) return;
      this.#swap(position, child);
      position = child;
    }
  }

  #swap(a: number, b: number): void {
    const key = this.#keys[a];
    const count = this.#counts[a];
    this.#place(this.#keys[b], this.#counts[b], a);
    this.#place(key, count, b);
  }

  #place(key: string, count: number, position: number): void {
    this.#keys[position] = key;
    this.#counts[position] = count;
    this.#positions.set(key, position);
  }
}
