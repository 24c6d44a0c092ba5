import type { LoadContext } from '../../engine/cache-types.js';
import { type Headers, headerText } from '../../http/headers.js';
import { decideRequest, type RequestDecision } from '../../http/request-decision.js';
import { ageSeconds, asStoredResponse, type StoredResponse } from '../../http/stored-response.js';
import type { StoreRule } from '../decorators/rules.js';
import type { EnhancedCacheService } from '../enhanced-cache.service.js';
import { evict } from '../evict.js';
import { readThroughOnce } from '../read-through-once.js';
import type { ResultStore, RuleCall } from '../run-rules.js';
import { messageOf, warnOnce } from '../warn-once.js';
import type { HandlerFacts } from './handler-facts.js';
import { asHttpError, exceptionOf, unsatisfiable } from './http-errors.js';
import type { HttpExchange } from './http-exchange.js';
import { isRefusal, judgeError, judgeResponse, type Judgement, type Made } from './judge-response.js';
import { keepCodingFor } from './kept-codings.js';
import { type Outcome, readyResponse } from './ready-response.js';
import { type Target, targetOf } from './request-target.js';
import { type RouteState, routeState } from './route-state.js';
import { secondsOf, staleOptions } from './stale-options.js';

/** What the handler of this request made; `stored` is absent where it must not be kept. */
interface Produced {
  readonly body: unknown;
  readonly stored: StoredResponse | undefined;
}

/** One lookup of one request. */
interface Lookup {
  readonly cache: EnhancedCacheService;
  readonly rule: StoreRule;
  readonly call: RuleCall;
  readonly target: Target;
  readonly route: RouteState;
  readonly load: () => Promise<unknown>;
  /** The response as it was before the handler. */
  readonly before: Headers;
  readonly status: number;
}

/** Keeps the responses of one request's handler, and replays them: status, headers, bytes, conditions. */
export class ResponseStore implements ResultStore {
  readonly resolvesEarly = false;

  /** @param handlersOwn what the handler itself returned, where interceptors made something else of it. */
  constructor(
    private readonly exchange: HttpExchange,
    private readonly facts: HandlerFacts,
    private readonly handlersOwn: (body: unknown) => unknown,
  ) {}

  async lookUp(
    cache: EnhancedCacheService,
    rule: StoreRule,
    call: RuleCall,
    load: () => Promise<unknown>,
  ): Promise<unknown> {
    const { exchange } = this;
    const decision = decideRequest(exchange.request.method, exchange.request.headers);
    const route = routeState(cache, call.label, rule);
    const target = decision.use === 'bypass' ? undefined : this.#targetOrWarn(rule, call, route);
    if (!target) {
      if (decision.onlyIfCached) throw unsatisfiable();
      if (!this.facts.obstacle) exchange.setHeader('X-Cache', 'BYPASS');
      return load();
    }
    const { responseHeaders: before, status } = exchange;
    const lookup: Lookup = { cache, rule, call, target, route, load, before, status };
    const found = decision.use === 'refresh' ? undefined : await this.#fresh(lookup, decision);
    if (found) return this.#replay(found, lookup, 'HIT');
    if (decision.onlyIfCached) throw unsatisfiable();
    if (decision.use === 'peek') return this.#answer(await this.#produce(lookup), lookup, 'MISS');
    return this.#readThrough(lookup, decision);
  }

  async put(cache: EnhancedCacheService, rule: StoreRule, done: RuleCall): Promise<void> {
    const route = routeState(cache, done.label, rule);
    const target = this.#targetOrWarn(rule, done, route);
    if (!target) return;
    const body = done.result?.value;
    const { responseHeaders: headers } = this.exchange;
    const by: Judgement = { rule, vary: route.vary, tags: target.tags, before: headers, nowMs: cache.clock.wallNow() };
    const isWithheld = Boolean(rule.unless?.(this.handlersOwn(body), ...done.args));
    try {
      await evict(cache, { all: false, keys: [target.base], tags: [] });
      // Readers come with GET: what POST and PUT say of themselves (201, Location) is not for them.
      const serialized = isWithheld
        ? undefined
        : this.#judge({ body, isWithheld, redirect: undefined }, by, done.label, 200);
      if (serialized) await cache.set(target.key, serialized, target.options);
    } catch (error) {
      warnOnce(`${done.label} could not write its response to the cache: ${messageOf(error)}`);
    }
  }

