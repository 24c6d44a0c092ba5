import type { Counters } from '../analytics/counters.js';
import type { CacheCore } from '../cache-core.js';
import type { Loader } from '../cache-types.js';
import type { StoredValue } from '../codec/value-codec.js';
import type { EntryAttributes } from '../entry/entry-attributes.js';
import { DEFAULT_COST_SECONDS } from '../entry/entry-attributes.js';
import type { CacheEvents } from '../events.js';
import type { Clock } from '../ports/clock.js';
import { SingleFlight } from './single-flight.js';
import type { FenceToken, WriteFence } from './write-fence.js';

/** What a load brought. */
interface Loaded {
  readonly value: unknown;
  /** How the value is stored, for those who need one of their own; `undefined` where it cannot be. */
  readonly stored: StoredValue | undefined;
  /** Seconds. */
  readonly cost: number;
}

/** What one load is to be stored with. */
export interface LoadAttributes {
  readonly attributes: EntryAttributes;
  /** Whether the caller named the cost; otherwise it is what the load takes. */
  readonly costGiven: boolean;
}

/**
 * The one order in which a value is read through: memory, a load that is running already, the source.
 *
 * What a load brings is stored only if the fence is whole: a `delete`, `set`, `deleteByTags` or `clear` that came
 * meanwhile wins, the callers of the load still get its value, and whoever asks after the invalidation starts a new
 * load.
 */
export class ReadThrough {
  readonly flights = new SingleFlight<Loaded>();

  constructor(
    private readonly core: () => CacheCore,
    private readonly fence: WriteFence,
    private readonly counters: Counters,
    private readonly events: CacheEvents,
    private readonly clock: Clock,
  ) {}

  /** Callers who join get a value of their own in `copy` mode; who began the load gets what the loader returned. */
  async load<T>(key: string, load: Loader<T>, how: LoadAttributes): Promise<T> {
    const joined = this.flights.join(key);
    const { value, stored, cost } = await (joined ??
      this.flights.lead(key, how.attributes.tags, () => this.#run(key, load, how)));
    // The miss was counted with the default cost, as nobody knew better.
    this.counters.missCost += cost - DEFAULT_COST_SECONDS;
    const { isolation } = this.core().options;
    if (!stored || (isolation === 'copy' && !joined)) return value as T;
    return this.core().codec.decode(stored.kind, stored.data) as T;
  }

  async #run<T>(key: string, load: Loader<T>, how: LoadAttributes): Promise<Loaded> {
    const token = this.fence.open();
    const startedAt = this.clock.now();
    this.counters.loads++;
    try {
      const value = await load({ key });
      const durationMs = this.#finished(startedAt);
      const cost = how.costGiven ? how.attributes.cost : durationMs / 1000;
      return this.#store(key, value, { ...how.attributes, cost }, token, durationMs);
    } catch (error) {
      this.counters.loadFailures++;
      const durationMs = this.#finished(startedAt);
      if (this.events.has('load')) this.events.emit('load', { key, durationMs, stored: false, error });
      throw error;
    } finally {
      this.fence.close(token);
    }
  }

  #finished(startedAt: number): number {
    const durationMs = this.clock.now() - startedAt;
    this.counters.loadTimeMs += durationMs;
    return durationMs;
  }

  /** A value that cannot be stored is no failure of the load: its callers get it, the reason is reported. */
  #store(key: string, value: unknown, attributes: EntryAttributes, token: FenceToken, durationMs: number): Loaded {
    let stored: StoredValue | undefined;
    let placed = false;
    if (value !== undefined) {
      try {
        stored = this.core().codec.encode(value);
        if (this.fence.isWhole(token, key, attributes.tags)) {
          this.core().place(key, stored, attributes);
          placed = true;
        } else this.counters.fencedLoads++;
      } catch (error) {
        this.events.emit('error', { operation: 'store a loaded value', error, key });
      }
    }
    if (this.events.has('load')) this.events.emit('load', { key, durationMs, stored: placed });
    return { value, stored, cost: attributes.cost };
  }
}
