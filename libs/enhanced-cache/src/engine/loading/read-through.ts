import type { Loader } from '../cache-types.js';
import { DEFAULT_COST_SECONDS } from '../entry/entry-attributes.js';
import { assertNotRecursive, type Flight, type Loaded } from './flight.js';
import { decideUse, type EntryAge, mayStandIn, type Use } from './freshness.js';
import type { ResolvedLoad } from './load-options.js';
import { type LoadParts, LoadRunner } from './load-runner.js';

/**
 * The one order in which a value is read through: memory, a load that is running already, the source; and what may be
 * served while the source is slow or fails.
 *
 * What a load brings is stored only if the fence is whole: a `delete`, `set`, `deleteByTags` or `clear` that came
 * meanwhile wins, the callers of the load still get its value, and whoever asks after the invalidation starts a new
 * load.
 */
export class ReadThrough {
  readonly #runner: LoadRunner;

  constructor(private readonly parts: LoadParts) {
    this.#runner = new LoadRunner(parts);
  }

  /**
   * The value under `key`, from wherever it comes. Callers who join a load get a value of their own in `copy` mode; who
   * began it gets what the loader returned.
   */
  async get<T>(key: string, load: Loader<T>, how: ResolvedLoad): Promise<T> {
    const { core } = this.parts;
    const fresh = core.readFresh(key);
    if (fresh !== undefined) {
      if (how.loading.earlyRefresh !== 0 && this.#useOf(key, how) === 'serve-and-refresh')
        this.#refresh(key, load, how);
      return fresh as T;
    }
    const use = this.#useOf(key, how);
    if (use === 'serve-and-refresh' || use === 'serve-stale') {
      const stale = core.readStale(key);
      if (use === 'serve-and-refresh') this.#refresh(key, load, how);
      if (stale !== undefined) return stale as T;
    }
    core.countMiss(key);
    return this.#load(key, load, how);
  }

  async #load<T>(key: string, load: Loader<T>, how: ResolvedLoad): Promise<T> {
    how.signal?.throwIfAborted();
    const { counters, fence, flights } = this.parts;
    assertNotRecursive(flights, key);
    const running = flights.get(key);
    if (running) counters.joinedLoads++;
    const flight = running ?? this.#runner.start(key, load, how);
    const joinedAt = fence.sequence;
    const loaded = await this.#wait(flight, how);
    if (loaded === STAND_IN) {
      const stale = this.#standIn(key);
      if (stale !== undefined) return stale as T;
      // It was invalidated in the last moment: nothing is left but to wait for the load.
      return this.#load(key, load, { ...how, loading: { ...how.loading, softTimeoutMs: Infinity } });
    }
    // The load turned out to carry a tag that was invalidated before this caller came: to it, the value is old.
    const mayBeOld = running !== undefined && loaded.fenced && joinedAt > flight.token.sequence;
    // Closing fences every load as well, but only so that nothing is stored.
    if (mayBeOld && !this.parts.core.closed) return this.#load(key, load, how);
    return this.#share<T>(loaded, running !== undefined);
  }

  /** What the flight brings; {@link STAND_IN} where it is slow or fails and an old value may stand in. */
  async #wait(flight: Flight, how: ResolvedLoad): Promise<Loaded | typeof STAND_IN> {
    const { core, flights } = this.parts;
    const { clock } = core.options;
    const standsIn = (): boolean => {
      const age = this.#ageOf(flight.key);
      return age !== undefined && mayStandIn(age, clock.now(), how.loading);
    };
    const result = flight.wait(how.signal, () => flights.leave(flight));
    try {
      if (how.loading.softTimeoutMs === Infinity || !standsIn()) return await result;
      let timer: { cancel(): void } | undefined;
      const slow = new Promise<typeof STAND_IN>((resolve) => {
        timer = clock.schedule(() => {
          if (!standsIn()) return;
          flight.background = true;
          resolve(STAND_IN);
        }, how.loading.softTimeoutMs);
      });
      return await Promise.race([result, slow]).finally(() => timer?.cancel());
    } catch (error) {
      if (how.signal?.aborted || !standsIn()) throw error;
      return STAND_IN;
    }
  }

  /** The old value, in place of a load that is slow or failed; the miss was counted when the load was asked for. */
  #standIn(key: string): unknown {
    const { core, counters } = this.parts;
    const slot = core.store.findKept(key);
    const value = slot === -1 ? undefined : core.peek(slot);
    if (value !== undefined) counters.staleHits++;
    return value;
  }

  #share<T>({ value, stored, cost }: Loaded, joined: boolean): T {
    const { core, counters } = this.parts;
    // The miss was counted with the default cost, as nobody knew better.
    counters.missCost += cost - DEFAULT_COST_SECONDS;
    if (!stored || (core.options.isolation === 'copy' && !joined)) return value as T;
    return core.decodeStored(stored) as T;
  }

  #refresh<T>(key: string, load: Loader<T>, how: ResolvedLoad): void {
    if (!this.parts.flights.get(key)) this.#runner.startBehind(key, load, how);
  }

  #useOf(key: string, { loading }: ResolvedLoad): Use {
    const age = this.#ageOf(key);
    const { core, random } = this.parts;
    return age === undefined ? 'ignore' : decideUse(age, core.options.clock.now(), loading, random);
  }

  #ageOf(key: string): EntryAge | undefined {
    const { store } = this.parts.core;
    const slot = store.findKept(key);
    if (slot === -1) return undefined;
    const { table } = store;
    return {
      createdAt: table.created(slot),
      freshUntil: table.freshUntil(slot),
      retryAt: table.retryAt(slot),
      loadMs: table.loadTime(slot),
    };
  }
}

const STAND_IN = Symbol('an old value stands in');
