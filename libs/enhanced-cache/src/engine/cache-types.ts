import type { Duration } from './duration.js';
import type { EntryInfo } from './entry/entry-view.js';
import type { LoadOptions } from './loading/load-options.js';
import type { CompressionLevel, EvictionPolicyName, Isolation } from './options/enums.js';

/** How one value is stored. */
export interface SetOptions {
  /** Lifetime: seconds or a duration; `null` never expires. @default the cache's defaultTtl */
  ttl?: Duration | null;
  /** Names to invalidate by: at most 64, each of 1 to 256 characters. */
  tags?: readonly string[];
  /** Integer from -100 to 100; higher outlives lower. @default 0 */
  priority?: number;
  /** Seconds to recreate the value, >= 0. `getOrSet` and `wrap` measure it unless told. @default 1 */
  cost?: number;
  /** Plain JSON data to keep beside the value; comes back with `getEntry`. */
  metadata?: Record<string, unknown>;
}

/** What a loader is handed: what it needs to know, and ways to say more of its result than the value. */
export interface LoadContext<T = unknown> {
  readonly key: string;
  /** Aborted when the last caller who waits has left, or the cache is closed and has waited long enough. */
  readonly signal: AbortSignal;
  /** Whether a value is renewed behind the callers' backs: they have been given the old one. */
  readonly background: boolean;
  /** The value that this load would replace, where one is kept past its lifetime; a copy in `copy` mode. */
  readonly stale: T | undefined;
  /** Gives the result another lifetime. */
  ttl(ttl: Duration | null): void;
  /** Adds tags to those of the call. */
  tags(...tags: string[]): void;
  priority(priority: number): void;
  /**
   * How long past its lifetime the result is kept, to stand in for a later load whose options allow it; `null`: not at all.
   * Without it, for as long as the options of this load allow.
   */
  keep(duration: Duration | null): void;
  /** The result is given to the callers and not stored. */
  skip(): void;
  /** What to return where the {@link stale} value still holds: it is kept for another lifetime. */
  notModified(): T;
  /** Ends the load as a failure, as throwing `reason` does. */
  fail(reason: unknown): never;
}

/** Fetches a value from its source. `undefined` means "not resolved": nothing is stored. `null` is a value. */
export type Loader<T> = (context: LoadContext<T>) => T | Promise<T>;

/**
 * Fetches many values at once: what it knows of `keys`, as a Map or an object. A key that is left out, or `undefined`, is
 * not stored.
 */
export type BulkLoader<T> = (
  keys: string[],
  context: { readonly signal: AbortSignal },
) =>
  ReadonlyMap<string, T> | Readonly<Record<string, T>> | Promise<ReadonlyMap<string, T> | Readonly<Record<string, T>>>;

/** What {@link EnhancedCache.evictAfter} removes; at least one of these. */
export interface Eviction {
  keys?: readonly string[];
  tags?: readonly string[];
  /** Everything. */
  all?: boolean;
}

export interface WrapOptions<A extends unknown[]> extends Omit<LoadOptions, 'tags' | 'signal'> {
  /** Starts every key of this function. @default the function's name */
  keyPrefix?: string;
  /** The key after the prefix: a string, or a function of the arguments. @default all arguments, told apart by type */
  key?: string | ((...args: A) => string);
  tags?: readonly string[] | ((...args: A) => readonly string[]);
}

export interface DeleteByTagsOptions {
  /** `any`: entries that carry at least one of the tags. `all`: entries that carry every one. @default 'any' */
  match?: 'any' | 'all';
}

export interface ListOptions {
  prefix?: string;
  tag?: string;
  /** `nextCursor` of the page before. */
  cursor?: string;
  /** Entries a page, 1 to 1000. @default 100 */
  limit?: number;
}

export interface EntryPage {
  entries: EntryInfo[];
  /** `null`: that was the last page. */
  nextCursor: string | null;
}

/** One entry of {@link EnhancedCache.mset} and {@link EnhancedCache.warmUp}. */
export interface EntryInput extends SetOptions {
  key: string;
  value: unknown;
}

export type WarmUpSource =
  Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown> | Iterable<EntryInput> | AsyncIterable<EntryInput>;

export interface KeyError {
  key: string;
  message: string;
}

export interface WarmUpResult {
  success: number;
  failed: number;
  /** Bytes of the stored values before compression. */
  totalSize: number;
  /** The first 100 failures. */
  errors: KeyError[];
}

export interface ExportOptions {
  /** Whether the values are in the export. @default false */
  values?: boolean;
  /** `json`: one document. `ndjson`: a stream of lines, a header first. @default 'json' */
  format?: 'json' | 'ndjson';
}

export interface ImportResult {
  imported: number;
  /** Entries that had expired in the meantime, or carried no value. */
  skipped: number;
  failed: number;
  /** The first 100 failures. */
  errors: KeyError[];
}

/** What {@link EnhancedCache.configure} did. */
export interface ConfigureResult {
  applied: Record<string, unknown>;
  currentConfig: CacheConfiguration;
  /** Entries that no longer fitted. */
  evicted: number;
}

export interface CacheConfiguration {
  maxSize: number;
  maxMemoryMb: number;
  /** Seconds; `null`: never. */
  defaultTtl: number | null;
  evictionPolicy: EvictionPolicyName;
  compressionLevel: CompressionLevel;
  compressionThreshold: number;
  enableAnalytics: boolean;
  isolation: Isolation;
  maxKeyLength: number;
  maxValueMb: number;
}
