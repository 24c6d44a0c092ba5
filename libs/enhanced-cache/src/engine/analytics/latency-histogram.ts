import type { Percentiles } from '../reports.js';
import { roundMs } from './statistics.js';

/** Sub-buckets per doubling are 2 ** SUB_BITS = 32: a bucket is 1/32 of its lower bound wide. */
const SUB_BITS = 5;
const SUB_BUCKETS = 2 ** SUB_BITS;
/** The smallest time told apart from 0 is 2 ** -20 ms, about a nanosecond. */
const MIN_EXPONENT = -20;
/** Times of 2 ** 22 ms, 70 minutes, and more share the last bucket. */
const MAX_EXPONENT = 22;
const BUCKETS = 1 + (MAX_EXPONENT - MIN_EXPONENT) * SUB_BUCKETS;

/** Exponent and leading mantissa bits of a double are its upper bits: shifted down they number the buckets in order. */
const EXPONENT_BIAS = 1023;
const SHIFT = 20 - SUB_BITS;
const FIRST = (EXPONENT_BIAS + MIN_EXPONENT) * SUB_BUCKETS - 1;
const scratch = new Float64Array([1]);
const scratchWords = new Uint32Array(scratch.buffer);
/** Where this machine's byte order puts the upper half of a double. */
const UPPER = scratchWords[1] === 0 ? 0 : 1;

/**
 * Counts of times in log-linear buckets: each doubling is cut into 32 equal parts, so that a quantile is within 1.6 %
 * of the true one from nanoseconds to an hour, in 11 KB whatever is recorded.
 *
 * Cost: {@link record} O(1) without allocation: the bucket is read off the bits of the double; a quantile is one pass
 * over the buckets. The layout is that of HdrHistogram (Tene), here over doubles instead of integers, which spares the
 * choice of a unit.
 */
export class LatencyHistogram {
  readonly #buckets = new Float64Array(BUCKETS);
  #count = 0;
  #sumMs = 0;
  #minMs = Infinity;
  #maxMs = 0;

  get count(): number {
    return this.#count;
  }

  /** Exact sum in milliseconds. */
  get totalMs(): number {
    return this.#sumMs;
  }

  /** Exact mean; 0 where nothing was recorded. */
  get meanMs(): number {
    return this.#count === 0 ? 0 : this.#sumMs / this.#count;
  }

  /** Exact minimum; 0 where nothing was recorded. */
  get minMs(): number {
    return this.#count === 0 ? 0 : this.#minMs;
  }

  /** Exact maximum; 0 where nothing was recorded. */
  get maxMs(): number {
    return this.#maxMs;
  }

  /** `ms` is a time span >= 0. */
  record(ms: number): void {
    scratch[0] = ms;
    const index = (scratchWords[UPPER] >>> SHIFT) - FIRST;
    this.#buckets[index < 0 ? 0 : index >= BUCKETS ? BUCKETS - 1 : index]++;
    this.#count++;
    this.#sumMs += ms;
    if (ms < this.#minMs) this.#minMs = ms;
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  /** The time that a share `quantile` (0 to 1) of all records did not exceed (nearest rank); 0 where there is none. */
  quantile(quantile: number): number {
    if (this.#count === 0) return 0;
    const rank = Math.max(1, Math.ceil(quantile * this.#count));
    let seen = 0;
    let index = -1;
    while (seen < rank) seen += this.#buckets[++index];
    return Math.min(Math.max(middleOf(index), this.#minMs), this.#maxMs);
  }

  /** Milliseconds, rounded to nanoseconds. */
  percentiles(): Percentiles {
    return {
      p50: roundMs(this.quantile(0.5)),
      p90: roundMs(this.quantile(0.9)),
      p99: roundMs(this.quantile(0.99)),
      p999: roundMs(this.quantile(0.999)),
    };
  }

  reset(): void {
    this.#buckets.fill(0);
    this.#count = 0;
    this.#sumMs = 0;
    this.#minMs = Infinity;
    this.#maxMs = 0;
  }
}

function middleOf(index: number): number {
  if (index === 0) return 0;
  const octave = Math.floor((index - 1) / SUB_BUCKETS);
  const part = (index - 1) % SUB_BUCKETS;
  return 2 ** (MIN_EXPONENT + octave) * (1 + (part + 0.5) / SUB_BUCKETS);
}
