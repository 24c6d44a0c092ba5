import type { CallHandler, ExecutionContext, HttpServer } from '@nestjs/common';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { headerText } from '../../http/headers.js';
import { decideRequest } from '../../http/request-decision.js';
import { requestKey } from '../../http/request-key.js';
import { StoredResponse } from '../../http/stored-response.js';
import type { CacheRegistry } from '../cache-registry.js';
import type { CacheRule, StoreRule } from '../decorators/rules.js';
import { runRules } from '../run-rules.js';
import { warnOnce } from '../warn-once.js';
import { type CallInHand, callsInHand } from './calls-in-hand.js';
import { frontPathOf } from './front-path.js';
import { HandlerCall, httpArguments } from './handler-call.js';
import type { HandlerFacts } from './handler-facts.js';
import { HttpExchange, type PlatformRequest } from './http-exchange.js';
import { type PlatformResponse, platformOf } from './http-platform.js';
import { keepCodingFor } from './kept-codings.js';
import { type ReadyResponse, readyResponse } from './ready-response.js';
import { keyOf } from './request-target.js';
import { ResponseStore } from './response-store.js';
import { routeState } from './route-state.js';

/** One request that a handler with rules is to answer. */
export interface HttpCall {
  readonly registry: Pick<CacheRegistry, 'find'>;
  readonly adapter: HttpServer;
  readonly facts: HandlerFacts;
  readonly rules: readonly CacheRule[];
  readonly context: ExecutionContext;
  readonly next: CallHandler;
}

/** Answers a request from the cache, or by its handler under the rules that stand on it. */
export function cacheHttp(call: HttpCall): Observable<unknown> | Promise<Observable<unknown>> {
  const platform = platformOf(call.adapter);
  if (!platform) {
    warnOnce(`responses are not cached on the platform ${call.adapter.getType()}`);
    return call.next.handle();
  }
  const hit = hitAtOnce(call);
  if (hit) return of(platform.emit(call.context.getArgByIndex<PlatformResponse>(1), hit));
  return runHttp(call, new HttpExchange(call.adapter, platform, ...messagesOf(call.context)));
}

/**
 * The answer to a plain request for what is stored and fresh, without a promise and without the arguments of the
 * handler; `undefined` for everything that needs a closer look.
 */
function hitAtOnce({ registry, adapter, facts, rules, context }: HttpCall): ReadyResponse | undefined {
  const rule = rules.length === 1 ? rules[0] : undefined;
  if (rule?.kind !== 'cacheable' || !isSimple(rule) || facts.obstacle || facts.redirect) return undefined;
  const [request, response] = messagesOf(context);
  const { headers } = request;
  const decision = decideRequest(request.method, headers);
  if ((decision.use !== 'lookup' && decision.use !== 'peek') || headers['cache-control'] !== undefined) {
    return undefined;
  }
  const cache = registry.find(rule.cache);
  if (!cache) return undefined;
  const route = routeState(cache, facts.label, rule);
  let key: string;
  let found: unknown;
  try {
    key = keyOf(baseKey(facts, rule, request), rule, request, route.vary);
    found = cache.getIfFresh(key);
  } catch {
    // What cannot be a key is judged, and reported, on the way that all other requests go.
    return undefined;
  }
  if (!(found instanceof StoredResponse) || found.thrown) return undefined;
  route.variants.touch(key);
  const { encodings } = rule.http;
  if (encodings.length > 0) keepCodingFor(headerText(headers, 'accept-encoding'), encodings, cache, key, found);
  if (rule.http.front) {
    frontPathOf(adapter)?.offer(request.originalUrl, response.getHeaders(), { cache, key, rule, facts, route });
  }
  return readyResponse(found, headers, { outcome: 'HIT', nowMs: cache.clock.wallNow(), encodings });
}

/** Whether a hit needs nothing but the key. */
function isSimple({ condition, key, freshness }: StoreRule): boolean {
  return condition === undefined && !key?.needsArguments && !freshness.earlyRefresh;
}

function baseKey(facts: HandlerFacts, rule: StoreRule, request: PlatformRequest): string {
  if (!rule.key) return defaultKey(facts, rule, request);
  return rule.key.resolve(new HandlerCall(facts.label, [], sourcesOf(request), () => ''));
}

function defaultKey(facts: HandlerFacts, rule: StoreRule | undefined, request: PlatformRequest): string {
  return requestKey(
    facts.label,
    request.originalUrl,
    facts.isHostBound ? (request.hosts ?? {}) : undefined,
    rule?.http.query,
  );
}

async function runHttp(call: HttpCall, exchange: HttpExchange): Promise<Observable<unknown>> {
  const { registry, facts, rules, context, next } = call;
  const inHand: CallInHand = {};
  callsInHand.set(context, inHand);
  const { request } = exchange;
  const lookup = rules.find((rule): rule is StoreRule => rule.kind === 'cacheable');
  const args = rules.some(asksForArguments) ? await httpArguments(facts, context, request) : [context];
  const handlerCall = new HandlerCall(facts.label, args, sourcesOf(request), () => defaultKey(facts, lookup, request));
  const ownOf = (body: unknown): unknown => (inHand.own ? inHand.own.value : body);
  const store = new ResponseStore(exchange, facts, ownOf);
  const handle = (): Promise<unknown> => lastValueFrom(next.handle(), { defaultValue: undefined });
  return of(await runRules(registry, rules, handlerCall, store, handle));
}

function asksForArguments(rule: CacheRule): boolean {
  if (rule.condition !== undefined) return true;
  if (rule.kind !== 'evict' && rule.ttlOf !== undefined) return true;
  if (rule.kind === 'evict') return rule.keys.needsArguments || rule.tags.needsArguments;
  return Boolean(rule.key?.needsArguments) || rule.tags.needsArguments || rule.unless !== undefined;
}

function sourcesOf({ params, query, body }: PlatformRequest): readonly unknown[] {
  return [params, query, body];
}

/** As `switchToHttp()` gives them, which makes three functions for it. */
function messagesOf(context: ExecutionContext): [PlatformRequest, PlatformResponse] {
  return [context.getArgByIndex<PlatformRequest>(0), context.getArgByIndex<PlatformResponse>(1)];
}
