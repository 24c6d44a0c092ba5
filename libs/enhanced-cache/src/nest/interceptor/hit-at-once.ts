import type { ExecutionContext, HttpServer } from '@nestjs/common';
import { headerText } from '../../http/headers.js';
import { decideRequest } from '../../http/request-decision.js';
import { requestKey } from '../../http/request-key.js';
import { StoredResponse } from '../../http/stored-response.js';
import type { CacheRegistry } from '../cache-registry.js';
import type { CacheRule, StoreRule } from '../decorators/rules.js';
import { frontPathOf } from './front-path.js';
import { HandlerCall } from './handler-call.js';
import type { HandlerFacts } from './handler-facts.js';
import type { PlatformRequest } from './http-exchange.js';
import type { PlatformResponse } from './http-platform.js';
import { keepCodingFor } from './kept-codings.js';
import { type ReadyResponse, readyResponse } from './ready-response.js';
import { keyOf } from './request-target.js';
import { routeState } from './route-state.js';

/** One request that a handler with rules is to answer. */
export interface RuledRequest {
  readonly registry: Pick<CacheRegistry, 'find'>;
  readonly adapter: HttpServer;
  readonly facts: HandlerFacts;
  readonly rules: readonly CacheRule[];
  readonly context: ExecutionContext;
}

/**
 * The answer to a plain request for what is stored and fresh, without a promise and without the arguments of the
 * handler; `undefined` for everything that needs a closer look.
 */
export function hitAtOnce({ registry, adapter, facts, rules, context }: RuledRequest): ReadyResponse | undefined {
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

/** The key of a request where no rule names one. */
export function defaultKey(facts: HandlerFacts, rule: StoreRule | undefined, request: PlatformRequest): string {
  return requestKey(
    facts.label,
    request.originalUrl,
    facts.isHostBound ? (request.hosts ?? {}) : undefined,
    rule?.http.query,
  );
}

/** Where names in the templates of a rule are looked for. */
export function sourcesOf({ params, query, body }: PlatformRequest): readonly unknown[] {
  return [params, query, body];
}

/** As `switchToHttp()` gives them, which makes three functions for it. */
export function messagesOf(context: ExecutionContext): [PlatformRequest, PlatformResponse] {
  return [context.getArgByIndex<PlatformRequest>(0), context.getArgByIndex<PlatformResponse>(1)];
}

/** Whether a hit needs nothing but the key. */
function isSimple({ condition, key, freshness }: StoreRule): boolean {
  return condition === undefined && !key?.needsArguments && !freshness.earlyRefresh;
}

function baseKey(facts: HandlerFacts, rule: StoreRule, request: PlatformRequest): string {
  if (!rule.key) return defaultKey(facts, rule, request);
  return rule.key.resolve(new HandlerCall(facts.label, [], sourcesOf(request), () => ''));
}
