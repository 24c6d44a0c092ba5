import type { SetOptions } from '../../engine/cache-types.js';
import type { Duration } from '../../engine/duration.js';
import type { LoadOptions } from '../../engine/loading/load-options.js';
import type { HttpOptions } from './http-rule.js';

/** A text, a template over the arguments such as `'city:{id}'`, or a function of them. */
export type TextOption<A extends unknown[]> = string | ((...args: A) => string);
/** Texts and templates, or a function of the arguments that returns texts. */
export type TextsOption<A extends unknown[]> = readonly string[] | ((...args: A) => readonly string[]);

/** What all caching decorators take. */
export interface CacheRuleOptions<A extends unknown[]> {
  /** Name of a `forFeature()` cache. @default the default cache */
  cache?: string;
  /** Asked before the method runs; `false`: the decorator does nothing in this call. */
  condition?: (...args: A) => boolean | Promise<boolean>;
}

/** How a result is kept. */
export interface StoreOptions<A extends unknown[], R> extends CacheRuleOptions<A> {
  /** Lifetime: seconds or a duration; `null` never expires. @default the cache's defaultTtl */
  ttl?: Duration | null;
  /** Names to invalidate by, at most 64, each of 1 to 256 characters. */
  tags?: TextsOption<A>;
  /** Integer from -100 to 100; higher outlives lower. @default 0 */
  priority?: number;
  /** Seconds to recreate the result, >= 0. @default measured */
  cost?: number;
  /** Plain JSON data to keep beside the result. */
  metadata?: Record<string, unknown>;
  /** Asked after the method ran; `true`: the result is returned and not kept. */
  unless?: (result: R, ...args: A) => boolean;
  /**
   * HTTP only: request headers whose values are part of the key. The response then says `Vary`.
   * @default none
   */
  vary?: readonly string[];
  /**
   * HTTP only: whether the response is the same for all callers. Otherwise the identity of a request that carries
   * credentials is part of the key, an explicit one included.
   * @default false
   */
  shared?: boolean;
}

/**
 * When an old result may stand in for the method, and how long it is waited for; see {@link LoadOptions}. Where they are
 * not given the cache's `loading` holds.
 */
export type FreshnessOptions = Omit<LoadOptions, keyof SetOptions | 'signal'>;

/**
 * Options of `@Cacheable`.
 *
 * Functions receive the arguments of the method. On a handler these are the values that Nest takes from the request,
 * before pipes, and after them the `ExecutionContext`. In templates `{id}` is the parameter of that name, otherwise a
 * field of the first argument; on a handler first of all a route parameter, then a query parameter, then a field of the
 * body.
 */
export interface CacheableOptions<A extends unknown[] = never[], R = unknown>
  extends StoreOptions<A, R>, FreshnessOptions, HttpOptions {
  /**
   * The whole key of the entry.
   * @default class, method and all arguments, told apart by type; on HTTP handlers class, method, path and sorted query
   */
  key?: TextOption<A>;
}

/** Options of `@CachePut`; templates may also name `{result}` and its fields. */
export interface CachePutOptions<A extends unknown[] = never[], R = unknown> extends StoreOptions<A, R> {
  /** The key to write, that of the entry which readers ask for. */
  key: TextOption<A>;
}

/** Options of `@CacheEvict`: at least one of `keys`, `tags` and `all`. */
export interface CacheEvictOptions<A extends unknown[] = never[]> extends CacheRuleOptions<A> {
  /** Keys to delete; templates may also name `{result}` and its fields. Entries of single users under a key go too. */
  keys?: TextsOption<A>;
  /** Tags of which an entry must carry at least one to be deleted; templates as in `keys`. */
  tags?: TextsOption<A>;
  /** Whether the whole cache is cleared. @default false */
  all?: boolean;
  /** `true`: before the method runs, and whether it succeeds or not. @default false, after it succeeded */
  before?: boolean;
}
