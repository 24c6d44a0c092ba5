/** The process right after a collection of its whole heap. */
export interface DriftSample {
  /** Heap and the memory outside of it that belongs to JavaScript objects, in bytes. */
  readonly heldBytes: number;
  /** What all caches of the process say they hold, in bytes. */
  readonly trackedBytes: number;
  /** Monotonic milliseconds. */
  readonly at: number;
}

/** Tracked bytes have to move by so much, and by so much of what is tracked, for their share in the growth to show. */
const MIN_MOVE_BYTES = 8 * 1024 * 1024;
const MIN_MOVE_SHARE = 0.1;
/** And within this time: over a longer one the rest of the process moves too. */
const MAX_MOVE_MS = 60_000;
/** The last so many moves are remembered; fewer than the least say nothing. */
const MOVES = 9;
const MIN_MOVES = 3;
/** Where the middle one of the deviations is a larger share of the ratio (of 1, below it), something else moves the heap. */
const MAX_SPREAD = 0.15;
/** The error that the model of memory is allowed to have, either way; see `npm run bench:memory`. */
const ALLOWED_ERROR = 0.2;
const MAX_CORRECTION = 1.5;

/**
 * Learns from the process what a tracked byte really takes: while the caches grow or shrink by a lot in a short time,
 * the heap moves with them, and the ratio of the two is the truth that the model should have told.
 *
 * Each such move gives one ratio; believed is their median, and only where they agree: what the rest of the process does
 * meanwhile differs from move to move, the error of the model does not. A cache that is full and in balance moves nothing
 * and teaches nothing; what was learned while it was filled stands until it moves again.
 */
export class HeapDrift {
  #from: DriftSample | undefined;
  #ratios: number[] = [];

  observe(sample: DriftSample): void {
    const from = this.#from;
    if (from === undefined || sample.at - from.at > MAX_MOVE_MS) {
      this.#from = sample;
      return;
    }
    const moved = sample.trackedBytes - from.trackedBytes;
    const largest = Math.max(sample.trackedBytes, from.trackedBytes);
    if (Math.abs(moved) < Math.max(MIN_MOVE_BYTES, MIN_MOVE_SHARE * largest)) return;
    this.#ratios = [...this.#ratios, (sample.heldBytes - from.heldBytes) / moved].slice(-MOVES);
    this.#from = sample;
  }

  /** Bytes really taken for each one tracked; `undefined` until enough moves agree. */
  get ratio(): number | undefined {
    if (this.#ratios.length < MIN_MOVES) return undefined;
    const ratio = median(this.#ratios);
    const spread = median(this.#ratios.map((each) => Math.abs(each - ratio)));
    return ratio > 0 && spread <= MAX_SPREAD * Math.max(ratio, 1) ? ratio : undefined;
  }

  /**
   * By what a limit of tracked bytes is to be divided so that it holds for real ones: 1 while the model is as good as it
   * promises, at most {@link MAX_CORRECTION}. Never below 1: a limit that was promised is not raised on a guess.
   */
  get correction(): number {
    const ratio = this.ratio ?? 1;
    return ratio > 1 + ALLOWED_ERROR ? Math.min(ratio, MAX_CORRECTION) : 1;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
