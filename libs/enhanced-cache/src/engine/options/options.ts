import type { Duration } from '../duration.js';
import type { LoadingOptions, ResolvedLoading } from '../loading/load-options.js';
import type { Clock } from '../ports/clock.js';
import type { TierFactory } from '../ports/second-tier.js';
import type { MemoryPressureOptions, ResolvedMemoryPressure } from '../pressure/pressure-options.js';
import type { ClassInstances, CompressionLevel, EvictionPolicyName, Isolation } from './enums.js';

/** A class whose instances `copy` mode brings back as instances. Its constructor is not called. */
export type RevivableClass = abstract new (...args: never[]) => object;

/** Options of one cache, as users write them. {@link resolveOptions} is the only place that judges them. */
export interface EnhancedCacheOptions {
  /**
   * Most entries held, an integer >= 1.
   * @default 2000
   */
  maxSize?: number;
  /**
   * Most memory held, in MiB, > 0: stored bytes, keys, tags, metadata and the measured overhead of an entry.
   * @default 100
   */
  maxMemoryMb?: number;
  /**
   * Lifetime where `set` names none: seconds or a duration such as `'5m'`; `null` never expires.
   * @default 3600
   */
  defaultTtl?: Duration | null;
  /**
   * Who goes first when a limit is reached.
   * @default 'hybrid'
   */
  evictionPolicy?: EvictionPolicyName;
  /**
   * How hard stored payloads are compressed: 0 none, 1 fast, 6 default, 9 max.
   * @default 6
   */
  compressionLevel?: CompressionLevel;
  /**
   * Smaller payloads, in bytes, are stored as they are; so is one that compression does not shrink by 10 %.
   * @default 1024
   */
  compressionThreshold?: number;
  /**
   * Whether top keys, key patterns and latencies are sampled. `false` leaves the plain counters only.
   * @default true
   */
  enableAnalytics?: boolean;
  /**
   * What a hit returns. `'copy'`: a fresh copy, safe to change. `'frozen'`: one deep-frozen object that all readers
   * share. `'shared'`: the very object that was set; who changes it changes the cache.
   * @default 'copy'
   */
  isolation?: Isolation;
  /**
   * Longest key, in UTF-16 units, an integer >= 1.
   * @default 1024
   */
  maxKeyLength?: number;
  /**
   * Most that one entry may take after compression, in MiB, > 0 and at most `maxMemoryMb`.
   * @default a tenth of maxMemoryMb
   */
  maxValueMb?: number;
  /**
   * Classes whose instances come back as instances in `copy` mode. Own enumerable fields are kept, private `#fields`
   * are not.
   * @default none
   */
  types?: readonly RevivableClass[];
  /**
   * What `copy` mode does with an instance of any other class: `'warn'` stores its own enumerable data and says so once
   * per class, `'allow'` does it silently, `'refuse'` rejects the value.
   * @default 'warn'
   */
  classInstances?: ClassInstances;
  /**
   * Whether the cache makes room while its process is short of memory, by the limit of the heap and that of its control group;
   * an object says when and how far. Where `clock` is a test's own, only a `probe` that is given is watched.
   * @default true
   */
  memoryPressure?: boolean | MemoryPressureOptions;
  /** How values are loaded and when an old one may stand in; `getOrSet`, `wrap` and `@Cacheable` may say otherwise. */
  loading?: LoadingOptions;
  /**
   * A second tier that other processes share: `redisTier()` of `nestjs-enhanced-cache/redis`. Memory alone without one.
   * @default none
   */
  tier?: TierFactory;
  /** Random numbers from 0 to below 1, for jitter and early refresh; a test passes its own. @default Math.random */
  random?: () => number;
  /** Where time comes from; a test passes its own. */
  clock?: Clock;
  /** Name of this cache in messages and reports. */
  name?: string;
  /** Where warnings go: one sentence each, at most once per cause. @default console.warn */
  onWarning?: (message: string) => void;
}

/** Every option decided; durations in milliseconds, sizes in bytes. */
export interface ResolvedOptions {
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly defaultTtlMs: number;
  readonly evictionPolicy: EvictionPolicyName;
  readonly compressionLevel: CompressionLevel;
  readonly compressionThreshold: number;
  readonly enableAnalytics: boolean;
  readonly isolation: Isolation;
  readonly maxKeyLength: number;
  readonly maxEntryBytes: number;
  readonly types: readonly RevivableClass[];
  readonly classInstances: ClassInstances;
  readonly memoryPressure: ResolvedMemoryPressure;
  readonly loading: ResolvedLoading;
  readonly tier: TierFactory;
  readonly random: () => number;
  readonly clock: Clock;
  readonly name: string;
  readonly onWarning: (message: string) => void;
}

/** What may be changed on a running cache. */
export type Reconfiguration = Pick<
  EnhancedCacheOptions,
  'maxSize' | 'maxMemoryMb' | 'defaultTtl' | 'evictionPolicy' | 'compressionLevel' | 'enableAnalytics'
>;
