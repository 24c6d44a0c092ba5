import type { ExecutionContext } from '@nestjs/common';
import { fieldOf } from '../decorators/template.js';
import { RouteArgument } from '../nest-metadata.js';
import type { RuleCall } from '../run-rules.js';
import type { ArgumentSource, HandlerFacts } from './handler-facts.js';
import type { PlatformRequest } from './http-exchange.js';

/** One call of a handler, as rules see it. */
export class HandlerCall implements RuleCall {
  /**
   * @param sources where names in templates are looked for, in this order.
   * @param defaultKey makes the key of a call whose rule names none.
   */
  constructor(
    readonly label: string,
    readonly args: readonly unknown[],
    private readonly sources: readonly unknown[],
    readonly defaultKey: () => string,
    readonly result?: { readonly value: unknown },
  ) {}

  named(name: string): unknown {
    for (const source of this.sources) {
      const value = fieldOf(source, name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  returned(value: unknown): HandlerCall {
    return new HandlerCall(this.label, this.args, this.sources, this.defaultKey, { value });
  }
}

/**
 * The arguments that Nest takes from the request for a handler, before pipes: they run after interceptors. The
 * `ExecutionContext` follows as the last one.
 */
export async function httpArguments(
  facts: HandlerFacts,
  context: ExecutionContext,
  request: PlatformRequest,
): Promise<unknown[]> {
  const args: unknown[] = [];
  for (const source of facts.argumentSources) args[source.index] = await argumentOf(source, context, request);
  return [...args, context];
}

function argumentOf(source: ArgumentSource, context: ExecutionContext, request: PlatformRequest): unknown {
  const { kind, data, factory } = source;
  const pick = (values: unknown): unknown => (typeof data === 'string' ? fieldOf(values, data) : values);
  switch (kind) {
    case undefined:
      return factory?.(data, context);
    case RouteArgument.REQUEST:
      return request;
    case RouteArgument.BODY:
      return pick(request.body);
    case RouteArgument.QUERY:
      return pick(request.query);
    case RouteArgument.PARAM:
      return pick(request.params);
    case RouteArgument.HEADERS:
      return typeof data === 'string' ? request.headers[data.toLowerCase()] : request.headers;
    case RouteArgument.HOST:
      return pick(request.hosts);
    case RouteArgument.IP:
      return request.ip;
    default:
      return undefined;
  }
}
