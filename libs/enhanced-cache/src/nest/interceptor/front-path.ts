import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type HttpServer, VersioningType } from '@nestjs/common';
import type { ApplicationConfig } from '@nestjs/core';
import { headerText } from '../../http/headers.js';
import { decideRequest } from '../../http/request-decision.js';
import { StoredResponse } from '../../http/stored-response.js';
import type { StoreRule } from '../decorators/rules.js';
import type { EnhancedCacheService } from '../enhanced-cache.service.js';
import { warnOnce } from '../warn-once.js';
import type { HandlerFacts } from './handler-facts.js';
import { keepCodingFor } from './kept-codings.js';
import { mergedVary } from './merged-vary.js';
import { readyResponse } from './ready-response.js';
import type { RouteState } from './route-state.js';

/** Where the response of one URL lies, and what goes with it. */
export interface FrontEntry {
  readonly cache: EnhancedCacheService;
  readonly key: string;
  readonly rule: StoreRule;
  readonly facts: HandlerFacts;
  readonly route: RouteState;
  /** What middleware and the framework put on the response: names and values in turn. */
  readonly base: readonly (string | string[])[];
  /** `Vary` of {@link base}. */
  readonly vary: string | undefined;
}

/**
 * Answers GET and HEAD for URLs that a route with `front: true` has answered before, in front of the framework: no
 * middleware, no guard, no interceptor runs. A request that is not a plain one, and one whose response is no longer
 * there, goes to the framework as always.
 *
 * The URL is taken as it is written, so nothing is answered here that the framework did not route to the handler once.
 */
export class FrontPath {
  readonly #urls = new Map<string, FrontEntry>();
  readonly #refused = new WeakSet<HandlerFacts>();
  #isInstalled = false;

  constructor(
    private readonly adapter: HttpServer,
    private readonly config: ApplicationConfig,
  ) {}

  /** Notes that `url` has a response. `headers` are those that the response had before the cache put its own on it. */
  offer(url: string, headers: Readonly<Record<string, unknown>>, target: Omit<FrontEntry, 'base' | 'vary'>): void {
    if (this.#urls.has(url) || this.#refused.has(target.facts)) return;
    const obstacle = this.#obstacleOf(target);
    if (obstacle !== undefined) {
      this.#refused.add(target.facts);
      warnOnce(`${target.facts.label} is not answered in front of the framework: ${obstacle}`);
      return;
    }
    const vary = headers['vary'];
    // CORS headers are made for each origin: a response that depends on it is not for here.
    if (
      headers['set-cookie'] !== undefined ||
      (vary !== undefined && String(vary).toLowerCase() !== 'accept-encoding')
    ) {
      return;
    }
    const base = Object.entries(headers)
      .filter(([name, value]) => value !== undefined && name !== 'vary')
      .flatMap(([name, value]) => [name, Array.isArray(value) ? value.map(String) : String(value)]);
    this.#urls.set(url, { ...target, base, vary: vary === undefined ? undefined : String(vary) });
    for (const oldest of this.#urls.keys()) {
      if (this.#urls.size <= target.cache.maxSize) break;
      this.#urls.delete(oldest);
    }
    this.#install();
  }

  /** Answers the request, or leaves it alone. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const entry = this.#urls.get(request.url as string);
    if (entry === undefined) return false;
    const { headers, method } = request;
    const { use, maxAgeSeconds, minFreshSeconds } = decideRequest(method as string, headers);
    if ((use !== 'lookup' && use !== 'peek') || maxAgeSeconds !== Infinity || minFreshSeconds !== 0) return false;
    const { cache, key, rule, route } = entry;
    const found = cache.getIfFresh(key);
    if (!(found instanceof StoredResponse) || found.thrown) {
      this.#urls.delete(request.url as string);
      return false;
    }
    route.variants.touch(key);
    const { encodings } = rule.http;
    if (encodings.length > 0) keepCodingFor(headerText(headers, 'accept-encoding'), encodings, cache, key, found);
    const ready = readyResponse(found, headers, { outcome: 'HIT', nowMs: cache.clock.wallNow(), encodings });
    const head = [...entry.base];
    for (const [name, value] of ready.fields) head.push(name, value as string | string[]);
    head.push('x-cache', ready.outcome, 'age', String(ready.age));
    if (entry.vary !== undefined || ready.vary.length > 0) head.push('vary', mergedVary(entry.vary, ready.vary));
    if (ready.body !== undefined) head.push('content-length', String(ready.body.length));
    response.writeHead(ready.status, head as string[]);
    if (typeof ready.body === 'string') response.end(ready.body, 'latin1');
    else response.end(ready.body);
    return true;
  }

  #obstacleOf({ facts, rule, route }: Omit<FrontEntry, 'base' | 'vary'>): string | undefined {
    const { config } = this;
    if (facts.hasGuards) return 'guards stand on it';
    if (config.getGlobalGuards().length + config.getGlobalRequestGuards().length > 0)
      return 'the app has global guards';
    if (facts.isHostBound) return 'its controller is bound to a host';
    if (route.vary.length > 0) return `it varies by ${route.vary.join(', ')}`;
    if (rule.condition !== undefined) return 'it has a condition';
    const versioning = config.getVersioning();
    return versioning && versioning.type !== VersioningType.URI ? 'versions are told by more than the URL' : undefined;
  }

  /** Takes requests from the server before its listeners do. */
  #install(): void {
    if (this.#isInstalled) return;
    this.#isInstalled = true;
    const server = this.adapter.getHttpServer() as Server;
    const emit = server.emit.bind(server) as (event: string, ...args: unknown[]) => boolean;
    server.emit = (event: string, ...args: unknown[]): boolean => {
      const isRequest = event === 'request';
      return (isRequest && this.answer(args[0] as IncomingMessage, args[1] as ServerResponse)) || emit(event, ...args);
    };
  }
}

const paths = new WeakMap<HttpServer, FrontPath>();

/** Makes the front path of an app; it does nothing until a route asks for it. */
export function openFrontPath(adapter: HttpServer, config: ApplicationConfig): void {
  paths.set(adapter, new FrontPath(adapter, config));
}

export function frontPathOf(adapter: HttpServer): FrontPath | undefined {
  return paths.get(adapter);
}
