import type { SetOptions } from '../cache-types.js';
import { type Duration, durationToMs } from '../duration.js';
import { type EntryAttributes, resolveAttributes } from '../entry/entry-attributes.js';
import { InvalidOptionsError } from '../errors.js';

/** How one value is loaded and how long an old one may stand in for it. Cache-wide defaults: `loading`. */
export interface LoadOptions extends SetOptions {
  /**
   * How long past its lifetime a value may still be served at once, while one load renews it behind; `null` is off.
   * @default null
   */
  staleWhileRevalidate?: Duration | null;
  /**
   * How long past its lifetime a value may stand in for a load that fails, or that is not tried because one just
   * failed; `null` is off.
   * @default null
   */
  staleIfError?: Duration | null;
  /**
   * How long after a failed load no other is tried for the key, as long as a stale value may stand in.
   * @default '1s'
   */
  errorBackoff?: Duration;
  /**
   * How long a caller waits for a load when a stale value may be served; then it gets that, and the load goes on
   * behind. `null`: as long as it takes.
   * @default null
   */
  softTimeout?: Duration | null;
  /**
   * How long anybody waits for a load. Then its callers get a `CacheTimeoutError` (or a stale value), and the next one
   * starts a new load; what the old one brings after all is stored if nothing newer came. `null`: as long as it takes.
   * @default null
   */
  hardTimeout?: Duration | null;
  /**
   * Renews a value behind while it is still fresh. A fraction f, 0 < f < 1: by the first read after f of its lifetime.
   * `'xfetch'`: at random, the sooner the longer the load takes (Vattani et al., "Optimal Probabilistic Cache Stampede
   * Prevention", VLDB 2015, with beta 1). `null` is off.
   * @default null
   */
  earlyRefresh?: 'xfetch' | number | null;
  /**
   * The share of the lifetime, 0 to 0.5, by which it is shortened at random, so that what was loaded together does not
   * end together. `0` is off. Lifetimes given to `set` are kept to the millisecond.
   * @default 0.05
   */
  jitter?: number;
  /**
   * Lifetime of a loaded `null`, "there is no such thing". @default that of any value
   */
  negativeTtl?: Duration;
  /** Ends this caller's wait with the signal's reason. The load itself is aborted when its last caller has left. */
  signal?: AbortSignal;
}

/** Cache-wide defaults of {@link LoadOptions}, and what holds for all loads together. */
export interface LoadingOptions extends Pick<
  LoadOptions,
  | 'staleWhileRevalidate'
  | 'staleIfError'
  | 'errorBackoff'
  | 'softTimeout'
  | 'hardTimeout'
  | 'earlyRefresh'
  | 'jitter'
  | 'negativeTtl'
> {
  /**
   * Most loads that run at a time; more wait for their turn, first come first served. A load that another load asks for
   * is not held back. `null`: any number.
   * @default null
   */
  maxConcurrentLoads?: number | null;
  /**
   * Most loads that wait for their turn; one more fails with a `CacheBusyError` (or gets a stale value).
   * @default 10000
   */
  maxQueuedLoads?: number;
}

/** Everything decided, in milliseconds; 0 or `Infinity` where off. */
export interface ResolvedLoading {
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  readonly errorBackoffMs: number;
  readonly softTimeoutMs: number;
  readonly hardTimeoutMs: number;
  /** 0: off. */
  readonly earlyRefresh: 'xfetch' | number;
  readonly jitter: number;
  /** `undefined`: that of any value. */
  readonly negativeTtlMs: number | undefined;
  readonly maxConcurrentLoads: number;
  readonly maxQueuedLoads: number;
}

/** What one load is run and stored with. */
export interface ResolvedLoad {
  readonly attributes: EntryAttributes;
  /** Whether the caller named the cost; otherwise it is what the load takes. */
  readonly costGiven: boolean;
  readonly loading: ResolvedLoading;
  readonly signal: AbortSignal | undefined;
}

const DEFAULT_LOADING: ResolvedLoading = Object.freeze({
  staleWhileRevalidateMs: 0,
  staleIfErrorMs: 0,
  errorBackoffMs: 1000,
  softTimeoutMs: Infinity,
  hardTimeoutMs: Infinity,
  earlyRefresh: 0,
  jitter: 0.05,
  negativeTtlMs: undefined,
  maxConcurrentLoads: Infinity,
  maxQueuedLoads: 10_000,
});
const MAX_JITTER = 0.5;

type Judge = (value: never, name: string) => Partial<ResolvedLoading>;

