import { AsyncLocalStorage } from 'node:async_hooks';
import type { Counters } from '../analytics/counters.js';
import type { CacheCore } from '../cache-core.js';
import type { Loader } from '../cache-types.js';
import type { StoredValue } from '../codec/value-codec.js';
import type { EntryAttributes } from '../entry/entry-attributes.js';
import { CacheTimeoutError, describe, InvalidValueError } from '../errors.js';
import type { CacheEvents } from '../events.js';
import { Flight, type Loaded } from './flight.js';
import type { Flights } from './flights.js';
import { loadedTtlMs } from './freshness.js';
import { LoaderContext, NOT_MODIFIED } from './load-context.js';
import type { LoadGate } from './load-gate.js';
import type { ResolvedLoad } from './load-options.js';
import type { WriteFence } from './write-fence.js';

/** What loads of one cache work with. */
export interface LoadParts {
  readonly core: CacheCore;
  readonly flights: Flights;
  readonly fence: WriteFence;
  readonly gate: LoadGate;
  readonly counters: Counters;
  readonly events: CacheEvents;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/**
 * Runs one load: waits for its turn, asks the source, and stores what it brings if the fence is still whole.
 *
 * A load that takes longer than `hardTimeout` is given up by those who wait; it goes on unheard, and what it brings
 * late is stored unless the key was invalidated, set or loaded anew meanwhile.
 */
export class LoadRunner {
  /** Runs a function as if nobody had called it: renewing a value behind keeps nothing of the request that noticed. */
  readonly #detached = AsyncLocalStorage.snapshot();

  constructor(private readonly parts: LoadParts) {}

  start<T>(key: string, load: Loader<T>, how: ResolvedLoad): Flight {
    return this.#begin(this.#flight(key, how, false), load, how);
  }

  /** {@link start} for nobody in particular. What goes wrong is counted and reported. */
  startBehind<T>(key: string, load: Loader<T>, how: ResolvedLoad): Flight {
    return this.#detached(() => this.#begin(this.#flight(key, how, true), load, how));
  }

  #flight(key: string, how: ResolvedLoad, background: boolean): Flight {
    return new Flight(this.parts.flights, key, this.parts.fence.open(), how.attributes.tags, background);
  }

  #begin<T>(flight: Flight, load: Loader<T>, how: ResolvedLoad): Flight {
    // Known before the loader begins: what the loader itself invalidates must find it.
    this.parts.flights.begin(flight);
    const place = new Place(this.parts.gate);
    const running = flight.run(() => this.#run(flight, place, load, how));
    flight.result = this.#limited(flight, place, running, how.loading.hardTimeoutMs);
    flight.result.catch(() => undefined);
    return flight;
  }

