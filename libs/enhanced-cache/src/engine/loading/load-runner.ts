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
import { GatePlace, type LoadGate } from './load-gate.js';
import type { ResolvedLoad, ResolvedLoading } from './load-options.js';
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
    const place = new GatePlace(this.parts.gate);
    flight.letThrough = () => place.letThrough();
    flight.settleWith(flight.run(() => this.#run(flight, place, load, how)));
    this.#limit(flight, place, how.loading);
    return flight;
  }

  async #run<T>(flight: Flight, place: GatePlace, load: Loader<T>, how: ResolvedLoad): Promise<Loaded> {
    const { core, counters, events, fence, flights } = this.parts;
    const { clock } = core.options;
    const { maxConcurrentLoads, maxQueuedLoads, errorBackoffMs } = how.loading;
    let startedAt: number | undefined;
    const tookMs = (): number => (startedAt === undefined ? 0 : clock.now() - startedAt);
    try {
      // A load that another one asks for is not held back: the other holds a place until it has its answer.
      const turn = flight.parent ? undefined : place.enter(maxConcurrentLoads, maxQueuedLoads, flight.signal);
      if (place.isQueued) counters.queuedLoads++;
      if (turn) await turn;
      startedAt = clock.now();
      counters.loads++;
      if (flight.background) counters.backgroundLoads++;
      const previous = core.storedAt(core.store.findKept(flight.key));
      const context = new LoaderContext<T>(
        flight,
        () => previous && (core.decodeStored(previous) as T),
        how.attributes,
      );
      const value = await load(context);
      return this.#settle(flight, value, previous, context, how, tookMs());
    } catch (error) {
      const durationMs = tookMs();
      // A load that nobody waited for any more says nothing of the source.
      if (!flight.signal.aborted) {
        if (startedAt !== undefined) counters.loadFailures++;
        if (!flight.ended) this.#holdOff(flight.key, errorBackoffMs);
      }
      if (events.has('load')) {
        events.emit('load', { key: flight.key, durationMs, stored: false, background: flight.background, error });
      }
      throw error;
    } finally {
      const durationMs = tookMs();
      counters.loadTimeMs += durationMs;
      counters.loadSeconds.load(durationMs, flight.tags);
      if (flight.ended && !flight.signal.aborted) counters.lateLoads++;
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
    const attributes = this.#attributesOf(context, how, durationMs);
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
    { attributes, keptMs }: LoaderContext<unknown>,
    { costGiven, loading }: ResolvedLoad,
    durationMs: number,
  ): EntryAttributes {
    return {
      ...attributes,
      staleMs: keptMs ?? Math.max(loading.staleIfErrorMs, loading.staleWhileRevalidateMs),
      loadMs: durationMs,
      cost: costGiven ? attributes.cost : durationMs / 1000,
    };
  }

  /** No other load is tried for a while, where an old value may stand in. */
  #holdOff(key: string, errorBackoffMs: number): void {
    const { store, options } = this.parts.core;
    const slot = store.findKept(key);
    if (slot !== -1) store.table.holdOff(slot, options.clock.now() + errorBackoffMs);
  }

  /** After `hardTimeoutMs` nobody waits for the load any more; its turn, had or waited for, goes to the next. */
  #limit(flight: Flight, place: GatePlace, { hardTimeoutMs, errorBackoffMs }: ResolvedLoading): void {
    if (hardTimeoutMs === Infinity) return;
    const { core, counters, flights } = this.parts;
    const timer = core.options.clock.schedule(() => {
      const error = new CacheTimeoutError(`the load of ${describe(flight.key)} took more than ${hardTimeoutMs} ms`);
      counters.loadTimeouts++;
      this.#holdOff(flight.key, errorBackoffMs);
      flight.giveUp(error);
      flights.end(flight);
      if (place.isQueued) flight.abort(error);
      place.leave();
    }, hardTimeoutMs);
    const cancel = (): void => timer.cancel();
    flight.result.then(cancel, cancel);
  }
}