/** One judgement per option of {@link LoadingOptions}. */
const JUDGES: Readonly<Record<keyof LoadingOptions, Judge>> = {
  staleWhileRevalidate: (value, name) => ({ staleWhileRevalidateMs: msOr(0, value, name) }),
  staleIfError: (value, name) => ({ staleIfErrorMs: msOr(0, value, name) }),
  errorBackoff: (value, name) => ({ errorBackoffMs: msOr(undefined, value, name) }),
  softTimeout: (value, name) => ({ softTimeoutMs: msOr(Infinity, value, name) }),
  hardTimeout: (value, name) => ({ hardTimeoutMs: msOr(Infinity, value, name) }),
  earlyRefresh: (value: unknown, name) => {
    if (value === null) return { earlyRefresh: 0 };
    if (value === 'xfetch' || (typeof value === 'number' && value > 0 && value < 1)) return { earlyRefresh: value };
    throw new InvalidOptionsError(name, `'xfetch', a number between 0 and 1, or null`, value);
  },
  jitter: (value: unknown, name) => {
    if (typeof value === 'number' && value >= 0 && value <= MAX_JITTER) return { jitter: value };
    throw new InvalidOptionsError(name, `a number from 0 to ${MAX_JITTER}`, value);
  },
  negativeTtl: (value, name) => ({ negativeTtlMs: msOr(undefined, value, name) }),
  maxConcurrentLoads: (value: unknown, name) => ({
    maxConcurrentLoads: value === null ? Infinity : count(value, 1, name),
  }),
  maxQueuedLoads: (value: unknown, name) => ({ maxQueuedLoads: count(value, 0, name) }),
};
/** What one load may say otherwise than the cache. */
export const CALL_OPTIONS: readonly string[] = Object.keys(JUDGES).filter(
  (name) => !['maxConcurrentLoads', 'maxQueuedLoads'].includes(name),
);

/** @throws {InvalidOptionsError} naming the option as `loading.name`. */
export function resolveLoading(options: LoadingOptions = {}): ResolvedLoading {
  if (typeof options !== 'object' || options === null) throw new InvalidOptionsError('loading', 'an object', options);
  for (const name of Object.keys(options)) {
    if (!(name in JUDGES)) {
      const known = Object.keys(JUDGES).join(', ');
      throw new InvalidOptionsError(
        `loading.${name}`,
        `no option of that name (known: ${known})`,
        Reflect.get(options, name),
      );
    }
  }
  return Object.freeze({ ...DEFAULT_LOADING, ...judged(options, Object.keys(JUDGES), 'loading.') });
}

/**
 * The only place where the options of one load are judged.
 *
 * @throws {InvalidOptionsError} naming the option, what is allowed and what was given.
 */
export function resolveLoad(
  options: LoadOptions | Duration | null | undefined,
  defaultTtlMs: number,
  defaults: ResolvedLoading,
): ResolvedLoad {
  if (typeof options !== 'object' || options === null) {
    return {
      attributes: resolveAttributes(options, defaultTtlMs),
      costGiven: false,
      loading: defaults,
      signal: undefined,
    };
  }
  const own: Partial<Record<string, unknown>> = {};
  const set: Partial<Record<string, unknown>> = {};
  for (const [name, value] of Object.entries(options)) {
    if (CALL_OPTIONS.includes(name)) own[name] = value;
    else if (name !== 'signal') set[name] = value;
  }
  const { signal } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidOptionsError('signal', 'an AbortSignal', signal);
  }
  return {
    attributes: resolveAttributes(set, defaultTtlMs),
    costGiven: options.cost !== undefined,
    loading: Object.keys(own).length === 0 ? defaults : { ...defaults, ...judged(own, CALL_OPTIONS, '') },
    signal,
  };
}

function judged(options: object, names: readonly string[], prefix: string): Partial<ResolvedLoading> {
  const resolved: Partial<ResolvedLoading>[] = [];
  for (const name of names) {
    const value: unknown = Reflect.get(options, name);
    if (value !== undefined) resolved.push(JUDGES[name as keyof LoadingOptions](value as never, prefix + name));
  }
  return Object.assign({}, ...resolved) as Partial<ResolvedLoading>;
}

/** Milliseconds; `off` for `null`, which is refused where `off` is `undefined`. */
function msOr(off: number | undefined, value: Duration | null, name: string): number {
  if (value !== null) return durationToMs(value, name);
  if (off === undefined) throw new InvalidOptionsError(name, 'seconds > 0, or a duration such as 250ms or 5m', value);
  return off;
}

function count(value: unknown, min: number, name: string): number {
  if (Number.isInteger(value) && (value as number) >= min) return value as number;
  throw new InvalidOptionsError(name, `an integer >= ${min}`, value);
}
