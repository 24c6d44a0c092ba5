import { GatewayTimeoutException, ServiceUnavailableException } from '@nestjs/common';
import type { SetOptions } from '../../engine/cache-types.js';
import { CacheBusyError, CacheTimeoutError } from '../../engine/errors.js';
import { noneMatchNames } from '../../http/entity-tag.js';
import { type Headers, headerList, headerText } from '../../http/headers.js';
import { identityOf } from '../../http/identity.js';
import { decideRequest } from '../../http/request-decision.js';
import { variantKey, variantTag } from '../../http/request-key.js';
import { ageSeconds, isStoredResponse, type StoredResponse } from '../../http/stored-response.js';
import type { FreshnessOptions } from '../decorators/decorator-options.js';
import type { StoreRule } from '../decorators/rules.js';
import type { EnhancedCacheService } from '../enhanced-cache.service.js';
import { evict } from '../evict.js';
import { readThroughOnce } from '../read-through-once.js';
import type { ResultStore, RuleCall } from '../run-rules.js';
import { messageOf, warnOnce } from '../warn-once.js';
import type { HttpExchange } from './http-exchange.js';
import { isRefusal, judgeResponse } from './judge-response.js';

/** Where a response lies. */
interface Target {
  /** The key without its variants; what an eviction names. */
  readonly base: string;
  readonly key: string;
  readonly options: SetOptions;
}

/** What the handler of this request made; `stored` is absent where it must not be kept. */
interface Produced {
  readonly body: unknown;
  readonly stored: StoredResponse | undefined;
}

/** Keeps the responses of one request's handler, and replays them: status, headers, body, conditions. */
export class ResponseStore implements ResultStore {
  readonly resolvesEarly = false;

  constructor(
    private readonly exchange: HttpExchange,
    private readonly obstacle: string | undefined,
  ) {}

  async lookUp(
    cache: EnhancedCacheService,
    rule: StoreRule,
    call: RuleCall,
    load: () => Promise<unknown>,
  ): Promise<unknown> {
    const { exchange } = this;
    const decision = decideRequest(exchange.method, exchange.request.headers);
    const target = decision === 'bypass' ? undefined : this.#targetOrWarn(rule, call);
    if (!target) {
      if (!this.obstacle) exchange.setHeader('X-Cache', 'BYPASS');
      return load();
    }
    this.#addVary(rule.vary);
    const produce = this.#producer(cache, rule, call, load);
    if (decision === 'peek') {
      const found = await peek(cache, target.key, call.label);
      return found ? this.#replay(found, cache) : this.#answer(await produce(), 'MISS');
    }
    if (decision === 'refresh') await forget(cache, target.key, call.label);
    let own: Produced | undefined;
    const askedAt = cache.clock.wallNow();
    const loadStored = async (): Promise<StoredResponse | undefined> => (own = await produce()).stored;
    const options = { ...target.options, ...servable(rule.freshness) };
    const found = await readThroughOnce<unknown>(cache, target.key, loadStored, options, call.label).catch(asHttpError);
    const made = own as Produced | undefined;
    if (made) return this.#answer(made, made.stored ? 'MISS' : 'BYPASS');
    if (isStoredResponse(found)) {
      const isStale = found.createdAtMs < askedAt && !(await cache.has(target.key));
      return this.#replay(found, cache, isStale ? 'STALE' : 'HIT');
    }
    // Another request's response came meanwhile that is not for others to see: this one gets its own.
    return this.#answer(await produce(), 'BYPASS');
  }

  async put(cache: EnhancedCacheService, rule: StoreRule, done: RuleCall): Promise<void> {
    const target = this.#targetOrWarn(rule, done);
    if (!target) return;
    const body = done.result?.value;
    const { stored } = this.#judge(cache, rule, done, body, this.exchange.responseHeaders);
    try {
      await evict(cache, { all: false, keys: [target.base], tags: [] });
      // Readers come with GET: what POST and PUT say of themselves (201, Location) is not for them.
      if (stored) await cache.set(target.key, { ...stored, status: 200, headers: {} }, target.options);
    } catch (error) {
      warnOnce(`${done.label} could not write its response to the cache: ${messageOf(error)}`);
    }
  }

