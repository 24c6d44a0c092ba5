import { type CanActivate, type ExecutionContext, Inject, Injectable, Optional } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { CacheRegistry } from '../cache-registry.js';
import { NestMetadata } from '../nest-metadata.js';
import { ANSWERS_HITS, APPLIED_RULES, CACHE_REGISTRY } from '../tokens.js';
import type { AppliedRules } from './applied-rules.js';
import { answersHits, guardsOf, handlerFacts } from './handler-facts.js';
import { hitAtOnce } from './hit-at-once.js';
import { type PlatformResponse, platformOf } from './http-platform.js';

/**
 * Sends what is stored and fresh when all guards of a handler have let a request through, before Nest sets up the run of
 * its interceptors, which costs more than the answer. Everything else it lets pass, for the interceptor.
 *
 * The decorator puts it on the handler, {@link standLast} behind all other guards.
 */
@Injectable()
export class HitGuard implements CanActivate {
  static readonly [ANSWERS_HITS] = true;

  constructor(
    @Optional() @Inject(CACHE_REGISTRY) private readonly registry: CacheRegistry | undefined,
    @Optional() @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost | undefined,
    @Optional() @Inject(APPLIED_RULES) private readonly rules: AppliedRules | undefined,
  ) {}

  /** @returns what never settles where the answer was sent: nobody is to do anything more for the request. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const { registry } = this;
    if (!registry || context.getType<string>() !== 'http') return true;
    const facts = handlerFacts(context);
    const rules = facts.isAnsweredByGuard ? this.rules?.for(facts) : undefined;
    if (!rules) return true;
    const { httpAdapter: adapter } = this.adapterHost!;
    const platform = platformOf(adapter);
    if (!platform) return true;
    const response = context.getArgByIndex<PlatformResponse>(1);
    for (const { name, value } of facts.headers) adapter.setHeader(response, name, value);
    const hit = hitAtOnce({ registry, adapter, facts, rules, context });
    if (!hit) return true;
    platform.send(response, hit);
    return new Promise<boolean>(ignore);
  }
}

function ignore(): void {
  // Neither resolves nor rejects.
}

/**
 * Puts the guard of the cache behind all others on the handlers of a controller, before routes are made: decorators that
 * stand above the one that applied it add theirs at the end. Guards of the class and of the app come before those of a
 * handler anyway.
 */
export function standLast(controller: { readonly prototype: unknown }): void {
  for (const handler of methodsOf(controller.prototype as object)) {
    const guards = guardsOf(handler);
    const ours = guards.filter(answersHits);
    if (ours.length === 0 || answersHits(guards.at(-1))) continue;
    const others = guards.filter((guard) => !answersHits(guard));
    Reflect.defineMetadata(NestMetadata.GUARDS, [...others, ...ours], handler);
  }
}

function* methodsOf(prototype: object): Generator<object> {
  for (let level: object | null = prototype; level; level = Object.getPrototypeOf(level) as object | null) {
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(level))) {
      if (typeof value === 'function') yield value as object;
    }
  }
}
