import { CacheBusyError } from '../errors.js';

/**
 * Lets so many loads run at a time; more wait for their turn, first come first served, up to a bound.
 *
 * It keeps a source that is slower than the demand from being buried: after a `clear` under load, what gets through is
 * what the source can do, and everyone else waits or is turned away at once.
 */
export class LoadGate {
  #running = 0;
  readonly #queue = new Set<() => void>();

  /** Loads that hold a place. */
  get running(): number {
    return this.#running;
  }

  get queued(): number {
    return this.#queue.size;
  }

  /**
   * A place: at once (`undefined`), or when the promise settles. Who got one calls {@link leave} exactly once.
   *
   * @param signal gives the wait up; the promise rejects with its reason.
   * @throws {CacheBusyError} (as a rejection) where `maxQueued` wait already.
   */
  enter(maxRunning: number, maxQueued: number, signal: AbortSignal): Promise<void> | undefined {
    if (this.#running < maxRunning) {
      this.#running++;
      return undefined;
    }
    if (this.#queue.size >= maxQueued) {
      return Promise.reject(new CacheBusyError(`${maxRunning} loads are running and ${maxQueued} are waiting`));
    }
    return new Promise((resolve, reject) => {
      const granted = (): void => {
        signal.removeEventListener('abort', givenUp);
        resolve();
      };
      const givenUp = (): void => {
        this.#queue.delete(granted);
        reject(signal.reason as Error);
      };
      if (signal.aborted) return givenUp();
      signal.addEventListener('abort', givenUp, { once: true });
      this.#queue.add(granted);
    });
  }

  /** Hands the place to who waits the longest. */
  leave(): void {
    const [next] = this.#queue;
    if (!next) {
      this.#running--;
      return;
    }
    this.#queue.delete(next);
    next();
  }
}
