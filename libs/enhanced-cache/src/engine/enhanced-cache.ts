import type { Readable } from 'node:stream';
import type {
  ConfigureResult,
  DeleteByTagsOptions,
  EntryInput,
  EntryPage,
  ExportOptions,
  ImportResult,
  ListOptions,
  Loader,
  SetOptions,
  WarmUpResult,
  WarmUpSource,
  WrapOptions,
} from './cache-types.js';
import type { Duration } from './duration.js';
import type { CacheEntry, EntryInfo } from './entry/entry-view.js';
import type { CacheEvent, CacheListener } from './events.js';
import type { EnhancedCacheOptions, Reconfiguration } from './options/options.js';
import type { BenchmarkReport, CacheAnalytics, CacheStats, HealthReport, MemoryReport } from './reports.js';

/** SIGNATURES ONLY for the moment; the bodies are being written. */
export class EnhancedCache {
  constructor(_options: EnhancedCacheOptions = {}) {
    throw new Error('not yet');
  }

  declare readonly name: string;
  declare get: <T = unknown>(key: string) => Promise<T | undefined>;
  declare getSync: <T = unknown>(key: string) => T | undefined;
  declare getEntry: <T = unknown>(key: string) => Promise<CacheEntry<T> | undefined>;
  declare has: (key: string) => Promise<boolean>;
  /** Seconds left; `null` never expires; `undefined` absent. */
  declare ttl: (key: string) => Promise<number | null | undefined>;
  declare touch: (key: string, ttl: Duration | null) => Promise<boolean>;
  declare set: (key: string, value: unknown, options?: SetOptions | Duration | null) => Promise<void>;
  declare getOrSet: <T>(key: string, load: Loader<T>, options?: SetOptions | Duration | null) => Promise<T>;
  declare mget: <T = unknown>(keys: readonly string[]) => Promise<Map<string, T>>;
  declare mset: (entries: Iterable<EntryInput>) => Promise<void>;
  declare mdelete: (keys: readonly string[]) => Promise<number>;
  declare delete: (key: string) => Promise<boolean>;
  declare deleteByTags: (tags: readonly string[], options?: DeleteByTagsOptions) => Promise<number>;
  declare getEntriesByTag: (tag: string) => Promise<EntryInfo[]>;
  declare listEntries: (options?: ListOptions) => Promise<EntryPage>;
  declare clear: () => Promise<number>;
  declare wrap: <A extends unknown[], R>(
    fn: (...args: A) => R,
    options?: WrapOptions<A>,
  ) => (...args: A) => Promise<Awaited<R>>;
  declare withLock: <T>(key: string, work: () => T | Promise<T>) => Promise<T>;
  declare warmUp: (source: WarmUpSource, options?: SetOptions) => Promise<WarmUpResult>;
  /** `format: 'json'` the document as an object; `'ndjson'` a stream of lines. */
  declare exportCacheData: (options?: ExportOptions) => Promise<Record<string, unknown> | Readable>;
  /** A document, its JSON text, or a stream or iterable of NDJSON bytes or text. */
  declare importCacheData: (source: unknown) => Promise<ImportResult>;
  declare getStats: () => CacheStats;
  declare getAnalytics: () => CacheAnalytics;
  declare getMemoryUsage: () => MemoryReport;
  declare benchmarkPerformance: (iterations?: number) => Promise<BenchmarkReport>;
  declare healthCheck: () => Promise<HealthReport>;
  declare configure: (changes: Reconfiguration) => Promise<ConfigureResult>;
  declare close: () => Promise<void>;
  declare on: <E extends CacheEvent>(event: E, listener: CacheListener<E>) => () => void;
}
