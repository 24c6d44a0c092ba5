import type { EventEmitter } from 'node:events';

/**
 * The interfaces of cache-manager 7, written down again so that nobody needs that package. Lifetimes and thresholds are
 * milliseconds, as there; a lifetime of 0 is for ever.
 */

/** A value with the wall-clock moment at which its life ends; none where it does not. */
export interface RawValue<T> {
  value: T;
  expires?: number;
}

/** {@link RawValue} as stores give it. */
export interface StoredValue<T> {
  value?: T | undefined;
  expires?: number | null | undefined;
}

/** What a store is asked: a `Keyv`, or the engine's own. */
export interface CacheStore {
  get<T>(key: string): Promise<T | undefined>;
  get<T>(key: string, options: { raw: true }): Promise<StoredValue<T> | undefined>;
  getMany<T>(keys: string[]): Promise<(T | undefined)[]>;
  set(key: string, value: unknown, ttl?: number): Promise<boolean>;
  setMany(entries: { key: string; value: unknown; ttl?: number }[]): Promise<unknown>;
  delete(key: string): Promise<boolean>;
  clear(): Promise<void>;
  disconnect(): Promise<void>;
  /** Keys and values; not every `Keyv` has it. */
  iterator?<T>(namespace?: unknown): AsyncGenerator<[key: string, value: T], void>;
}

type PerValue<T> = number | ((value: T) => number);

export interface WrapOptions<T> {
  ttl?: PerValue<T>;
  refreshThreshold?: PerValue<T>;
}

export interface Events {
  get: <T>(data: { key: string; value?: T; store?: string; error?: unknown }) => void;
  mget: <T>(data: { keys: string[]; values?: T[]; error?: unknown }) => void;
  ttl: (data: { key: string; value?: unknown; error?: unknown }) => void;
  set: <T>(data: { key: string; value: T; store?: string; error?: unknown }) => void;
  mset: <T>(data: { list: { key: string; value: T; ttl?: number }[]; error?: unknown }) => void;
  del: (data: { key: string; error?: unknown }) => void;
  mdel: (data: { keys: string[]; error?: unknown }) => void;
  clear: (error?: unknown) => void;
  refresh: <T>(data: { key: string; value: T; error?: unknown }) => void;
}

/** What `@Inject(CACHE_MANAGER)` injects. */
export interface CacheManager {
  get<T>(key: string): Promise<T | undefined>;
  mget<T>(keys: string[]): Promise<(T | undefined)[]>;
  /** Wall-clock milliseconds at which the entry ends; `undefined` where it is absent or does not end. */
  ttl(key: string): Promise<number | undefined>;
  set<T>(key: string, value: T, ttl?: number): Promise<T>;
  mset<T>(list: { key: string; value: T; ttl?: number }[]): Promise<{ key: string; value: T; ttl?: number }[]>;
  del(key: string): Promise<boolean>;
  mdel(keys: string[]): Promise<boolean>;
  clear(): Promise<boolean>;
  wrap<T>(key: string, fnc: () => T | Promise<T>, ttl?: PerValue<T>, refreshThreshold?: PerValue<T>): Promise<T>;
  wrap<T>(key: string, fnc: () => T | Promise<T>, options: WrapOptions<T>): Promise<T>;
  wrap<T>(key: string, fnc: () => T | Promise<T>, options: WrapOptions<T> & { raw: true }): Promise<RawValue<T>>;
  on<E extends keyof Events>(event: E, listener: Events[E]): EventEmitter;
  off<E extends keyof Events>(event: E, listener: Events[E]): EventEmitter;
  disconnect(): Promise<undefined>;
  cacheId(): string;
  stores: CacheStore[];
}

/** Options of cache-manager's `createCache()`. */
export interface CreateCacheOptions {
  /** `Keyv` instances, the fastest first. @default one of the engine */
  stores?: CacheStore[];
  /** Milliseconds. @default for ever */
  ttl?: number;
  /** Milliseconds: `wrap` renews a value behind that has less to live. @default never */
  refreshThreshold?: number;
  /** Whether that goes to all stores and not to the one that had the value. @default false */
  refreshAllStores?: boolean;
  /** Whether nothing waits for writes, and reads for the first store that answers. @default false */
  nonBlocking?: boolean;
  /** @default made up */
  cacheId?: string;
}
