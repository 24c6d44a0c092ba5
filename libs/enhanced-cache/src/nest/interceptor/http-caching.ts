import type { CallHandler } from '@nestjs/common';
import { lastValueFrom, type Observable, of } from 'rxjs';
import type { CacheRule, StoreRule } from '../decorators/rules.js';
import { runRules } from '../run-rules.js';
import { warnOnce } from '../warn-once.js';
import { type CallInHand, callsInHand } from './calls-in-hand.js';
import { HandlerCall, httpArguments } from './handler-call.js';
import { defaultKey, hitAtOnce, messagesOf, type RuledRequest, sourcesOf } from './hit-at-once.js';
import { HttpExchange } from './http-exchange.js';
import { type PlatformResponse, platformOf } from './http-platform.js';
import { ResponseStore } from './response-store.js';

/** One request on its way to the handler. */
export interface HttpCall extends RuledRequest {
  readonly next: CallHandler;
}

/** Answers a request from the cache, or by its handler under the rules that stand on it. */
export function cacheHttp(call: HttpCall): Observable<unknown> | Promise<Observable<unknown>> {
  const platform = platformOf(call.adapter);
  if (!platform) {
    warnOnce(`responses are not cached on the platform ${call.adapter.getType()}`);
    return call.next.handle();
  }
  const hit = call.facts.isAnsweredByGuard ? undefined : hitAtOnce(call);
  if (hit) return of(platform.emit(call.context.getArgByIndex<PlatformResponse>(1), hit));
  return runHttp(call, new HttpExchange(call.adapter, platform, ...messagesOf(call.context)));
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
