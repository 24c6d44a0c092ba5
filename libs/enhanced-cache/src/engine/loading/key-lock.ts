import { type Duration, durationToMs } from '../duration.js';
import { CacheTimeoutError, describe } from '../errors.js';
import type { Clock, ClockTimer } from '../ports/clock.js';

export interface LockOptions {
  /**
   * How long the work may hold the lock. Then the next in line gets it, and the work's signal is aborted: it runs on,
   * but is not alone any more. `null`: as long as it takes.
   * @default null
   */
  lease?: Duration | null;
  /** How long to wait for the lock at most; then the call rejects with a `CacheTimeoutError`. @default null */
  wait?: Duration | null;
}

/** What work that holds a lock is handed. */
export interface HeldLock {
  readonly key: string;
  /** Who holds it: a number that no other holder of any lock of this cache has, higher for later holders. */
  readonly owner: number;
  /** Aborted when the lease is over. */
  readonly signal: AbortSignal;
}

interface Waiting {
  grant(): void;
}

/**
 * Runs work alone for its key, in the order in which it was asked for, within this process.
 *
 * Work that fails lets the next go on. A key that nobody holds takes no memory. Work that locks its own key again waits
 * for itself, until a lease or its patience ends.
 */
export class KeyLock {
  /** The line for each key that is held; it is empty where nobody waits. */
  readonly #lines = new Map<string, Set<Waiting>>();
  #owners = 0;

  constructor(private readonly clock: Clock) {}

  /** Keys that are locked now. */
  get size(): number {
    return this.#lines.size;
  }

  /** @throws {InvalidOptionsError | CacheTimeoutError} the latter where the wait took too long. */
  async run<T>(
    key: string,
    work: (lock: HeldLock) => T | Promise<T>,
    { lease = null, wait = null }: LockOptions = {},
  ): Promise<T> {
    const leaseMs = durationToMs(lease, 'lease');
    const waitMs = durationToMs(wait, 'wait');
    const turn = this.#acquire(key, waitMs);
    if (turn) await turn;
    const controller = new AbortController();
    const timer = this.#after(leaseMs, () => {
      controller.abort(new CacheTimeoutError(`the lease of the lock ${describe(key)} ended after ${leaseMs} ms`));
      this.#release(key);
    });
    try {
      return await work({ key, owner: ++this.#owners, signal: controller.signal });
    } finally {
      timer?.cancel();
      if (!controller.signal.aborted) this.#release(key);
    }
  }

  #acquire(key: string, waitMs: number): Promise<void> | undefined {
    const line = this.#lines.get(key);
    if (!line) {
      this.#lines.set(key, new Set());
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        grant: () => {
          timer?.cancel();
          resolve();
        },
      };
      const timer = this.#after(waitMs, () => {
        line.delete(waiting);
        reject(new CacheTimeoutError(`the lock ${describe(key)} was not free within ${waitMs} ms`));
      });
      line.add(waiting);
    });
  }

  #release(key: string): void {
    const line = this.#lines.get(key) as Set<Waiting>;
    const [next] = line;
    if (!next) {
      this.#lines.delete(key);
      return;
    }
    line.delete(next);
    next.grant();
  }

  #after(ms: number, task: () => void): ClockTimer | undefined {
    return ms === Infinity ? undefined : this.clock.schedule(task, ms);
  }
}
