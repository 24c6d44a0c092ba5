import type { Duration } from '../../engine/duration.js';
import { type AsyncMethodDecorator, withRule } from './decorate-method.js';
import type { CacheableOptions, TextsOption } from './decorator-options.js';
import { storeRule } from './rules.js';

/**
 * Returns the kept result of a method, or runs it and keeps what it returns. Concurrent callers of one key share one
 * run.
 *
 * On a provider's method the key is made of class, method and arguments, and nothing else: what a method reads besides
 * (a request-scoped field, say) belongs into `key`. The method must return a promise; a synchronous one would return one
 * once it is decorated. A result of `undefined` is not kept, `null` is. Observables are passed on, not cached.
 *
 * On an HTTP handler the response is kept: status, body, and the headers that the handler sets. Only GET and HEAD, only
 * successful responses; the identity of a request that carries credentials is part of the key. Resolvers of
 * GraphQL, handlers of RPC and of WebSocket gateways are keyed by what they are asked.
 *
 * Without a cache module the method just runs; a cache that fails never fails the method.
 *
 * @throws {import('../../engine/errors.js').InvalidOptionsError} when the class is declared, for options that cannot work.
 */
export function Cacheable<A extends unknown[] = never[], R = unknown>(
  options?: CacheableOptions<A, R>,
): AsyncMethodDecorator;
/** {@link Cacheable} with a lifetime in seconds or as a duration, `null` for ever, and tags. */
export function Cacheable<A extends unknown[] = never[]>(
  ttl: Duration | null,
  tags?: TextsOption<A>,
): AsyncMethodDecorator;
export function Cacheable<A extends unknown[], R>(
  first: CacheableOptions<A, R> | Duration | null = {},
  tags?: TextsOption<A>,
): AsyncMethodDecorator {
  const options = typeof first === 'object' && first !== null ? first : { ttl: first, tags };
  return withRule(storeRule<A, R>('cacheable', options), '@Cacheable');
}
