import type { BulkLoader } from '../cache-types.js';
import { InvalidValueError } from '../errors.js';
import type { LoadGate } from './load-gate.js';
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
): Promise<Map<string, T>> {
  const batch = new Batch(loadMany, how, gate);
  const single: ResolvedLoad = { ...how, loading: { ...how.loading, maxConcurrentLoads: Infinity } };
  const wanted = [...new Set(keys)];
  // Whatever has to be loaded is asked for before the first of these calls waits, so it is all in one batch.
  const values = await Promise.all(
    wanted.map((key) => readThrough.get<T | undefined>(key, ({ signal }) => batch.load(key, signal), single)),
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
  readonly #loading: ResolvedLoading;
  #answer: Promise<ReadonlyMap<string, T>> | undefined;
  #interested = 0;

  constructor(
    private readonly loadMany: BulkLoader<T>,
    how: ResolvedLoad,
    private readonly gate: LoadGate,
  ) {
    this.#loading = how.loading;
  }

  async load(key: string, signal: AbortSignal): Promise<T | undefined> {
    this.#keys.push(key);
    this.#interested++;
    signal.addEventListener('abort', () => this.#lost(signal.reason), { once: true });
    this.#answer ??= Promise.resolve().then(() => this.#run());
    return (await this.#answer).get(key);
  }

  async #run(): Promise<ReadonlyMap<string, T>> {
    const { maxConcurrentLoads, maxQueuedLoads } = this.#loading;
    await this.gate.enter(maxConcurrentLoads, maxQueuedLoads, this.#controller.signal);
    try {
      return asMap(await this.loadMany([...this.#keys], { signal: this.#controller.signal }));
    } finally {
      this.gate.leave();
    }
  }

  #lost(reason: unknown): void {
    if (--this.#interested === 0) this.#controller.abort(reason);
  }
}

function asMap<T>(answer: ReadonlyMap<string, T> | Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  if (answer instanceof Map) return answer as ReadonlyMap<string, T>;
  if (typeof answer === 'object' && answer !== null) return new Map(Object.entries(answer));
  throw new InvalidValueError('value', 'loadMany must return a Map or an object of values by key');
}
