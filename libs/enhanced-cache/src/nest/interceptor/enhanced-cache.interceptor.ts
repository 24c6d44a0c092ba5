import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  Optional,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { requestKey } from '../../http/request-key.js';
import type { CacheRegistry } from '../cache-registry.js';
import { classLabel } from '../class-label.js';
import { type CacheRule, storeRule } from '../decorators/rules.js';
import { runRules } from '../run-rules.js';
import { CACHE_REGISTRY } from '../tokens.js';
import { HandlerCall, httpArguments } from './handler-call.js';
import { type HandlerFacts, handlerFacts } from './handler-facts.js';
import { HttpExchange, type PlatformRequest, type PlatformResponse } from './http-exchange.js';
import { runMessage } from './message-cache.js';
import { ResponseStore } from './response-store.js';

/** What the interceptor does with a handler that no decorator says anything about. */
const DEFAULT_RULES: readonly CacheRule[] = [storeRule('cacheable', {})];

/** Calls that an interceptor has in hand: it may be applied to the app, the controller and the handler at once. */
const inHand = new WeakSet<ExecutionContext>();

/**
 * Caches the responses of HTTP handlers, and what GraphQL and RPC handlers with a caching decorator return.
 *
 * The decorators apply it by themselves. Applied to a controller or an app (`@UseInterceptors`,
 * `useGlobalInterceptors`) it caches every GET as `@Cacheable()` would; `@NoCache()` opts out. Guards run before it,
 * pipes after it. Without a cache module, for WebSockets and for event streams it passes everything through.
 */
@Injectable()
export class EnhancedCacheInterceptor implements NestInterceptor {
  constructor(
    @Optional() @Inject(CACHE_REGISTRY) private readonly registry: CacheRegistry | undefined,
    @Optional() @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost | undefined,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const facts = handlerFacts(context);
    if (!this.registry || !facts.isHandler || facts.optsOut || facts.isEventStream || inHand.has(context)) {
      return next.handle();
    }
    inHand.add(context);
    const type = context.getType<string>();
    if (type === 'http') return of(await this.#http(this.registry, facts, context, next));
    if (!facts.rules || (type !== 'rpc' && type !== 'graphql')) return next.handle();
    return runMessage(this.registry, facts.rules, type, context, next);
  }

  async #http(
    registry: CacheRegistry,
    facts: HandlerFacts,
    context: ExecutionContext,
    next: CallHandler,
  ): Promise<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<PlatformRequest>();
    const exchange = new HttpExchange(this.adapterHost!.httpAdapter, request, http.getResponse<PlatformResponse>());
    const label = `${classLabel(context.getClass())}.${context.getHandler().name}`;
    const defaultKey = (): string =>
      requestKey(label, exchange.url, facts.isHostBound ? (request.hosts ?? {}) : undefined);
    // Only rules with templates or functions ask for the arguments.
    const args = facts.rules ? await httpArguments(facts, context, request) : [context];
    const call = new HandlerCall(label, args, [request.params, request.query, request.body], defaultKey);
    const store = new ResponseStore(exchange, facts.obstacle);
    const handle = (): Promise<unknown> => lastValueFrom(next.handle(), { defaultValue: undefined });
    return runRules(registry, facts.rules ?? DEFAULT_RULES, call, store, handle);
  }
}
