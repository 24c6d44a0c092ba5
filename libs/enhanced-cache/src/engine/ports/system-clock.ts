import { performance } from 'node:perf_hooks';
import type { Clock, ClockTimer } from './clock.js';

/** How far {@link SystemClock.coarseNow} may lag while the event loop turns, in milliseconds. */
export const COARSE_RESOLUTION_MS = 5;
/** After so many coarse readings the exact clock is read anyway: a loop that blocks the event loop still sees time pass. */
const READINGS_PER_REFRESH = 1024;
/** `Date.now()` is cut to whole milliseconds: so much the two clocks seem to move against each other without reason. */
const WALL_NOISE_MS = 2;
/** The longest delay that a Node.js timer keeps; anything above fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Time of this process.
 *
 * The coarse reading is a plain variable. The first reader after a pause reads the exact clock and arms one unref'd
 * timer that marks the reading as old, so an idle process has no timer and a busy one reads the exact clock at most
 * once per {@link COARSE_RESOLUTION_MS}.
 */
export class SystemClock implements Clock {
  /** From monotonic to wall time; kept while the wall clock is not set, so that a moment has one wall time only. */
  #wallOffset = -Infinity;
  #coarse = 0;
  #readingsLeft = 0;
  readonly #expire = (): void => {
    this.#readingsLeft = 0;
    this.#armed = false;
  };
  #armed = false;

  now(): number {
    return performance.now();
  }

  coarseNow(): number {
    if (--this.#readingsLeft >= 0) return this.#coarse;
    return this.#refresh();
  }

  wallNow(): number {
    const now = performance.now();
    const offset = Date.now() - now;
    if (Math.abs(offset - this.#wallOffset) > WALL_NOISE_MS) this.#wallOffset = offset;
    return now + this.#wallOffset;
  }

  schedule(task: () => void, delayMs: number): ClockTimer {
    const timer = setTimeout(task, Math.min(Math.max(delayMs, 0), MAX_TIMER_MS));
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  }

  defer(task: () => void): void {
    setImmediate(task);
  }

  #refresh(): number {
    this.#coarse = performance.now();
    this.#readingsLeft = READINGS_PER_REFRESH;
    if (!this.#armed) {
      this.#armed = true;
      setTimeout(this.#expire, COARSE_RESOLUTION_MS).unref();
    }
    return this.#coarse;
  }
}
