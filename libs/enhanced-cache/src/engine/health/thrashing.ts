import type { Counters } from '../analytics/counters.js';
import { percent } from '../analytics/statistics.js';

/** Requests that a verdict is founded on. */
export const WINDOW_REQUESTS = 1000;
/** Below this percentage of hits a cache that evicts heavily is thrashing. */
export const LOW_HIT_RATE = 10;
/** From this percentage of evictions per set on, a cache evicts heavily: nearly every new value displaces another. */
export const HEAVY_EVICTION_RATE = 90;

export interface Traffic {
  readonly hitRate: number;
  readonly evictionRate: number;
  readonly thrashing: boolean;
}

type Counts = Pick<Counters, 'hits' | 'misses' | 'sets' | 'evictions'>;

const NOTHING: Counts = { hits: 0, misses: 0, sets: 0, evictions: 0 };

/**
 * Whether the cache is too small for its traffic: it evicts what it has just stored before anyone asks for it.
 *
 * A full cache is not a sick one, and a low hit rate alone may be the nature of the traffic; only both together, over a
 * window of at least {@link WINDOW_REQUESTS} requests, say that the cache costs more than it gives. A window ends with
 * the first look at it after that many; until then the verdict on the one before stands.
 */
export class ThrashingDetector {
  #from: Counts = NOTHING;
  #last: Traffic = { hitRate: 0, evictionRate: 0, thrashing: false };

  /** The verdict on the last whole window; `undefined` before there was one. */
  look({ hits, misses, sets, evictions }: Counts): Traffic | undefined {
    const from = this.#from;
    const requests = hits - from.hits + (misses - from.misses);
    if (requests < WINDOW_REQUESTS) return from === NOTHING ? undefined : this.#last;
    const hitRate = percent(hits - from.hits, requests);
    const evictionRate = percent(evictions - from.evictions, sets - from.sets);
    this.#from = { hits, misses, sets, evictions };
    this.#last = { hitRate, evictionRate, thrashing: hitRate < LOW_HIT_RATE && evictionRate >= HEAVY_EVICTION_RATE };
    return this.#last;
  }
}
