import { asStoredResponse } from '../http/stored-response.js';
import type { StoreRule } from './decorators/rules.js';
import type { EnhancedCacheService } from './enhanced-cache.service.js';
import { evict } from './evict.js';
import { readThroughOnce } from './read-through-once.js';
import type { ResultStore, RuleCall } from './run-rules.js';
import { SharedResults } from './shared-results.js';
import { messageOf, warnOnce } from './warn-once.js';

const sharedResults = new WeakMap<EnhancedCacheService, SharedResults>();

function sharedResultsOf(cache: EnhancedCacheService): SharedResults {
  const known = sharedResults.get(cache) ?? new SharedResults();
  sharedResults.set(cache, known);
  return known;
}

/** Keeps what a method returned, as it is. */
export class ValueStore implements ResultStore {
  readonly resolvesEarly: boolean = true;

  async lookUp(
    cache: EnhancedCacheService,
    rule: StoreRule,
    call: RuleCall,
    load: () => Promise<unknown>,
  ): Promise<unknown> {
    const key = this.keyOf(rule, call);
    const options = { ...rule.attributes, ...rule.freshness, tags: rule.tags.resolve(call) };
    const { unless } = rule;
    const value = await (unless
      ? sharedResultsOf(cache).during(key, (keep, begin) => {
          const loadUnless = async (): Promise<unknown> => {
            begin();
            const loaded = await load();
            return unless(loaded, ...call.args) ? keep(loaded) : loaded;
          };
          return readThroughOnce(cache, key, loadUnless, options, call.label);
        })
      : readThroughOnce(cache, key, load, options, call.label));
    if (!asStoredResponse(value)) return value;
    // A method that has the key of a handler finds a whole response under it, which is no value of its own.
    warnOnce(`${call.label} shares the key "${key}" with a handler; give the two different keys`);
    return load();
  }

  /** A result that cannot be written is still the caller's; the entry that it replaces is gone, never stale. */
  async put(cache: EnhancedCacheService, rule: StoreRule, done: RuleCall): Promise<void> {
    const value = done.result?.value;
    if (rule.unless?.(value, ...done.args)) return;
    const key = this.keyOf(rule, done);
    const tags = rule.tags.resolve(done);
    try {
      await evict(cache, { all: false, keys: [key], tags: [] });
      if (value !== undefined) await cache.set(key, value, { ...rule.attributes, tags });
    } catch (error) {
      warnOnce(`${done.label} could not write its result to the cache: ${messageOf(error)}`);
    }
  }

  protected keyOf(rule: StoreRule, call: RuleCall): string {
    return rule.key ? rule.key.resolve(call) : call.defaultKey();
  }
}
