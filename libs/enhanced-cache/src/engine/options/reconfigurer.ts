import type { Analytics } from '../analytics/analytics.js';
import type { CacheCore } from '../cache-core.js';
import type { CacheConfiguration, ConfigureResult } from '../cache-types.js';
import type { ValueCodec } from '../codec/value-codec.js';
import { slotsByAccess, thenTheRest } from '../entry/access-order.js';
import { changeLimits } from '../entry/change-limits.js';
import type { StoreLimits } from '../entry/entry-store.js';
import type { CacheEvents } from '../events.js';
import { runInSlices } from '../slices.js';
import type { Reconfiguration, ResolvedOptions } from './options.js';
import { BYTES_PER_MIB, reconfigureOptions } from './resolve-options.js';

/**
 * Changes a running cache, one change after the other.
 *
 * All or nothing: what is asked for is judged as a whole before anything is touched. Then reads and writes go on while
 * entries are handed to another policy, or evicted by it because they no longer fit, in slices. Another compression
 * level is for what is written from then on; entries stay readable as they are.
 */
export class Reconfigurer {
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly core: CacheCore,
    private readonly analytics: Analytics,
    private readonly events: CacheEvents,
    /** Limits as far as the memory of the process allows them now. */
    private readonly affordable: (limits: StoreLimits) => StoreLimits,
    private readonly codecFor: (options: ResolvedOptions) => ValueCodec,
  ) {}

  /** @throws {InvalidOptionsError} naming the first change that cannot work; nothing is changed then. */
  async configure(changes: Reconfiguration): Promise<ConfigureResult> {
    reconfigureOptions(this.core.options, changes);
    const mine = this.#last.then(() => this.#apply(changes));
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #apply(changes: Reconfiguration): Promise<ConfigureResult> {
    const before = this.core.options;
    const options = reconfigureOptions(before, changes);
    this.core.options = options;
    if (options.compressionLevel !== before.compressionLevel) this.core.codec = this.codecFor(options);
    this.analytics.enabled = options.enableAnalytics;
    let evicted = 0;
    const { store } = this.core;
    const { affordable } = this;
    function* steps(): Generator<undefined, void, undefined> {
      if (options.evictionPolicy !== before.evictionPolicy) {
        const order = yield* slotsByAccess(store.table);
        // Entries that came while the order was found out are not in it, and no policy would ever name them.
        yield* store.switchPolicy(options.evictionPolicy, thenTheRest(order, store.table));
      }
      evicted = yield* changeLimits(store, affordable(options));
    }
    await runInSlices(steps(), options.clock);
    const applied = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    if (this.events.has('configure')) this.events.emit('configure', { applied, evicted });
    return { applied, currentConfig: configurationOf(options), evicted };
  }
}

/** Options as users write them. */
export function configurationOf(options: ResolvedOptions): CacheConfiguration {
  return {
    maxSize: options.maxEntries,
    maxMemoryMb: options.maxBytes / BYTES_PER_MIB,
    defaultTtl: options.defaultTtlMs === Infinity ? null : options.defaultTtlMs / 1000,
    evictionPolicy: options.evictionPolicy,
    compressionLevel: options.compressionLevel,
    compressionThreshold: options.compressionThreshold,
    enableAnalytics: options.enableAnalytics,
    isolation: options.isolation,
    maxKeyLength: options.maxKeyLength,
    maxValueMb: options.maxEntryBytes / BYTES_PER_MIB,
  };
}
