import { CacheBusyError } from '../errors.js';

/**
 * Lets so many loads run at a time; more wait for their turn, first come first served, up to a bound.
 *
 * It keeps a source that is slower than the demand from being buried: after a `clear` under load, what gets through is
 * what the source can do, and everyone else waits or is turned away at once.
 */
export class LoadGate {
  #running = 0;
  readonly #line = new Set<GatePlace>();

  /** Loads that hold a place. */
  get running(): number {
    return this.#running;
  }

  get queued(): number {
    return this.#line.size;
  }

  /** Takes a place if one is free. */
  take(maxRunning: number): boolean {
    if (this.#running >= maxRunning) return false;
    this.#running++;
    return true;
  }

  line(place: GatePlace): void {
    this.#line.add(place);
  }

  unline(place: GatePlace): void {
    this.#line.delete(place);
  }

  /** Hands a place to who waits the longest. */
  release(): void {
    const [next] = this.#line;
    if (!next) {
      this.#running--;
      return;
    }
    this.#line.delete(next);
    next.granted();
  }
}

/** The place of one load in a {@link LoadGate}, given back once however often {@link leave} is called. */
export class GatePlace {
  #state: 'outside' | 'queued' | 'held' | 'free' = 'outside';
  #proceed: (() => void) | undefined;

  constructor(private readonly gate: LoadGate) {}

  get isQueued(): boolean {
    return this.#state === 'queued';
  }

  /**
   * Waits for the turn; `undefined` where there is nothing to wait for. With `maxRunning` `Infinity` no place is taken.
   *
   * @param signal gives the wait up; the promise rejects with its reason.
   * @throws {CacheBusyError} (as a rejection) where `maxQueued` wait already.
   */
  enter(maxRunning: number, maxQueued: number, signal: AbortSignal): Promise<void> | undefined {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    if (this.#state === 'free' || maxRunning === Infinity) return undefined;
    if (this.gate.take(maxRunning)) {
      this.#state = 'held';
      return undefined;
    }
    if (this.gate.queued >= maxQueued) {
      return Promise.reject(new CacheBusyError(`${maxRunning} loads are running and ${maxQueued} are waiting`));
    }
    this.#state = 'queued';
    this.gate.line(this);
    return new Promise((resolve, reject) => {
      const givenUp = (): void => {
        this.leave();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', givenUp, { once: true });
      this.#proceed = () => {
        signal.removeEventListener('abort', givenUp);
        resolve();
      };
    });
  }

  granted(): void {
    this.#state = 'held';
    this.#proceed?.();
  }

  /**
   * Goes on without a place: a load that has one waits for this load, and could wait for ever where it has the last.
   */
  letThrough(): void {
    if (this.#state === 'held') return;
    this.leave();
    this.#proceed?.();
  }

  leave(): void {
    if (this.#state === 'held') this.gate.release();
    else if (this.#state === 'queued') this.gate.unline(this);
    this.#state = 'free';
  }
}
