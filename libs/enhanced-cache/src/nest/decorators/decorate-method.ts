import { Inject, Optional, UseGuards, UseInterceptors } from '@nestjs/common';
import { InvalidOptionsError } from '../../engine/errors.js';
import type { CacheRegistry } from '../cache-registry.js';
import { EnhancedCacheInterceptor } from '../interceptor/enhanced-cache.interceptor.js';
import { HitGuard } from '../interceptor/hit.guard.js';
import { isHandler } from '../nest-metadata.js';
import { CACHE_REGISTRY, CACHE_RULES } from '../tokens.js';
import { runRules } from '../run-rules.js';
import { noteObservable, returnsObservables } from '../observable-methods.js';
import { ValueStore } from '../value-store.js';
import { messageOf, warnOnce } from '../warn-once.js';
import { MethodCall, MethodFacts } from './method-call.js';
import { type CacheRule, rulesOf } from './rules.js';

/** Decorates methods that return promises: what comes from a cache comes later. */
export type AsyncMethodDecorator = <M extends (...args: never[]) => Promise<unknown>>(
  target: object,
  propertyKey: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void;

/** Where instances of a class with decorated methods have the registry of their app; Nest injects it. */
const REGISTRY = Symbol('enhanced-cache registry');

const VALUES = new ValueStore();

type Instance = { readonly constructor: { readonly name: string }; readonly [REGISTRY]?: CacheRegistry };
type Method = (this: Instance | undefined, ...args: unknown[]) => unknown;

/**
 * Puts `rule` on a method.
 *
 * The method is replaced on its prototype when the class is declared, and the cache comes through a property that Nest
 * injects: so request scope, inheritance, calls on `this` and modules that are loaded late work, each app in a process
 * uses its own cache, and without a cache module the method just runs. On a handler the interceptor and the guard, which
 * are applied here as well, do the work instead.
 */
export function withRule(rule: CacheRule, decorator: string): AsyncMethodDecorator {
  return (target, propertyKey, descriptor) => {
    const method = descriptor?.value as Method | undefined;
    if (typeof method !== 'function' || typeof target === 'function') {
      throw new InvalidOptionsError(decorator, 'to stand on an instance method', String(propertyKey));
    }
    const rules = rulesOf(method);
    if (rules) {
      assertOneLookup(rules, rule);
      rules.push(rule);
      return;
    }
    const cached = cachingMethod(new MethodFacts(method, String(propertyKey), target.constructor), method, [rule]);
    (descriptor as unknown as TypedPropertyDescriptor<Method>).value = cached;
    UseInterceptors(EnhancedCacheInterceptor)(target, propertyKey, descriptor);
    if (rule.kind === 'cacheable') UseGuards(HitGuard)(target, propertyKey, descriptor);
    Inject(CACHE_REGISTRY)(target, REGISTRY);
    Optional()(target, REGISTRY);
  };
}

/** The inner lookup of two would wait for the outer one, which waits for it. */
function assertOneLookup(rules: readonly CacheRule[], added: CacheRule): void {
  const same = (rule: CacheRule): boolean => rule.kind === 'cacheable' && rule.cache === added.cache;
  if (added.kind === 'cacheable' && rules.some(same)) {
    throw new InvalidOptionsError('@Cacheable', 'one on a method for each cache', 'a second one');
  }
}

function cachingMethod(facts: MethodFacts, original: Method, rules: CacheRule[]): Method {
  let handler: boolean | undefined;

  function cached(this: Instance | undefined, ...args: unknown[]): unknown {
    const registry = this?.[REGISTRY];
    // Not known before the first call: decorators above this one make a method a handler.
    handler ??= isHandler(cached);
    if (!registry || handler || returnsObservables(cached)) return noteObservable(cached, original.apply(this, args));
    const call = new MethodCall(facts, this.constructor, args);
    let observable: unknown;
    const result = runRules(registry, rules, call, VALUES, () => {
      const returned = noteObservable(cached, original.apply(this, args));
      if (!returnsObservables(cached)) return returned;
      observable = returned;
      return undefined;
    });
    if (observable === undefined) return result;
    // The caller gets the stream itself, as from the undecorated method; nobody waits for the promise.
    result.catch((error: unknown) => warnOnce(`${call.label}: ${messageOf(error)}`));
    warnOnce(`${call.label} returns an Observable, which is passed on and not cached`);
    return observable;
  }
  copyFace(original, cached);
  Reflect.defineMetadata(CACHE_RULES, rules, cached);
  return cached;
}

/** What other decorators and readers of the function see: name, length and all metadata. */
function copyFace(from: Method, to: Method): void {
  for (const key of ['name', 'length'] as const)
    Object.defineProperty(to, key, { value: from[key], configurable: true });
  for (const key of Reflect.getOwnMetadataKeys(from)) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, from), to);
  }
}
