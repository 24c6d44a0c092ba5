import type { Clock } from './ports/clock.js';

/** How long one slice of background work may hold the event loop, in milliseconds. */
export const SLICE_BUDGET_MS = 2;
/** A slice ends after so many steps even where time stands still, as it does under a fake clock. */
export const MAX_STEPS_PER_SLICE = 4096;
/** The most steps between two readings of the clock: a reading costs about as much as a cheap step. */
const MAX_STRIDE = 64;

/**
 * Tells long work when to let the event loop turn.
 *
 * The clock is read after the first step of a slice, then after two more, four more and so on up to `maxStride`: slow
 * steps are noticed at once and cheap ones pay next to nothing. Where steps differ widely in cost, a `maxStride` of 1
 * reads it at every step.
 *
 * ```ts
 * if (budget.spent()) await budget.renew();
 * ```
 */
export class SliceBudget {
  #startedAt: number;
  #steps = 0;
  #nextReading = 1;
  #stride = 1;

  constructor(
    private readonly clock: Clock,
    private readonly budgetMs: number = SLICE_BUDGET_MS,
    private readonly maxStride: number = MAX_STRIDE,
  ) {
    this.#startedAt = clock.now();
  }

  /** Counts one step; true where the slice is over. */
  spent(): boolean {
    if (++this.#steps < this.#nextReading) return false;
    if (this.#steps >= MAX_STEPS_PER_SLICE) return true;
    if (this.clock.now() - this.#startedAt >= this.budgetMs) return true;
    this.#stride = Math.min(this.#stride * 2, this.maxStride);
    this.#nextReading = Math.min(this.#steps + this.#stride, MAX_STEPS_PER_SLICE);
    return false;
  }

  /** Starts the next slice now. */
  restart(): void {
    this.#startedAt = this.clock.now();
    this.#steps = 0;
    this.#nextReading = 1;
    this.#stride = 1;
  }

  /** Lets the event loop turn, then starts the next slice. */
  renew(): Promise<void> {
    return new Promise((resolve) => {
      this.clock.defer(() => {
        this.restart();
        resolve();
      });
    });
  }
}

/**
 * Runs `steps` to its end without holding the event loop for much longer than `budgetMs` at a time, plus the length of
 * one step.
 *
 * The first slice runs at once, so work that fits into one is done when the call returns; each further slice runs
 * through {@link Clock.defer}. An error of a step rejects. An aborted `signal` is looked at between slices: `steps` is
 * closed (its `finally` blocks run) and the promise rejects with the signal's reason.
 */
export function runInSlices(
  steps: Iterator<unknown>,
  clock: Clock,
  budgetMs: number = SLICE_BUDGET_MS,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const budget = new SliceBudget(clock, budgetMs);
    // Not an await loop: each slice runs inside the deferred task itself, so whoever drives the clock drives the work.
    const slice = (): void => {
      try {
        if (signal?.aborted) {
          steps.return?.();
          signal.throwIfAborted();
        }
        budget.restart();
        while (!steps.next().done) {
          if (budget.spent()) return clock.defer(slice);
        }
        resolve();
      } catch (error) {
        reject(error);
      }
    };
    slice();
  });
}
