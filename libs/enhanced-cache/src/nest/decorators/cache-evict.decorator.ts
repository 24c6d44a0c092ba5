import { type AsyncMethodDecorator, withRule } from './decorate-method.js';
import type { CacheEvictOptions } from './decorator-options.js';
import { evictRule } from './rules.js';

/**
 * Deletes entries by key, by tag or all of them: after the method succeeded, or with `before: true` before it runs.
 * A method that fails evicts nothing. An eviction that fails rejects the call, as somebody would believe it done.
 *
 * @throws {import('../../engine/errors.js').InvalidOptionsError} when the class is declared, for options that cannot work.
 */
export function CacheEvict<A extends unknown[] = never[]>(options: CacheEvictOptions<A>): AsyncMethodDecorator {
  return withRule(evictRule(options), '@CacheEvict');
}
