import type { CacheRegistry } from './cache-registry.js';
import type { CacheRule, EvictRule, StoreRule } from './decorators/rules.js';
import type { TemplateScope } from './decorators/template.js';
import type { EnhancedCacheService } from './enhanced-cache.service.js';
import { evict, resolveEviction } from './evict.js';

/** One call that rules apply to. */
export interface RuleCall extends TemplateScope {
  /** Class and method, for keys and messages. */
  readonly label: string;
  /** @throws {import('../engine/errors.js').InvalidKeyError} where it has none. */
  defaultKey(): string;
  /** The same call after the method returned `value`. */
  returned(value: unknown): RuleCall;
}

/** How results of one kind of call are kept: plain values of methods, whole responses of HTTP handlers. */
export interface ResultStore {
  /** The kept result, or what `load` brings, which runs at most once. */
  lookUp(cache: EnhancedCacheService, rule: StoreRule, call: RuleCall, load: () => Promise<unknown>): Promise<unknown>;
  /** Keeps the result of `done`. Never rejects because of the cache. */
  put(cache: EnhancedCacheService, rule: StoreRule, done: RuleCall): Promise<void>;
  /**
   * Whether evictions that need no result are resolved before the method runs, so that a placeholder without a value
   * does not come to light after the work is done. Not for handlers: what a request lacks is for pipes to say.
   */
  readonly resolvesEarly: boolean;
}

interface Active<R extends CacheRule> {
  readonly rule: R;
  readonly cache: EnhancedCacheService;
}

/**
 * Runs one call under its rules: evictions that come before, then the lookup, the method, what `@CachePut` writes, and
 * evictions that come after success. Of several `@Cacheable`, for different caches, the outermost looks first.
 */
export async function runRules(
  registry: Pick<CacheRegistry, 'find'>,
  rules: readonly CacheRule[],
  call: RuleCall,
  store: ResultStore,
  invoke: () => unknown,
): Promise<unknown> {
  const active: Active<CacheRule>[] = [];
  for (const rule of rules) {
    const cache = registry.find(rule.cache);
    if (cache && (rule.condition === undefined || (await rule.condition(...call.args)))) active.push({ rule, cache });
  }
  const evictions = active.filter((each): each is Active<EvictRule> => each.rule.kind === 'evict');
  const puts = active.filter((each): each is Active<StoreRule> => each.rule.kind === 'put');
  const lookups = active.filter((each): each is Active<StoreRule> => each.rule.kind === 'cacheable');

  for (const { rule, cache } of evictions) if (rule.before) await evict(cache, resolveEviction(rule, call));
  const pending = evictions.filter(({ rule }) => !rule.before).map((each) => evictionAfter(each, call, store));
  const read = lookups.reduce(
    (inner, { rule, cache }) =>
      () =>
        store.lookUp(cache, rule, call, inner),
    async () => invoke(),
  );
  const value = await read();
  const done = call.returned(value);
  for (const { rule, cache } of puts) await store.put(cache, rule, done);
  for (const evictNow of pending) await evictNow(done);
  return value;
}

function evictionAfter({ rule, cache }: Active<EvictRule>, call: RuleCall, { resolvesEarly }: ResultStore) {
  const needsResult = rule.keys.needsResult || rule.tags.needsResult;
  const early = resolvesEarly && !needsResult ? resolveEviction(rule, call) : undefined;
  return (done: RuleCall): Promise<void> => evict(cache, early ?? resolveEviction(rule, done));
}
