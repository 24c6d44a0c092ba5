import type { SetOptions } from '../../engine/cache-types.js';
import type { Duration } from '../../engine/duration.js';
import { InvalidOptionsError } from '../../engine/errors.js';
import { CALL_OPTIONS, resolveLoad, resolveLoading } from '../../engine/loading/load-options.js';
import { CACHE_RULES } from '../tokens.js';
import type {
  CacheableOptions,
  CacheEvictOptions,
  CachePutOptions,
  CacheRuleOptions,
  FreshnessOptions,
} from './decorator-options.js';
import { HTTP_NAMES, httpRule, type HttpRule } from './http-rule.js';
import { type Source, textsSource, textSource } from './text-source.js';

interface Rule {
  readonly cache: string | undefined;
  readonly condition: ((...args: unknown[]) => unknown) | undefined;
}

/** A judged `@Cacheable` or `@CachePut`. */
export interface StoreRule extends Rule {
  readonly kind: 'cacheable' | 'put';
  /** `undefined`: the default key of a method or of a request. */
  readonly key: Source<string> | undefined;
  readonly tags: Source<readonly string[]>;
  readonly attributes: Omit<SetOptions, 'tags'>;
  /** What `@Cacheable` says of loading; nothing for `@CachePut`. */
  readonly freshness: FreshnessOptions;
  readonly unless: ((result: unknown, ...args: unknown[]) => unknown) | undefined;
  /** Lower-case names of request headers. */
  readonly vary: readonly string[];
  readonly shared: boolean;
  readonly http: HttpRule;
  /** Lifetime by call, where it is not one for all: `@CacheTTL()` with a function. */
  readonly ttlOf?: (...args: unknown[]) => Duration | null | undefined | Promise<Duration | null | undefined>;
}

/** A judged `@CacheEvict`. */
export interface EvictRule extends Rule {
  readonly kind: 'evict';
  readonly keys: Source<readonly string[]>;
  readonly tags: Source<readonly string[]>;
  readonly all: boolean;
  readonly before: boolean;
}

export type CacheRule = StoreRule | EvictRule;

const RULE_NAMES = ['cache', 'condition'] as const satisfies (keyof CacheRuleOptions<never[]>)[];
const STORE_NAMES = ['ttl', 'tags', 'priority', 'cost', 'metadata', 'unless', 'vary', 'shared', 'key'] as const;
const EVICT_NAMES = ['keys', 'tags', 'all', 'before'] as const;
/** RFC 9110 section 5.1: what a field name consists of. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

/**
 * Judges the options of `@Cacheable` and `@CachePut`, when the class is declared.
 *
 * @throws {InvalidOptionsError} naming the option, the value and what is allowed.
 */
export function storeRule<A extends unknown[], R>(
  kind: StoreRule['kind'],
  options: CacheableOptions<A, R> | CachePutOptions<A, R>,
): StoreRule {
  assertKnown(options, [
    ...RULE_NAMES,
    ...STORE_NAMES,
    ...(kind === 'cacheable' ? [...CALL_OPTIONS, ...HTTP_NAMES] : []),
  ]);
  const { ttl, priority, cost, metadata, vary = [], shared = false } = options;
  const given = Object.entries({ ttl, priority, cost, metadata }).filter(([, value]) => value !== undefined);
  const attributes = Object.fromEntries(given) as StoreRule['attributes'];
  const freshness = Object.fromEntries(
    Object.entries(options).filter(([name, value]) => CALL_OPTIONS.includes(name) && value !== undefined),
  ) as FreshnessOptions;
  resolveLoad({ ...attributes, ...freshness }, Infinity, resolveLoading());
  assertType('unless', options.unless, 'function');
  assertType('shared', shared, 'boolean');
  if (!Array.isArray(vary) || !vary.every((name) => typeof name === 'string' && HEADER_NAME.test(name))) {
    throw new InvalidOptionsError('vary', 'an array of names of request headers', vary);
  }
  if (kind === 'put' && options.key === undefined) {
    throw new InvalidOptionsError('key', 'the key of the entry to write', options.key);
  }
  const rule: StoreRule = {
    ...commonOf(options),
    kind,
    key: options.key === undefined ? undefined : textSource(options.key, 'key'),
    tags: textsSource(options.tags, 'tags'),
    attributes,
    freshness,
    unless: options.unless as StoreRule['unless'],
    vary: [...new Set(vary.map((name) => name.toLowerCase()))].sort(),
    shared,
    http: httpRule(kind === 'cacheable' ? (options as CacheableOptions<A, R>) : {}, shared),
  };
  if (kind === 'cacheable' && (rule.key?.needsResult || rule.tags.needsResult)) {
    throw new InvalidOptionsError(
      'key and tags',
      'no {result}: an entry is looked up before the method runs',
      '{result}',
    );
  }
  return rule;
}

/**
 * Judges the options of `@CacheEvict`, when the class is declared.
 *
 * @throws {InvalidOptionsError} naming the option, the value and what is allowed.
 */
export function evictRule<A extends unknown[]>(options: CacheEvictOptions<A>): EvictRule {
  assertKnown(options, [...RULE_NAMES, ...EVICT_NAMES]);
  const { all = false, before = false } = options;
  assertType('all', all, 'boolean');
  assertType('before', before, 'boolean');
  if (!all && options.keys === undefined && options.tags === undefined) {
    throw new InvalidOptionsError('@CacheEvict', 'at least one of keys, tags and all', 'none of them');
  }
  const rule: EvictRule = {
    ...commonOf(options),
    kind: 'evict',
    keys: textsSource(options.keys, 'keys'),
    tags: textsSource(options.tags, 'tags'),
    all,
    before,
  };
  if (before && (rule.keys.needsResult || rule.tags.needsResult)) {
    throw new InvalidOptionsError('before', 'false, as keys or tags name {result}', before);
  }
  return rule;
}

/** The rules that decorators left on a method, in the order in which they were applied. */
export function rulesOf(method: (...args: never[]) => unknown): CacheRule[] | undefined {
  return Reflect.getOwnMetadata(CACHE_RULES, method) as CacheRule[] | undefined;
}

function commonOf<A extends unknown[]>({ cache, condition }: CacheRuleOptions<A>): Rule {
  if (cache !== undefined && (typeof cache !== 'string' || cache === '')) {
    throw new InvalidOptionsError('cache', 'the name of a cache made by forFeature()', cache);
  }
  assertType('condition', condition, 'function');
  return { cache, condition: condition as Rule['condition'] };
}

function assertKnown(options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidOptionsError('options', 'an object', options);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) {
      throw new InvalidOptionsError(name, `no option of that name (known: ${known.join(', ')})`, value);
    }
  }
}

function assertType(name: string, value: unknown, type: 'boolean' | 'function'): void {
  if (value !== undefined && typeof value !== type) throw new InvalidOptionsError(name, `a ${type}`, value);
}
