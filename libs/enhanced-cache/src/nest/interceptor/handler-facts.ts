import type { ExecutionContext } from '@nestjs/common';
import { type CacheRule, rulesOf } from '../decorators/rules.js';
import { isHandler, NestMetadata, RouteArgument } from '../nest-metadata.js';
import { NO_CACHE } from '../tokens.js';

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
  /** It answers with a stream of events, which never passes as one value. */
  readonly isEventStream: boolean;
  /** Why its responses cannot be cached at all. */
  readonly obstacle: string | undefined;
  /** Whether the controller is bound to a host. */
  readonly isHostBound: boolean;
  readonly argumentSources: readonly ArgumentSource[];
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
  return {
    isHandler: isHandler(method),
    optsOut: Reflect.hasMetadata(NO_CACHE, handler) || Reflect.hasMetadata(NO_CACHE, type),
    rules: rulesOf(method),
    isEventStream: Reflect.hasMetadata(NestMetadata.SSE, handler),
    obstacle: obstacleOf(type, handler, property, argumentSources),
    isHostBound: Reflect.getMetadata(NestMetadata.HTTP_HOST, type) !== undefined,
    argumentSources,
  };
}

function obstacleOf(
  type: Controller,
  handler: Handler,
  property: string | symbol,
  sources: readonly ArgumentSource[],
): string | undefined {
  const { REDIRECT, RENDER, RESPONSE_PASSTHROUGH } = NestMetadata;
  if (Reflect.hasMetadata(REDIRECT, handler)) return 'it is a redirect';
  if (Reflect.hasMetadata(RENDER, handler)) return 'it is rendered by a template';
  const takesResponse = sources.some(({ kind }) => kind === RouteArgument.RESPONSE || kind === RouteArgument.NEXT);
  if (takesResponse && Reflect.getMetadata(RESPONSE_PASSTHROUGH, type, property) !== true) {
    return 'the handler sends the response itself (use @Res({ passthrough: true }))';
  }
  return undefined;
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
