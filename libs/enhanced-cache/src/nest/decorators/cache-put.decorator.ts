import { type AsyncMethodDecorator, withRule } from './decorate-method.js';
import type { CachePutOptions } from './decorator-options.js';
import { storeRule } from './rules.js';

/**
 * Runs the method each time and writes what it returns under `key`, where readers with the same key find it. What users
 * had under that key one by one is deleted. A result of `undefined` deletes the entry.
 *
 * On an HTTP handler the response is written as readers get it: status 200 and the body.
 *
 * @throws {import('../../engine/errors.js').InvalidOptionsError} when the class is declared, for options that cannot work.
 */
export function CachePut<A extends unknown[] = never[], R = unknown>(
  options: CachePutOptions<A, R>,
): AsyncMethodDecorator {
  return withRule(storeRule<A, R>('put', options), '@CachePut');
}
