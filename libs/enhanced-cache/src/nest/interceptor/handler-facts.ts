import type { ExecutionContext } from '@nestjs/common';
import { type CacheRule, rulesOf } from '../decorators/rules.js';
import { isHandler, NestMetadata, RouteArgument } from '../nest-metadata.js';
import { impliedRules } from './implied-rules.js';
import { classLabel } from '../class-label.js';
import { ANSWERS_HITS, CACHES_ALL, NO_CACHE } from '../tokens.js';

type Handler = ReturnType<ExecutionContext['getHandler']>;
type Controller = ReturnType<ExecutionContext['getClass']>;

/** Where one argument of a handler comes from, as Nest keeps it. */
export interface ArgumentSource {
  readonly index: number;
  readonly data?: unknown;
  readonly factory?: (data: unknown, context: ExecutionContext) => unknown;
  /** One of `RouteArgument`; `undefined` for a custom decorator, which has a `factory`. */
  readonly kind: number | undefined;
}

/** What is known of a handler from its metadata, told once. */
export interface HandlerFacts {
  readonly isHandler: boolean;
  /** `@NoCache()` stands on the handler or its class. */
  readonly optsOut: boolean;
  readonly rules: readonly CacheRule[] | undefined;
  /** What the interceptor does with a handler that has no rules, where it was applied by hand. */
  readonly impliedRules: readonly CacheRule[];
  /** It answers with a stream of events, which never passes as one value. */
  readonly isEventStream: boolean;
  /** Why its responses cannot be cached at all. */
  readonly obstacle: string | undefined;
  /** Where a handler with `@Redirect()` sends its callers, by what it returned. */
  readonly redirect: ((returned: unknown) => Redirection) | undefined;
  /** What was applied to the class or the handler by hand and caches: the interceptor or a subclass, or one of its instances. */
  readonly applied: object | undefined;
  /** Guards other than that of the cache stand on the handler or its class. */
  readonly hasGuards: boolean;
  /** The guard of the cache is the last one, and can send what Nest would: plain hits never come to the interceptor. */
  readonly isAnsweredByGuard: boolean;
  /** What `@Header()` puts on every response and does not depend on the moment. */
  readonly headers: readonly HeaderSetting[];
  /** Class and method, for keys and messages. */
  readonly label: string;
  /** Whether the controller is bound to a host. */
  readonly isHostBound: boolean;
  readonly argumentSources: readonly ArgumentSource[];
}

/** One `@Header()`, as Nest keeps it. */
interface HeaderSetting {
  readonly name: string;
  readonly value: string;
}

/** Status and `Location` of a redirect. */
export interface Redirection {
  readonly status: number;
  readonly location: string;
}

const known = new WeakMap<Controller, WeakMap<Handler, HandlerFacts>>();

export function handlerFacts(context: ExecutionContext): HandlerFacts {
  const type = context.getClass();
  const handler = context.getHandler();
  let ofType = known.get(type);
  if (!ofType) known.set(type, (ofType = new WeakMap()));
  let facts = ofType.get(handler);
  if (!facts) ofType.set(handler, (facts = readFacts(type, handler)));
  return facts;
}

function readFacts(type: Controller, handler: Handler): HandlerFacts {
  const method = handler as (...args: never[]) => unknown;
  const property = propertyOf(type, handler);
  const args = (Reflect.getMetadata(NestMetadata.ROUTE_ARGS, type, property) ?? {}) as Record<string, ArgumentSource>;
  const argumentSources = Object.entries(args).map(([key, source]): ArgumentSource => {
    const isCustom = key.includes(NestMetadata.CUSTOM_ROUTE_ARGS);
    return { ...source, kind: isCustom ? undefined : Number(key.split(':')[0]) };
  });
  const guards = guardsOf(handler);
  const headers = (Reflect.getMetadata(NestMetadata.HEADERS, handler) ?? []) as readonly HeaderSetting[];
  return {
    isHandler: isHandler(method),
    optsOut: Reflect.hasMetadata(NO_CACHE, handler) || Reflect.hasMetadata(NO_CACHE, type),
    rules: rulesOf(method),
    impliedRules: impliedRules(type, handler),
    isEventStream: Reflect.hasMetadata(NestMetadata.SSE, handler),
    obstacle: obstacleOf(type, handler, property, argumentSources),
    redirect: redirectOf(handler),
    applied: appliedInterceptor(type) ?? appliedInterceptor(handler),
    hasGuards: ![...guardsOf(type), ...guards].every(answersHits),
    // A header that a function makes is made once for each response, which may need a handler.
    isAnsweredByGuard: answersHits(guards.at(-1)) && headers.every(({ value }) => typeof value === 'string'),
    headers,
    label: `${classLabel(type)}.${handler.name}`,
    isHostBound: Reflect.getMetadata(NestMetadata.HTTP_HOST, type) !== undefined,
    argumentSources,
  };
}

/** What `@UseGuards()` left on a class or a handler. */
export function guardsOf(target: object): readonly unknown[] {
  return (Reflect.getMetadata(NestMetadata.GUARDS, target) ?? []) as readonly unknown[];
}

/** Whether `guard` is that of the cache. */
export function answersHits(guard: unknown): boolean {
  return typeof guard === 'function' && ANSWERS_HITS in guard;
}

function obstacleOf(
  type: Controller,
  handler: Handler,
  property: string | symbol,
  sources: readonly ArgumentSource[],
): string | undefined {
  const { RENDER, RESPONSE_PASSTHROUGH } = NestMetadata;
  if (Reflect.hasMetadata(RENDER, handler)) return 'it is rendered by a template';
  const takesResponse = sources.some(({ kind }) => kind === RouteArgument.RESPONSE || kind === RouteArgument.NEXT);
  if (takesResponse && Reflect.getMetadata(RESPONSE_PASSTHROUGH, type, property) !== true) {
    return 'the handler sends the response itself (use @Res({ passthrough: true }))';
  }
  return undefined;
}

/** As Nest does it: what the handler returned goes before what the decorator says. */
function redirectOf(handler: Handler): HandlerFacts['redirect'] {
  const declared = Reflect.getMetadata(NestMetadata.REDIRECT, handler) as RedirectMetadata | undefined;
  if (declared === undefined) return undefined;
  return (returned) => {
    const own = typeof returned === 'object' && returned !== null ? (returned as RedirectMetadata) : {};
    return { status: own.statusCode || declared.statusCode || 302, location: own.url || declared.url || '' };
  };
}

interface RedirectMetadata {
  readonly url?: string;
  readonly statusCode?: number;
}

function appliedInterceptor(target: object): object | undefined {
  const applied = (Reflect.getMetadata(NestMetadata.INTERCEPTORS, target) ?? []) as readonly object[];
  return applied.find((each) =>
    Reflect.get(typeof each === 'function' ? (each.prototype as object) : each, CACHES_ALL),
  );
}

/** The name of the method on its class: the function's own may be that of a wrapper. */
function propertyOf(type: Controller, handler: Handler): string | symbol {
  for (
    let prototype: object | null = type.prototype as object;
    prototype;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    for (const key of Reflect.ownKeys(prototype)) {
      if (Object.getOwnPropertyDescriptor(prototype, key)?.value === handler) return key;
    }
  }
  return handler.name;
}
