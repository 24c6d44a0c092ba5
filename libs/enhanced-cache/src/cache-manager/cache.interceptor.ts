import { type ExecutionContext, Inject, Injectable, Optional } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { CacheRule, StoreRule } from '../nest/decorators/rules.js';
import { EnhancedCacheInterceptor } from '../nest/interceptor/enhanced-cache.interceptor.js';
import type { HandlerFacts } from '../nest/interceptor/handler-facts.js';
import { ruleOf } from '../nest/interceptor/implied-rules.js';
import { CACHE_KEY_METADATA, CACHE_MANAGER } from './cache-decorators.js';
import type { CacheManager } from './cache-manager.types.js';

type Tracked = string | undefined | null;

/**
 * The interceptor of @nestjs/cache-manager by name, the one of this package by what it does: keys hold who asks, status
 * and headers are replayed, one run for all who wait.
 *
 * A subclass may say in {@link trackBy} what the key of a call is, and there or in {@link isRequestCacheable} that it is not
 * cached; who asks is part of the key all the same. It must not be of request scope.
 */
@Injectable()
export class CacheInterceptor extends EnhancedCacheInterceptor {
  /** Methods of requests that are cached. Others than GET and HEAD are not, whatever stands here. */
  protected allowedMethods = ['GET'];
  readonly #rules = new WeakMap<HandlerFacts, readonly CacheRule[]>();

  /** @param cacheManager that of the module which the interceptor stands in; there is none where no `CacheModule` is. */
  constructor(
    @Optional() @Inject(CACHE_MANAGER) protected readonly cacheManager: CacheManager,
    @Inject(Reflector) protected readonly reflector: Reflector,
  ) {
    super();
  }

  override rulesFor(facts: HandlerFacts): readonly CacheRule[] {
    if (facts.rules) return facts.rules;
    let rules = this.#rules.get(facts);
    if (!rules) this.#rules.set(facts, (rules = facts.impliedRules.map((rule) => this.#withOwn(rule as StoreRule))));
    return rules;
  }

  /**
   * The key of a call; nothing: it is not cached. By default what `@CacheKey()` says, otherwise the URL of a request that
   * {@link isRequestCacheable}.
   */
  protected trackBy(context: ExecutionContext): Promise<Tracked> | Tracked {
    const key = this.reflector.get<string | ((context: ExecutionContext) => string) | undefined>(
      CACHE_KEY_METADATA,
      context.getHandler(),
    );
    if (key !== undefined) return typeof key === 'function' ? key(context) : key;
    if (context.getType() !== 'http' || !this.isRequestCacheable(context)) return undefined;
    return this.httpAdapterHost.httpAdapter.getRequestUrl(context.switchToHttp().getRequest()) as string;
  }

  /** Whether a request without `@CacheKey()` is cached. */
  protected isRequestCacheable(context: ExecutionContext): boolean {
    return this.allowedMethods.includes(context.switchToHttp().getRequest<{ method: string }>().method);
  }

  /** The rule with what a subclass says besides. */
  #withOwn(rule: StoreRule): StoreRule {
    const { trackBy, isRequestCacheable } = CacheInterceptor.prototype;
    if (this.trackBy !== trackBy) return this.#tracked(rule);
    const judges = this.isRequestCacheable !== isRequestCacheable || this.allowedMethods.join() !== 'GET';
    if (rule.key || !judges) return rule;
    return { ...rule, condition: (...args) => this.isRequestCacheable(contextOf(args)) };
  }

  /** The rule with the keys of {@link trackBy}, which is asked once for each call. */
  #tracked(rule: StoreRule): StoreRule {
    const keys = new WeakMap<ExecutionContext, string>();
    const { key } = ruleOf((context) => keys.get(context) as string, undefined);
    const condition = async (...args: unknown[]): Promise<boolean> => {
      const tracked = await this.trackBy(contextOf(args));
      if (tracked) keys.set(contextOf(args), tracked);
      return Boolean(tracked);
    };
    return { ...rule, key, condition };
  }
}

/** It follows after the arguments of the handler. */
function contextOf(args: readonly unknown[]): ExecutionContext {
  return args.at(-1) as ExecutionContext;
}
