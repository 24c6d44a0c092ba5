import { AsyncLocalStorage } from 'node:async_hooks';
import type { Counters } from '../analytics/counters.js';
import type { CacheCore } from '../cache-core.js';
import type { Loader } from '../cache-types.js';
import type { StoredValue } from '../codec/value-codec.js';
import type { EntryAttributes } from '../entry/entry-attributes.js';
import { CacheTimeoutError, describe, InvalidValueError } from '../errors.js';
import type { CacheEvents } from '../events.js';
import type { LoadClaim } from '../ports/second-tier.js';
import type { TierAccess } from '../tier/tier-access.js';
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
  readonly tiers: TierAccess;
  readonly gate: LoadGate;
  readonly counters: Counters;
  readonly events: CacheEvents;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/**
 * Runs one load: asks the second tier, waits for its turn, asks the source, and stores what it brings if the fence is
 * still whole.
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
    const { core, counters, events, fence, flights, tiers } = this.parts;
    const { clock } = core.options;
    const { maxConcurrentLoads, maxQueuedLoads, errorBackoffMs } = how.loading;
    let startedAt: number | undefined;
    let claim: LoadClaim | undefined;
    const tookMs = (): number => (startedAt === undefined ? 0 : clock.now() - startedAt);
    try {
      if (tiers.attached) {
        // Whoever renews what memory still serves has no use for the same value once more.
        const start = await tiers.begin(flight, core.store.find(flight.key) !== -1);
        if (start.loaded) return start.loaded;
        claim = start.claim;
        flight.signal.throwIfAborted();
      }
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
      const result = this.#judge(flight, value, previous, context, how, tookMs());
      if (claim === undefined) return this.#settle(flight, result, this.#isWanted(flight, result));
      const mine = claim;
      claim = undefined;
      return await this.#settleWith(mine, flight, result);
    } catch (error) {
      const durationMs = tookMs();
      claim?.release();
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

  /** What the loader returned, and all that is known of it. */
  #judge<T>(
    flight: Flight,
    value: T,
    previous: StoredValue | undefined,
    context: LoaderContext<T>,
    how: ResolvedLoad,
    durationMs: number,
  ): LoadResult {
    const { core, random } = this.parts;
    const notModified = value === (NOT_MODIFIED as T);
    if (notModified && !previous) {
      throw new InvalidValueError('value', 'notModified() was returned, but there is no earlier value to keep');
    }
    const result = notModified ? core.decodeStored(previous as StoredValue) : value;
    const attributes = this.#attributesOf(context, how, durationMs);
    return {
      value: result,
      kept: notModified ? previous : undefined,
      skipped: context.skipped,
      attributes: { ...attributes, ttlMs: loadedTtlMs(result, attributes.ttlMs, how.loading, random) },
      durationMs,
    };
  }

  /** Whether it is to be stored, as far as this process knows. */
  #isWanted({ key, token, signal }: Flight, { value, skipped, attributes }: LoadResult): boolean {
    return value !== undefined && !skipped && !signal.aborted && this.parts.fence.isWhole(token, key, attributes.tags);
  }

  /** Stores in the second tier first: who finds it overtaken there keeps it out of memory as well. */
  async #settleWith(claim: LoadClaim, flight: Flight, result: LoadResult): Promise<Loaded> {
    const { key } = flight;
    if (!this.#isWanted(flight, result)) {
      claim.release();
      return this.#settle(flight, result, false);
    }
    const isCurrent = await this.parts.tiers.commit(key, result.value, result.attributes, claim);
    return this.#settle(flight, result, isCurrent && this.#isWanted(flight, result), !isCurrent);
  }

  /** A value that cannot be stored is no failure of the load: its callers get it, the reason is reported. */
  #settle(flight: Flight, result: LoadResult, isWanted: boolean, overtaken = false): Loaded {
    const { core, counters, events, fence, tiers } = this.parts;
    const { key } = flight;
    const { value, attributes, durationMs } = result;
    const fenced = overtaken || !fence.isWhole(flight.token, key, attributes.tags);
    let stored = result.kept;
    let placed = false;
    if (value !== undefined) {
      try {
        stored ??= core.encode(value);
        if (fenced) counters.fencedLoads++;
        else if (isWanted) {
          core.place(key, stored, tiers.inMemory(attributes));
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
    return { value, stored, cost: attributes.cost, fenced };
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

/** What one load brought, before it is stored. */
interface LoadResult {
  readonly value: unknown;
  /** The stored form of a value that was kept, as the source said that it still holds. */
  readonly kept: StoredValue | undefined;
  /** The loader asked for it not to be stored. */
  readonly skipped: boolean;
  readonly attributes: EntryAttributes;
  readonly durationMs: number;
}
