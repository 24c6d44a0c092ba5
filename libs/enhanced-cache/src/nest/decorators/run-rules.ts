import { isStoredResponse } from '../../http/stored-response.js';
import type { CacheRegistry } from '../cache-registry.js';
import type { EnhancedCacheService } from '../enhanced-cache.service.js';
import { evict, resolveEviction } from '../evict.js';
import { readThroughOnce } from '../read-through-once.js';
import { SharedResults } from '../shared-results.js';
import { messageOf, warnOnce } from '../warn-once.js';
import type { MethodCall } from './method-call.js';
import type { CacheRule, EvictRule, StoreRule } from './rules.js';

interface Active<R extends CacheRule> {
  readonly rule: R;
  readonly cache: EnhancedCacheService;
}

/**
 * Runs one call of a provider method under its rules: evictions that come before, then the lookup, the method, what
 * `@CachePut` writes, and evictions that come after success. Where several `@Cacheable` stand on a method the one that
 * was applied last, the outermost, looks first.
 */
export async function runRules(
  registry: CacheRegistry,
  rules: readonly CacheRule[],
  call: MethodCall,
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
  // What needs no result is resolved now: a placeholder without a value must not come to light after the work is done.
  const pending = evictions
    .filter(({ rule }) => !rule.before)
    .map(({ rule, cache }) => {
      const early = rule.keys.needsResult || rule.tags.needsResult ? undefined : resolveEviction(rule, call);
      return (done: MethodCall) => evict(cache, early ?? resolveEviction(rule, done));
    });
  const read = lookups.reduce(
    (inner, { rule, cache }) => () => lookUp(cache, rule, call, inner),
    async () => invoke(),
  );
  const value = await read();
  const done = call.returned(value);
  for (const { rule, cache } of puts) await put(cache, rule, done);
  for (const evictAfter of pending) await evictAfter(done);
  return value;
}

const sharedResults = new WeakMap<EnhancedCacheService, SharedResults>();

function sharedResultsOf(cache: EnhancedCacheService): SharedResults {
  const known = sharedResults.get(cache) ?? new SharedResults();
  sharedResults.set(cache, known);
  return known;
}

async function lookUp(
  cache: EnhancedCacheService,
  rule: StoreRule,
  call: MethodCall,
  load: () => Promise<unknown>,
): Promise<unknown> {
  const key = rule.key ? rule.key.resolve(call) : call.defaultKey();
  const options = { ...rule.attributes, tags: rule.tags.resolve(call) };
  const { unless } = rule;
  if (!unless) return plainValue(await readThroughOnce(cache, key, load, options, call.label), key, call, load);
  const value = await sharedResultsOf(cache).during(key, (keep, begin) => {
    const loadUnless = async (): Promise<unknown> => {
      begin();
      const value = await load();
      return unless(value, ...call.args) ? keep(value) : value;
    };
    return readThroughOnce(cache, key, loadUnless, options, call.label);
  });
  return plainValue(value, key, call, load);
}

/** A method that has the key of a handler finds a whole response under it, which is no value of its own. */
async function plainValue(value: unknown, key: string, call: MethodCall, load: () => Promise<unknown>): Promise<unknown> {
  if (!isStoredResponse(value)) return value;
  warnOnce(`${call.label} shares the key "${key}" with a handler; give the two different keys`);
  return load();
}

/** A result that cannot be written is still the caller's; the entry that it replaces is gone, never stale. */
async function put(cache: EnhancedCacheService, rule: StoreRule, done: MethodCall): Promise<void> {
  const value = done.result?.value;
  if (rule.unless?.(value, ...done.args) || !rule.key) return;
  const key = rule.key.resolve(done);
  const tags = rule.tags.resolve(done);
  try {
    await evict(cache, { all: false, keys: [key], tags: [] });
    if (value !== undefined) await cache.set(key, value, { ...rule.attributes, tags });
  } catch (error) {
    warnOnce(`${done.label} could not write its result to the cache: ${messageOf(error)}`);
  }
}
