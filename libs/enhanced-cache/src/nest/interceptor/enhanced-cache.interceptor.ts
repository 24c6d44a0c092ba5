import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  Optional,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Observable, tap } from 'rxjs';
import type { CacheRegistry } from '../cache-registry.js';
import type { CacheRule } from '../decorators/rules.js';
import { CACHE_REGISTRY, CACHES_ALL } from '../tokens.js';
import { callsInHand } from './calls-in-hand.js';
import { type HandlerFacts, handlerFacts } from './handler-facts.js';
import { cacheHttp } from './http-caching.js';
import { runMessage } from './message-cache.js';

/**
 * Caches the responses of HTTP handlers, and what GraphQL, RPC and WebSocket handlers with a caching decorator return.
 *
 * The decorators apply it by themselves. Applied to a controller or an app (`@UseInterceptors`,
 * `useGlobalInterceptors`, `APP_INTERCEPTOR`) it caches every GET as `@Cacheable()` would; `@NoCache()` opts out. Guards
 * run before it, pipes and all other interceptors after it, wherever it was applied: what they make of a response is
 * part of what is kept. Without a cache module and for event streams it passes everything through.
 */
@Injectable()
export class EnhancedCacheInterceptor implements NestInterceptor {
  // As properties, so that subclasses have constructors of their own.
  @Optional() @Inject(CACHE_REGISTRY) private readonly registry: CacheRegistry | undefined;
  /** Not there in an app without HTTP. */
  @Optional() @Inject(HttpAdapterHost) protected readonly httpAdapterHost!: HttpAdapterHost;

  get [CACHES_ALL](): boolean {
    return true;
  }

  /** What is done with a handler: what its decorators say, otherwise what a bare `@Cacheable()` would. */
  rulesFor(facts: HandlerFacts): readonly CacheRule[] {
    return facts.rules ?? facts.impliedRules;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    const { registry } = this;
    const facts = handlerFacts(context);
    if (!registry || !facts.isHandler || facts.optsOut || facts.isEventStream) return next.handle();
    const outer = callsInHand.get(context);
    if (outer) return next.handle().pipe(tap((value) => (outer.own = { value })));
    const type = context.getType<string>();
    if (type === 'http') {
      const { httpAdapter: adapter } = this.httpAdapterHost;
      return cacheHttp({ registry, adapter, facts, rules: this.rulesFor(facts), context, next });
    }
    if (type !== 'rpc' && type !== 'graphql' && type !== 'ws') return next.handle();
    // Messages are not cached unasked.
    if (!facts.rules && !facts.impliedRules.some(hasKey)) return next.handle();
    callsInHand.set(context, {});
    return runMessage(registry, this.rulesFor(facts), type, context, next);
  }
}

/** By `@CacheKey()`, where no decorator of this package stands. */
function hasKey(rule: CacheRule): boolean {
  return rule.kind !== 'evict' && rule.key !== undefined;
}
