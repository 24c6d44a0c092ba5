import type { ExecutionContext } from '@nestjs/common';
import { type CacheRule, type StoreRule, storeRule } from '../decorators/rules.js';
import { NestMetadata } from '../nest-metadata.js';

/** A value, or what makes one of the call. */
type PerCall<T> = T | ((context: ExecutionContext) => T | Promise<T>);

/** A bare `@Cacheable()`. */
const BARE = storeRule('cacheable', {});

/**
 * What an interceptor that was applied by hand does with a handler: what `@CacheKey()` and `@CacheTTL()` of
 * `nestjs-enhanced-cache/cache-manager` say, which are those of @nestjs/cache-manager, and otherwise what a bare
 * `@Cacheable()` does. The identity of who asks is part of the key all the same.
 */
export function impliedRules(type: object, handler: object): readonly CacheRule[] {
  const key = Reflect.getMetadata(NestMetadata.CACHE_KEY, handler) as PerCall<string> | undefined;
  const ttl = (Reflect.getMetadata(NestMetadata.CACHE_TTL, handler) ??
    Reflect.getMetadata(NestMetadata.CACHE_TTL, type)) as PerCall<number> | undefined;
  if (key === undefined && ttl === undefined) return [BARE];
  return [ruleOf(key, ttl)];
}

/** @param ttl milliseconds; 0 is for ever. */
export function ruleOf(key: PerCall<string> | undefined, ttl: PerCall<number> | undefined): StoreRule {
  const text = typeof key === 'string' ? () => key : key && ((...args: unknown[]) => key(contextOf(args)) as string);
  const rule = storeRule<unknown[], unknown>('cacheable', {
    ...(text === undefined ? {} : { key: text }),
    ...(typeof ttl === 'number' ? { ttl: secondsOf(ttl) } : {}),
  });
  if (typeof ttl !== 'function') return rule;
  return { ...rule, ttlOf: async (...args) => secondsOf(await ttl(contextOf(args))) };
}

function secondsOf(ttlMs: number): number | null {
  return ttlMs === 0 ? null : ttlMs / 1000;
}

/** The `ExecutionContext` follows after the arguments of the handler. */
function contextOf(args: readonly unknown[]): ExecutionContext {
  return args.at(-1) as ExecutionContext;
}
