import { AsyncLocalStorage } from 'node:async_hooks';
import type { StoredValue } from '../codec/value-codec.js';
import { RecursiveLoadError } from '../errors.js';
import type { FenceToken } from './write-fence.js';

/** What a load brought. */
export interface Loaded {
  readonly value: unknown;
  /** How the value is stored, for those who need one of their own; `undefined` where it cannot be. */
  readonly stored: StoredValue | undefined;
  /** Seconds. */
  readonly cost: number;
  /** Whether something that it depends on was invalidated since it began. */
  readonly fenced: boolean;
}

/** The load inside of which the running code was called, whatever cache it is of. */
const currentFlight = new AsyncLocalStorage<Flight>();
/** Loads whose code is running, of all caches. */
let running = 0;

/** One load that is running. */
export class Flight {
  /** Settles once for all who wait; rejecting is no unhandled rejection, even where nobody waits. */
  readonly result: Promise<Loaded>;
  /** What its result will be tagged with, as far as is known. */
  tags: readonly string[];
  /** Whether it goes on when nobody waits for it. */
  background: boolean;
  /** Whether the source has answered, or is not listened to any more. */
  ended = false;
  /** The load that asked for this one. */
  readonly parent: Flight | undefined;
  /** Lets it begin where it waits for its turn; set by what makes it wait. */
  letThrough: (() => void) | undefined;
  readonly #controller = new AbortController();
  #resolve!: (loaded: Loaded) => void;
  #reject!: (reason: unknown) => void;
  readonly #waitsFor = new Set<Flight>();
  #callers = 0;

  constructor(
    /** Whose loads these are: the same key of another cache is another key. */
    readonly owner: object,
    readonly key: string,
    /** The state of the world when its value began to be fetched. */
    public token: FenceToken,
    tags: readonly string[],
    background: boolean,
  ) {
    this.tags = tags;
    this.background = background;
    // Who renews a value behind has nothing to do with whoever happened to notice.
    this.parent = background ? undefined : Flight.current();
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.result.catch(() => undefined);
  }

  /** The load inside of which this is called, as long as it runs. */
  static current(): Flight | undefined {
    const flight = currentFlight.getStore();
    return flight?.ended ? undefined : flight;
  }

  /** Aborted when its last caller has left. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Callers who wait. */
  get callers(): number {
    return this.#callers;
  }

  /** Runs `load` so that loads asked for inside of it know where they come from. */
  run<T>(load: () => Promise<T>): Promise<T> {
    running++;
    return currentFlight.run(this, load).finally(() => {
      // Up to Node.js 22, a storage that was ever entered makes every promise of the process dearer until it is left for good.
      if (--running === 0) currentFlight.disable();
    });
  }

  /** What `running` brings is what those who wait get, unless it was given up before. */
  settleWith(running: Promise<Loaded>): void {
    running.then(this.#resolve, this.#reject);
  }

  /** Those who wait get `reason` now. The source is not listened to for them any more. */
  giveUp(reason: unknown): void {
    this.ended = true;
    this.#reject(reason);
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /**
   * Waits for the result. A `signal` that aborts ends this wait alone; the load is aborted when nobody waits any more,
   * unless it goes on in the background.
   *
   * @throws {RecursiveLoadError} (as a rejection) where the result could never come, as the load waits for who asks.
   */
  async wait(signal: AbortSignal | undefined, left: () => void): Promise<Loaded> {
    const asking = Flight.current();
    if (asking && this.leadsTo(asking)) throw new RecursiveLoadError(this.key);
    signal?.throwIfAborted();
    if (asking) {
      asking.#waitsFor.add(this);
      this.letThrough?.();
    }
    this.#callers++;
    try {
      return await (signal ? withSignal(this.result, signal) : this.result);
    } finally {
      if (asking) asking.#waitsFor.delete(this);
      if (--this.#callers === 0 && signal?.aborted && !this.background && !this.ended) {
        left();
        this.abort(signal.reason);
      }
    }
  }

  /** Ends no sooner than `other` does: what `other` waits for, this one waits for. */
  dependOn(other: Flight): void {
    this.#waitsFor.add(other);
  }

  /** Whether it is `other`, or waits, over any number of loads, for it. */
  leadsTo(other: Flight): boolean {
    if (this === other) return true;
    for (const next of this.#waitsFor) if (next.leadsTo(other)) return true;
    return false;
  }
}

/** @throws {RecursiveLoadError} where a load of `key` is what asks, itself or over others, for a load of `key`. */
export function assertNotRecursive(owner: object, key: string): void {
  for (let flight = Flight.current(); flight; flight = flight.parent) {
    if (flight.owner === owner && flight.key === key) throw new RecursiveLoadError(key);
  }
}

function withSignal<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', aborted, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}
