import { RouteVariants } from '../../http/route-variants.js';
import type { StoreRule } from '../decorators/rules.js';
import type { EnhancedCacheService } from '../enhanced-cache.service.js';

/** Most request headers that a route learns to vary by; one that wants more is not cacheable in any useful way. */
const MAX_LEARNED = 8;
/** Which share of a cache one route may fill where its rule does not say. */
const SHARE_OF_CACHE = 0.5;

/** What is known of one route in one cache while the process runs. */
export class RouteState {
  readonly variants = new RouteVariants();
  #learned: readonly string[] = [];
  #vary: readonly string[];

  constructor(private readonly rule: StoreRule) {
    this.#vary = rule.vary;
  }

  /** Request headers that are part of the key: those of the rule, and those that responses named in `Vary`. */
  get vary(): readonly string[] {
    return this.#vary;
  }

  /** Further headers by which a response varies. @returns whether keys hold them from now on. */
  learn(names: readonly string[]): boolean {
    const learned = [...new Set([...this.#learned, ...names])];
    if (learned.length > MAX_LEARNED) return false;
    this.#learned = learned;
    this.#vary = [...new Set([...this.rule.vary, ...learned])].sort();
    return true;
  }

  maxVariants(cache: EnhancedCacheService): number {
    return this.rule.http.maxVariants ?? Math.max(1, Math.floor(cache.maxSize * SHARE_OF_CACHE));
  }
}

const states = new WeakMap<EnhancedCacheService, Map<string, RouteState>>();

/** @param route class and method of the handler. */
export function routeState(cache: EnhancedCacheService, route: string, rule: StoreRule): RouteState {
  let routes = states.get(cache);
  if (!routes) states.set(cache, (routes = new Map()));
  let state = routes.get(route);
  if (!state) routes.set(route, (state = new RouteState(rule)));
  return state;
}
