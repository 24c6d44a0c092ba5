import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import { CacheTimeoutError } from '../../src/engine/errors.js';
import type { LoadOptions } from '../../src/engine/loading/load-options.js';
import type { CacheStats } from '../../src/engine/reports.js';
import { LaggingClock } from './lagging-clock.js';
import { type Contestant, type Load, type Manner, MANNERS, type RacedCache, type Versioned } from './raced-cache.js';

const TTL = '10s';
const STALE = '60s';
const MANNER_OPTIONS: Readonly<Record<Manner, LoadOptions>> = {
  plain: {},
  'stale-while-revalidate': { staleWhileRevalidate: STALE },
  'stale-if-error': { staleIfError: STALE },
  'soft-timeout': { staleIfError: STALE, softTimeout: '1s' },
  'hard-timeout': { hardTimeout: '1s' },
  'early-refresh': { earlyRefresh: 0.5 },
  'late-tags': {},
  'not-modified': { staleWhileRevalidate: STALE },
  abandoned: {},
};

/** Room for everything or for less than the keys; loads side by side or one at a time. */
const VARIANTS = [
  { maxSize: 100, maxConcurrentLoads: null },
  { maxSize: 2, maxConcurrentLoads: null },
  { maxSize: 100, maxConcurrentLoads: 1 },
] as const;
export const ENHANCED_CACHE_VARIANTS = VARIANTS.length;

/** This package under a clock that stands still until it is moved. */
export class RacedEnhancedCache implements RacedCache {
  readonly #clock = new LaggingClock();
  readonly cache: EnhancedCache;

  constructor({ maxSize, maxConcurrentLoads }: { maxSize: number; maxConcurrentLoads: number | null }) {
    const random = (): number => 0.5;
    this.cache = new EnhancedCache({
      clock: this.#clock,
      random,
      maxSize,
      defaultTtl: TTL,
      loading: { maxConcurrentLoads },
    });
  }

  async getOrSet(key: string, load: Load, tags: readonly string[], manner: Manner, signal?: AbortSignal) {
    const options: LoadOptions = { ...MANNER_OPTIONS[manner], tags, signal };
    if (manner === 'late-tags') options.tags = [];
    return this.cache.getOrSet<Versioned>(
      key,
      async (context) => {
        const value = await load();
        if (manner === 'late-tags') context.tags(...tags);
        const unchanged = manner === 'not-modified' && context.stale?.version === value.version;
        return unchanged ? context.notModified() : value;
      },
      options,
    );
  }

  async getOrSetMany(
    keys: readonly string[],
    loadMany: (keys: readonly string[]) => Promise<Versioned[]>,
    tags: readonly string[],
    manner: Manner,
  ): Promise<ReadonlyMap<string, Versioned>> {
    const load = async (asked: string[]) => new Map((await loadMany(asked)).map((value) => [value.key, value]));
    return this.cache.getOrSetMany<Versioned>(keys, load, { ...MANNER_OPTIONS[manner], tags });
  }

  get = (key: string) => this.cache.get<Versioned>(key);
  getEntry = (key: string) => this.cache.getEntry<Versioned>(key);
  set = (key: string, value: Versioned, tags: readonly string[]) => this.cache.set(key, value, { tags });
  setRefused = (key: string) => this.cache.set(key, () => 'no function is stored');
  delete = (key: string) => this.cache.delete(key);
  deleteByTags = (tags: readonly string[], match: 'any' | 'all') => this.cache.deleteByTags(tags, { match });
  clear = () => this.cache.clear();
  expire = (key: string) => this.cache.expire(key);
  expireTags = (tags: readonly string[]) => this.cache.expireTags(tags);
  touch = (key: string) => this.cache.touch(key, TTL);

  evictAfter = (work: Promise<void>, { key, tags, all }: { key?: string; tags?: readonly string[]; all?: boolean }) =>
    this.cache.evictAfter(work, { keys: key === undefined ? [] : [key], tags, all });

  async warmUp(entries: AsyncIterable<Versioned>, tagsOf: (key: string) => readonly string[]): Promise<void> {
    async function* inputs() {
      for await (const value of entries) yield { key: value.key, value, tags: tagsOf(value.key) };
    }
    await this.cache.warmUp(inputs());
  }

  async import(entries: AsyncIterable<Versioned>, tagsOf: (key: string) => readonly string[]): Promise<void> {
    const clock = this.#clock;
    async function* lines() {
      yield `${JSON.stringify({ version: 1, exported_at: new Date(clock.wallNow()).toISOString() })}\n`;
      for await (const value of entries) {
        yield `${JSON.stringify({ key: value.key, value, expires_at: null, tags: tagsOf(value.key) })}\n`;
      }
    }
    await this.cache.importCacheData(lines());
  }

  advance = (ms: number) => this.#clock.advance(ms);
  mayRejectWith = (error: unknown) => error instanceof CacheTimeoutError;
  audit = () => this.cache.verifyAccounting();
  close = () => this.cache.close();
}

export const enhancedCache: Contestant = {
  name: 'nestjs-enhanced-cache',
  manners: MANNERS,
  create: (variant) => new RacedEnhancedCache(VARIANTS[variant]),
};

/** The same, with the counters of all the caches that were closed added up in `totals`. */
export function enhancedCacheCounted(totals: Partial<Record<keyof CacheStats, number>>): Contestant {
  class Counted extends RacedEnhancedCache {
    override close = async (): Promise<void> => {
      for (const [name, count] of Object.entries(this.cache.getStats()) as [keyof CacheStats, unknown][]) {
        if (typeof count === 'number') totals[name] = (totals[name] ?? 0) + count;
      }
      await this.cache.close();
    };
  }
  return { ...enhancedCache, create: (variant) => new Counted(VARIANTS[variant]) };
}