  /** The stored response where it is fresh enough for this request. */
  async #fresh(lookup: Lookup, decision: RequestDecision): Promise<StoredResponse | undefined> {
    const { cache, target, call } = lookup;
    const { use, maxAgeSeconds, minFreshSeconds } = decision;
    const isPlain = maxAgeSeconds === Infinity && minFreshSeconds === 0;
    if (use === 'lookup' && isPlain && !decision.onlyIfCached) return undefined;
    try {
      const found = asStoredResponse(cache.getIfFresh(target.key));
      if (!found || ageSeconds(found.createdAtMs, cache.clock.wallNow()) > maxAgeSeconds) return undefined;
      const left = minFreshSeconds === 0 ? null : await cache.ttl(target.key);
      return left === null || (left !== undefined && left >= minFreshSeconds) ? found : undefined;
    } catch (error) {
      warnOnce(`${call.label} runs without its cache: ${messageOf(error)}`);
      return undefined;
    }
  }

  async #readThrough(lookup: Lookup, decision: RequestDecision): Promise<unknown> {
    const { cache, rule, call, target, route } = lookup;
    const wantsNew =
      decision.use === 'refresh' || decision.maxAgeSeconds !== Infinity || decision.minFreshSeconds !== 0;
    // What is kept may still stand in for a load that fails, for those who did not ask for a new one.
    if (wantsNew) await quietly(cache.expire(target.key), call.label);
    let own: Produced | undefined;
    let thrown: { readonly error: unknown } | undefined;
    const askedAt = cache.clock.wallNow();
    let ran = false;
    const load = async (context?: LoadContext): Promise<StoredResponse | undefined> => {
      ran ||= !context?.background;
      if (context?.background) await this.exchange.detached(lookup.before, lookup.status);
      let produced: Produced;
      try {
        produced = await this.#produce(lookup);
      } catch (error) {
        const stored = judgeError(error, this.#judgement(lookup));
        if (!stored) throw error;
        thrown = { error };
        produced = { body: undefined, stored };
      }
      if (!context?.background) own = produced;
      if (produced.stored && context) admit(produced, lookup, context);
      return produced.stored;
    };
    const ttl = await rule.ttlOf?.(...call.args);
    const ownTtl = ttl === undefined ? {} : { ttl };
    const options = { ...target.options, ...ownTtl, ...staleOptions(rule.freshness, route, target.key, wantsNew) };
    const found = await readThroughOnce<unknown>(cache, target.key, load, options, call.label).catch(asHttpError);
    const [made, error] = [own as Produced | undefined, thrown as { readonly error: unknown } | undefined];
    if (made && !error) return this.#answer(made, lookup, made.stored ? 'MISS' : 'BYPASS');
    if (made && error) {
      this.exchange.setHeader('X-Cache', 'MISS');
      throw error.error;
    }
    const stored = asStoredResponse(found);
    if (stored) {
      const isStale = stored.createdAtMs < askedAt && !(await cache.has(target.key));
      // A handler that failed may have left headers of a response that is not sent.
      if (ran) this.exchange.restore(lookup.before, lookup.status);
      return this.#replay(stored, lookup, isStale ? 'STALE' : 'HIT');
    }
    // Another request's response came meanwhile that is not for others to see: this one gets its own.
    return this.#answer(await this.#produce(lookup), lookup, 'BYPASS');
  }

  /** A key that cannot be made is reported; the request goes on, and what it lacks is for pipes to say. */
  #targetOrWarn(rule: StoreRule, call: RuleCall, route: RouteState): Target | undefined {
    const { obstacle, redirect } = this.facts;
    if (obstacle) {
      warnOnce(`${call.label} is not cached: ${obstacle}`);
      return undefined;
    }
    // A redirect that no rule asks to keep is no mistake.
    if (redirect && rule.http.statuses.every((status) => status < 300 || status >= 400)) return undefined;
    try {
      return targetOf(rule, call, this.exchange.request, route.vary);
    } catch (error) {
      warnOnce(`${call.label} is not cached: ${messageOf(error)}`);
      return undefined;
    }
  }

  async #produce(lookup: Lookup): Promise<Produced> {
    const { rule, call, load, route } = lookup;
    const body = await load();
    const redirect = this.facts.redirect?.(body);
    const isWithheld = Boolean(rule.unless?.(this.handlersOwn(body), ...call.args));
    const stored = this.#judge({ body, isWithheld, redirect }, this.#judgement(lookup), call.label, undefined, route);
    return { body, stored };
  }

  #judgement({ cache, rule, route, target, before }: Lookup): Judgement {
    return { rule, vary: route.vary, tags: target.tags, before, nowMs: cache.clock.wallNow() };
  }

  #judge(
    made: Made,
    by: Judgement,
    label: string,
    status: number | undefined,
    route?: RouteState,
  ): StoredResponse | undefined {
    const judged = judgeResponse(this.exchange, made, by, status);
    if (!isRefusal(judged)) return judged;
    const isLearned = judged.learned !== undefined && route?.learn(judged.learned);
    if (judged.isMistake || (judged.learned && !isLearned)) warnOnce(`${label} is not cached: ${judged.reason}`);
    return undefined;
  }

  #answer({ body, stored }: Produced, lookup: Lookup, outcome: 'MISS' | 'BYPASS'): unknown {
    if (this.exchange.isSent) return body;
    if (!stored) {
      this.exchange.setHeader('X-Cache', outcome);
      return body;
    }
    return this.#send(stored, lookup, outcome, body);
  }

  #replay(stored: StoredResponse, lookup: Lookup, outcome: 'HIT' | 'STALE'): unknown {
    const { cache, rule, target, route } = lookup;
    route.variants.touch(target.key);
    const { encodings } = rule.http;
    keepCodingFor(headerText(this.exchange.request.headers, 'accept-encoding'), encodings, cache, target.key, stored);
    return this.#send(stored, lookup, outcome, undefined);
  }

  #send(stored: StoredResponse, { cache, rule }: Lookup, outcome: Outcome, body: unknown): unknown {
    const { request } = this.exchange;
    const { encodings } = rule.http;
    const ready = readyResponse(stored, request.headers, { outcome, nowMs: cache.clock.wallNow(), encodings });
    if (!stored.thrown && !this.facts.redirect) return ready;
    // Filters make the response, or Nest the redirect: they find the headers set.
    this.exchange.setHeader('X-Cache', outcome);
    if (ready.age !== undefined) this.exchange.setHeader('Age', String(ready.age));
    for (const [name, value] of ready.fields) {
      if (name !== 'location' && typeof value === 'string') this.exchange.setHeader(name, value);
    }
    if (stored.thrown) throw exceptionOf(stored.status, stored.thrown.response);
    const location = stored.headers.find(([name]) => name === 'location')?.[1];
    return body ?? { statusCode: stored.status, url: location };
  }
}

