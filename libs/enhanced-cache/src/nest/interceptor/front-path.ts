import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type HttpServer, VersioningType } from '@nestjs/common';
import type { ApplicationConfig } from '@nestjs/core';
import { headerText } from '../../http/headers.js';
import { decideRequest } from '../../http/request-decision.js';
import { type HeaderField, StoredResponse } from '../../http/stored-response.js';
import type { StoreRule } from '../decorators/rules.js';
import type { EnhancedCacheService } from '../enhanced-cache.service.js';
import { warnOnce } from '../warn-once.js';
import type { HandlerFacts } from './handler-facts.js';
import { keepCodingFor } from './kept-codings.js';
import { mergedVary } from './merged-vary.js';
import { type ReadyResponse, readyResponse } from './ready-response.js';
import type { RouteState } from './route-state.js';
import { headOf, mayWriteWhole, writeWhole } from './whole-response.js';

/** Where the response of one URL lies, and what goes with it. */
export interface FrontEntry {
  readonly cache: EnhancedCacheService;
  readonly key: string;
  readonly rule: StoreRule;
  readonly facts: HandlerFacts;
  readonly route: RouteState;
  /** What middleware and the framework put on the response. */
  readonly base: readonly HeaderField[];
  /** `Vary` of {@link base}. */
  readonly vary: string | undefined;
  head: KnownHead | undefined;
}

/** The head that goes with a stored response for as long as it is of that age: a second. */
interface KnownHead {
  readonly of: WeakRef<StoredResponse>;
  readonly age: number | undefined;
  /** `undefined` where Node.js is to write it. */
  readonly text: string | undefined;
}

type FrontTarget = Omit<FrontEntry, 'base' | 'vary' | 'head'>;

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
  offer(url: string, headers: Readonly<Record<string, unknown>>, target: FrontTarget): void {
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
      .map(([name, value]): HeaderField => [name, Array.isArray(value) ? value.map(String) : String(value)]);
    this.#urls.set(url, { ...target, base, vary: vary === undefined ? undefined : String(vary), head: undefined });
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
    try {
      if (!this.#writeWhole(entry, found, ready, request, response)) writeInParts(entry, ready, response);
    } catch (error) {
      // What cannot be a head came from another process, or an import. The framework knows how to fail for one request.
      if (response.headersSent) throw error;
      this.#urls.delete(request.url as string);
      return false;
    }
    return true;
  }

  /** Sends a plain answer in one piece. @returns false where it is not plain, or the connection is not. */
  #writeWhole(
    entry: FrontEntry,
    stored: StoredResponse,
    ready: ReadyResponse,
    request: IncomingMessage,
    response: ServerResponse,
  ): boolean {
    const { body } = ready;
    if (typeof body !== 'string' || body !== stored.body || request.method !== 'GET') return false;
    if (!mayWriteWhole(request, response) || this.#server.maxRequestsPerSocket) return false;
    const { age } = ready;
    if (entry.head?.age !== age || entry.head?.of.deref() !== stored) {
      const text = headOf(ready.status, fieldsOf(entry, ready), body.length, this.#server.keepAliveTimeout);
      entry.head = { of: new WeakRef(stored), age, text };
    }
    const head = entry.head?.text;
    if (head === undefined) return false;
    writeWhole(response, head + body);
    return true;
  }

  get #server(): Server {
    return this.adapter.getHttpServer() as Server;
  }

  #obstacleOf({ facts, rule, route }: FrontTarget): string | undefined {
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
    const server = this.#server;
    const emit = server.emit.bind(server) as (event: string, ...args: unknown[]) => boolean;
    server.emit = (event: string, ...args: unknown[]): boolean => {
      const isRequest = event === 'request';
      return (isRequest && this.answer(args[0] as IncomingMessage, args[1] as ServerResponse)) || emit(event, ...args);
    };
  }
}

/** What goes on an answer besides its length. */
function* fieldsOf(entry: FrontEntry, { age, fields, outcome, vary }: ReadyResponse): Generator<HeaderField> {
  yield* entry.base;
  yield* fields;
  yield ['x-cache', outcome];
  yield ['age', String(age)];
  if (entry.vary !== undefined || vary.length > 0) yield ['vary', mergedVary(entry.vary, vary)];
}

function writeInParts(entry: FrontEntry, ready: ReadyResponse, response: ServerResponse): void {
  const { body, status } = ready;
  const head = [...fieldsOf(entry, ready)].flat() as string[];
  if (body !== undefined) head.push('content-length', String(body.length));
  response.writeHead(status, head);
  if (typeof body === 'string') response.end(body, 'latin1');
  else response.end(body);
}

const paths = new WeakMap<HttpServer, FrontPath>();

/** Makes the front path of an app; it does nothing until a route asks for it. */
export function openFrontPath(adapter: HttpServer, config: ApplicationConfig): void {
  paths.set(adapter, new FrontPath(adapter, config));
}

export function frontPathOf(adapter: HttpServer): FrontPath | undefined {
  return paths.get(adapter);
}