  async #run<T>(flight: Flight, place: Place, load: Loader<T>, how: ResolvedLoad): Promise<Loaded> {
    const { core, counters, events, fence, flights } = this.parts;
    const { clock } = core.options;
    let startedAt = clock.now();
    try {
      // A load that another one asks for is not held back: the other holds a place until it has its answer.
      const turn = flight.parent ? undefined : place.enter(how, flight.signal);
      if (turn) {
        counters.queuedLoads++;
        await turn;
        startedAt = clock.now();
      }
      counters.loads++;
      if (flight.background) counters.backgroundLoads++;
      const previous = core.storedAt(core.store.findKept(flight.key));
      const context = new LoaderContext<T>(
        flight,
        () => previous && (core.decodeStored(previous) as T),
        how.attributes,
      );
      const value = await load(context);
      const durationMs = clock.now() - startedAt;
      counters.loadTimeMs += durationMs;
      if (flight.ended) counters.lateLoads++;
      const loaded = this.#settle(flight, value, previous, context, how, durationMs);
      return loaded;
    } catch (error) {
      const durationMs = clock.now() - startedAt;
      counters.loadFailures++;
      this.#holdOff(flight.key, how.loading.errorBackoffMs);
      if (events.has('load')) {
        events.emit('load', { key: flight.key, durationMs, stored: false, background: flight.background, error });
      }
      throw error;
    } finally {
      flight.ended = true;
      place.leave();
      fence.close(flight.token);
      flights.end(flight);
    }
  }

  /** A value that cannot be stored is no failure of the load: its callers get it, the reason is reported. */
  #settle<T>(
    flight: Flight,
    value: T,
    previous: StoredValue | undefined,
    context: LoaderContext<T>,
    how: ResolvedLoad,
    durationMs: number,
  ): Loaded {
    const { core, counters, events, fence, random } = this.parts;
    const { key } = flight;
    const notModified = value === (NOT_MODIFIED as T);
    if (notModified && !previous) {
      throw new InvalidValueError('value', 'notModified() was returned, but there is no earlier value to keep');
    }
    const result = notModified ? core.decodeStored(previous as StoredValue) : value;
    const attributes = this.#attributesOf(result, context.attributes, how, durationMs);
    const fenced = !fence.isWhole(flight.token, key, attributes.tags);
    let stored = notModified ? previous : undefined;
    let placed = false;
    if (result !== undefined) {
      try {
        stored ??= core.encode(result);
        if (fenced) counters.fencedLoads++;
        else if (!context.skipped && !flight.signal.aborted) {
          core.place(key, stored, { ...attributes, ttlMs: loadedTtlMs(result, attributes.ttlMs, how.loading, random) });
          fence.stored(flight.token, key);
          placed = true;
        }
      } catch (error) {
        events.emit('error', { operation: 'store a loaded value', error, key });
      }
    }
    if (events.has('load')) {
      events.emit('load', { key, durationMs, stored: placed, background: flight.background });
    }
    return { value: result, stored, cost: attributes.cost, fenced };
  }

  #attributesOf(
    value: unknown,
    attributes: EntryAttributes,
    { costGiven, loading }: ResolvedLoad,
    durationMs: number,
  ): EntryAttributes {
    return {
      ...attributes,
      staleMs: Math.max(loading.staleIfErrorMs, loading.staleWhileRevalidateMs),
      loadMs: durationMs,
      cost: costGiven ? attributes.cost : durationMs / 1000,
    };
  }

  /** No other load is tried for a while, where an old value may stand in. */
  #holdOff(key: string, errorBackoffMs: number): void {
    const { store, options } = this.parts.core;
    const slot = store.findKept(key);
    if (slot !== -1) store.table.retryAt[slot] = options.clock.now() + errorBackoffMs;
  }

  /** `running`, given up after `hardTimeoutMs`; its turn, whether it waits for it or has it, goes to the next. */
  #limited(flight: Flight, place: Place, running: Promise<Loaded>, hardTimeoutMs: number): Promise<Loaded> {
    if (hardTimeoutMs === Infinity) return running;
    const { core, counters, flights } = this.parts;
    return new Promise((resolve, reject) => {
      const timer = core.options.clock.schedule(() => {
        const error = new CacheTimeoutError(`the load of ${describe(flight.key)} took more than ${hardTimeoutMs} ms`);
        counters.loadTimeouts++;
        flight.ended = true;
        flights.leave(flight);
        this.#holdOff(flight.key, core.options.loading.errorBackoffMs);
        if (place.isQueued) flight.abort(error);
        place.leave();
        reject(error);
      }, hardTimeoutMs);
      void running.then(resolve, reject).finally(() => timer.cancel());
    });
  }
}

/** The place of one load in a {@link LoadGate}, given back once however the load ends. */
class Place {
  #state: 'none' | 'queued' | 'held' | 'left' = 'none';

  constructor(private readonly gate: LoadGate) {}

  get isQueued(): boolean {
    return this.#state === 'queued';
  }

  enter({ loading }: ResolvedLoad, signal: AbortSignal): Promise<void> | undefined {
    const turn = this.gate.enter(loading.maxConcurrentLoads, loading.maxQueuedLoads, signal);
    this.#state = turn ? 'queued' : 'held';
    return turn?.then(
      () => {
        this.#state = 'held';
      },
      (error: unknown) => {
        this.#state = 'left';
        throw error;
      },
    );
  }

  leave(): void {
    if (this.#state === 'held') this.gate.leave();
    this.#state = 'left';
  }
}