/** What the response says of its lifetimes, and what the route may keep besides it. */
function admit({ body, stored }: Produced, lookup: Lookup, context: LoadContext): void {
  if (!stored) return;
  const { rule, route, cache, target } = lookup;
  const { lifetime, thrown } = stored;
  const { negativeTtl, staleWhileRevalidate, staleIfError } = rule.freshness;
  const isNegative = thrown !== undefined || body === null;
  if (isNegative && negativeTtl !== undefined) context.ttl(negativeTtl);
  else if (lifetime.freshSeconds !== undefined) context.ttl(Math.max(lifetime.freshSeconds, SHORTEST_SECONDS));
  const stale = [
    lifetime.staleWhileRevalidateSeconds ?? secondsOf(staleWhileRevalidate),
    lifetime.staleIfErrorSeconds ?? secondsOf(staleIfError),
  ].filter((seconds) => seconds !== undefined);
  if (stale.length > 0) context.keep(Math.max(...stale) || null);
  const says = lifetime.staleWhileRevalidateSeconds !== undefined || lifetime.staleIfErrorSeconds !== undefined;
  for (const key of route.variants.add(target.key, says ? lifetime : undefined, route.maxVariants(cache))) {
    void quietly(cache.delete(key), lookup.call.label);
  }
}

/** The lifetime of a response that is stale at once, and kept to stand in for others. */
const SHORTEST_SECONDS = 0.001;

async function quietly(work: Promise<unknown>, label: string): Promise<void> {
  try {
    await work;
  } catch (error) {
    warnOnce(`${label} runs without its cache: ${messageOf(error)}`);
  }
}
