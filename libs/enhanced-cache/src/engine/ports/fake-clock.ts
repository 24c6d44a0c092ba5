import type { Clock, ClockTimer } from './clock.js';

interface FakeTimer {
  readonly due: number;
  readonly order: number;
  readonly task: () => void;
}

/**
 * Time that stands still until it is moved, for tests.
 *
 * {@link advance} runs the timers that come due on the way, in order. Deferred tasks run by {@link flush}, or by
 * themselves in a microtask-free later turn (`setImmediate`), so that code which awaits background work still ends.
 */
export class FakeClock implements Clock {
  #now = 0;
  #wall: number;
  #order = 0;
  readonly #timers = new Set<FakeTimer>();
  readonly #deferred: (() => void)[] = [];

  constructor(options: { wallNow?: number } = {}) {
    this.#wall = options.wallNow ?? Date.UTC(2026, 0, 1);
  }

  /** Timers that are armed now. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  coarseNow(): number {
    return this.#now;
  }

  wallNow(): number {
    return this.#wall;
  }

  schedule(task: () => void, delayMs: number): ClockTimer {
    const timer: FakeTimer = { due: this.#now + Math.max(delayMs, 0), order: this.#order++, task };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  defer(task: () => void): void {
    this.#deferred.push(task);
    setImmediate(() => this.#runDeferred(task));
  }

  /** Moves both clocks on by `ms` and runs what comes due, with all deferred work it leads to. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#moveTo(Math.max(next.due, this.#now));
      next.task();
      this.flush();
    }
    this.#moveTo(end);
  }

  /** Steps the wall clock alone, as an operator or NTP would. */
  stepWall(ms: number): void {
    this.#wall += ms;
  }

  /** Runs deferred work now, until none is left. */
  flush(): void {
    for (let task = this.#deferred.shift(); task; task = this.#deferred.shift()) task();
  }

  #runDeferred(task: () => void): void {
    const index = this.#deferred.indexOf(task);
    if (index < 0) return;
    this.#deferred.splice(index, 1);
    task();
  }

  #moveTo(time: number): void {
    this.#wall += time - this.#now;
    this.#now = time;
  }

  #next(end: number): FakeTimer | undefined {
    let next: FakeTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.due > end) continue;
      if (!next || timer.due < next.due || (timer.due === next.due && timer.order < next.order)) next = timer;
    }
    return next;
  }
}
