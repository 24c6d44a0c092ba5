import { type ExecutionContext, Injectable } from '@nestjs/common';
import type { CacheRule, StoreRule } from '../nest/decorators/rules.js';
import { EnhancedCacheInterceptor } from '../nest/interceptor/enhanced-cache.interceptor.js';
import type { HandlerFacts } from '../nest/interceptor/handler-facts.js';
import { ruleOf } from '../nest/interceptor/implied-rules.js';

/**
 * The interceptor of @nestjs/cache-manager by name, the one of this package by what it does: keys hold who asks, status
 * and headers are replayed, one run for all who wait.
 *
 * A subclass may say in `trackBy` what the key of a request is, and by `undefined` that it is not cached; who asks is
 * part of the key all the same. It must not be of request scope.
 */
@Injectable()
export class CacheInterceptor extends EnhancedCacheInterceptor {
  readonly #rules = new WeakMap<HandlerFacts, readonly CacheRule[]>();

  /** The key of a request; `undefined`: it is not cached. Called for handlers without `@CacheKey()`. */
  trackBy(_context: ExecutionContext): string | undefined {
    return undefined;
  }

  override rulesFor(facts: HandlerFacts): readonly CacheRule[] {
    const isOwn = this.trackBy !== CacheInterceptor.prototype.trackBy;
    if (facts.rules || !isOwn) return super.rulesFor(facts);
    const known = this.#rules.get(facts);
    if (known) return known;
    const rules = facts.impliedRules.map((rule) => this.#tracked(rule as StoreRule));
    this.#rules.set(facts, rules);
    return rules;
  }

  /** The same rule with the keys of {@link trackBy}, which a `@CacheKey()` goes before. */
  #tracked(rule: StoreRule): StoreRule {
    if (rule.key) return rule;
    const track = (args: readonly unknown[]): string | undefined => this.trackBy(args.at(-1) as ExecutionContext);
    const keyed = ruleOf((context) => this.trackBy(context) as string, undefined);
    return { ...rule, key: keyed.key, condition: (...args) => track(args) !== undefined };
  }
}