  /** A key that cannot be made is reported; the request goes on, and what it lacks is for pipes to say. */
  #targetOrWarn(rule: StoreRule, call: RuleCall): Target | undefined {
    const { headers, user } = this.exchange.request;
    if (this.obstacle) {
      warnOnce(`${call.label} is not cached: ${this.obstacle}`);
      return undefined;
    }
    try {
      const base = rule.key ? rule.key.resolve(call) : call.defaultKey();
      const key = variantKey(base, headers, rule.vary, rule.shared ? undefined : identityOf(user, headers));
      const tags = rule.tags.resolve(call);
      return { base, key, options: { ...rule.attributes, tags: rule.key ? [...tags, variantTag(base)] : tags } };
    } catch (error) {
      warnOnce(`${call.label} is not cached: ${messageOf(error)}`);
      return undefined;
    }
  }

  #producer(cache: EnhancedCacheService, rule: StoreRule, call: RuleCall, load: () => Promise<unknown>) {
    const before = this.exchange.responseHeaders;
    return async (): Promise<Produced> => this.#judge(cache, rule, call, await load(), before);
  }

  #judge(cache: EnhancedCacheService, rule: StoreRule, call: RuleCall, body: unknown, before: Headers): Produced {
    const made = judgeResponse(this.exchange, before, body, rule, call, cache);
    if (!isRefusal(made)) return { body, stored: made };
    if (made.isMistake) warnOnce(`${call.label} is not cached: ${made.reason}`);
    return { body, stored: undefined };
  }

  #answer({ body, stored }: Produced, outcome: 'MISS' | 'BYPASS'): unknown {
    if (this.exchange.isSent) return body;
    this.exchange.setHeader('X-Cache', outcome);
    return stored ? this.#withTag(stored.etag, body) : body;
  }

  #replay(stored: StoredResponse, cache: EnhancedCacheService, outcome: 'HIT' | 'STALE' = 'HIT'): unknown {
    const { exchange } = this;
    exchange.status = stored.status;
    for (const [name, value] of Object.entries(stored.headers)) exchange.setHeader(name, value);
    exchange.setHeader('X-Cache', outcome);
    exchange.setHeader('Age', String(ageSeconds(stored, cache.clock.wallNow())));
    return this.#withTag(stored.etag, stored.body);
  }

  /** RFC 9110 section 13.2.2: a condition that does not hold turns the answer into 304, which has no body. */
  #withTag(etag: string, body: unknown): unknown {
    this.exchange.setHeader('ETag', etag);
    if (!noneMatchNames(headerText(this.exchange.request.headers, 'if-none-match'), etag)) return body;
    this.exchange.status = 304;
    return undefined;
  }

  #addVary(names: readonly string[]): void {
    const present = headerList(this.exchange.responseHeaders, 'vary');
    const added = names.filter((name) => !present.includes(name));
    if (added.length > 0) this.exchange.setHeader('Vary', [...present, ...added].join(', '));
  }
}

/**
 * A handler writes to the response of the request that it was called for, so it cannot run behind one that is answered
 * already: what would renew a response in the background is left out.
 */
function servable({ staleIfError, errorBackoff, hardTimeout, jitter }: FreshnessOptions): FreshnessOptions {
  const off = { staleWhileRevalidate: null, softTimeout: null, earlyRefresh: null };
  return withoutUndefined({ ...off, staleIfError, errorBackoff, hardTimeout, jitter });
}

function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** RFC 9110 sections 15.6.4 and 15.6.5: what a client is told of a source that is overrun or hangs. */
function asHttpError(error: unknown): never {
  if (error instanceof CacheBusyError) throw new ServiceUnavailableException(error.message, { cause: error });
  if (error instanceof CacheTimeoutError) throw new GatewayTimeoutException(error.message, { cause: error });
  throw error;
}

async function peek(cache: EnhancedCacheService, key: string, label: string): Promise<StoredResponse | undefined> {
  try {
    const found = await cache.get(key);
    return isStoredResponse(found) ? found : undefined;
  } catch (error) {
    warnOnce(`${label} runs without its cache: ${messageOf(error)}`);
    return undefined;
  }
}

async function forget(cache: EnhancedCacheService, key: string, label: string): Promise<void> {
  try {
    await cache.delete(key);
  } catch (error) {
    warnOnce(`${label} runs without its cache: ${messageOf(error)}`);
  }
}
