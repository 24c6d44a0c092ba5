import type { BulkLoader } from '../cache-types.js';
import { InvalidValueError } from '../errors.js';
import { Flight } from './flight.js';
import { GatePlace, type LoadGate } from './load-gate.js';
import type { ResolvedLoad, ResolvedLoading } from './load-options.js';
import type { ReadThrough } from './read-through.js';

/**
 * Reads many keys through the cache with one call of `loadMany` for those that are neither there nor being loaded.
 *
 * Each key is a load of its own in every other respect: others can join it, each is fenced by itself. The call takes
 * one place among the loads that may run at a time.
 *
 * @returns what there is, by key, in the order of `keys`; keys that `loadMany` does not know are left out.
 */
export async function getMany<T>(
  keys: readonly string[],
  loadMany: BulkLoader<T>,
  how: ResolvedLoad,
  readThrough: ReadThrough,
  gate: LoadGate,
  asksTier = false,
): Promise<Map<string, T>> {
  let batch = new Batch(loadMany, how, gate, asksTier);
  // A key that has to be loaded again, as what it waited for was invalidated, must not be answered by a call that was
  // made before, nor by one that did not ask for it.
  const load = (key: string, signal: AbortSignal): Promise<T | undefined> => {
    if (!batch.isOpen) batch = new Batch(loadMany, how, gate, asksTier);
    return batch.load(key, signal);
  };
  const single: ResolvedLoad = { ...how, loading: { ...how.loading, maxConcurrentLoads: Infinity } };
  const wanted = [...new Set(keys)];
  // Whatever has to be loaded is asked for before the first of these calls waits, so it is all in one batch.
  const values = await Promise.all(
    wanted.map((key) => readThrough.get<T | undefined>(key, ({ signal }) => load(key, signal), single)),
  );
  const found = new Map<string, T>();
  wanted.forEach((key, i) => {
    const value = values[i];
    if (value !== undefined) found.set(key, value);
  });
  return found;
}

/** The keys that are asked for in one turn, and the one call that answers for all of them. */
class Batch<T> {
  readonly #keys: string[] = [];
  readonly #controller = new AbortController();
  readonly #place: GatePlace;
  readonly #loading: ResolvedLoading;
  /** The load inside of which the call is made. */
  #first: Flight | undefined;
  #answer: Promise<ReadonlyMap<string, T>> | undefined;
  #wanted = 0;
  #waiting = 0;
  #asked = false;

  constructor(
    private readonly loadMany: BulkLoader<T>,
    how: ResolvedLoad,
    gate: LoadGate,
    private readonly asksTier: boolean,
  ) {
    this.#loading = how.loading;
    this.#place = new GatePlace(gate);
  }

  /** Whether keys can still be added, as the source was not asked yet. */
  get isOpen(): boolean {
    return !this.#asked;
  }

  /** What the call brings for `key`; to be called from inside of the load of that key. */
  async load(key: string, signal: AbortSignal): Promise<T | undefined> {
    this.#keys.push(key);
    this.#wanted++;
    this.#waiting++;
    signal.addEventListener('abort', () => this.#unwanted(signal.reason), { once: true });
    const flight = Flight.current() as Flight;
    flight.letThrough = () => this.#place.letThrough();
    flight.result.then(
      () => this.#settled(undefined),
      (error: unknown) => this.#settled(error),
    );
    if (this.#first) flight.dependOn(this.#first);
    this.#first ??= flight;
    // What one reply of the tier was about goes on in one turn of the event loop, each key a few microtasks later.
    this.#answer ??= (this.asksTier ? nextTurn() : Promise.resolve()).then(() => this.#run());
    return (await this.#answer).get(key);
  }

  async #run(): Promise<ReadonlyMap<string, T>> {
    const { maxConcurrentLoads, maxQueuedLoads } = this.#loading;
    this.#asked = true;
    await this.#place.enter(maxConcurrentLoads, maxQueuedLoads, this.#controller.signal);
    return asMap(await this.loadMany([...this.#keys], { signal: this.#controller.signal }));
  }

  #unwanted(reason: unknown): void {
    if (--this.#wanted === 0) this.#controller.abort(reason);
  }

  /** The load of one key has ended or was given up; after the last one the place goes to the next. */
  #settled(reason: unknown): void {
    if (--this.#waiting > 0) return;
    if (this.#place.isQueued) this.#controller.abort(reason);
    this.#place.leave();
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function asMap<T>(answer: ReadonlyMap<string, T> | Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  if (answer instanceof Map) return answer as ReadonlyMap<string, T>;
  if (typeof answer === 'object' && answer !== null) return new Map(Object.entries(answer));
  throw new InvalidValueError('value', 'loadMany must return a Map or an object of values by key');
}
