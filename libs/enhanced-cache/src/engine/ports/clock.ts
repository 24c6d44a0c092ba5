/** A timer that was armed through a {@link Clock}. */
export interface ClockTimer {
  cancel(): void;
}

/**
 * Where the engine gets time from. Everything inside is measured on the monotonic {@link now}; the wall clock is read
 * only where a time leaves the process (entry listings, exports), so that a clock step can neither revive nor kill an
 * entry.
 */
export interface Clock {
  /** Monotonic milliseconds from an arbitrary origin, with fractions. Never goes back. */
  now(): number;
  /**
   * The same time, allowed to lag behind {@link now} by a few milliseconds, for the hit path: an exact reading costs
   * more than a whole lookup.
   */
  coarseNow(): number;
  /** Milliseconds since the Unix epoch. */
  wallNow(): number;
  /** Calls `task` once after `delayMs`. The timer never keeps a process alive. */
  schedule(task: () => void, delayMs: number): ClockTimer;
  /** Calls `task` in a later turn of the event loop, after pending I/O had its chance. */
  defer(task: () => void): void;
}
