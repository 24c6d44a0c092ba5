import type { WrapOptions } from '../cache-types.js';
import { InvalidOptionsError } from '../errors.js';
import { argumentKey } from './argument-key.js';
import type { LoadOptions } from './load-options.js';

type GetOrSet = <T>(key: string, load: () => Promise<T>, options: LoadOptions) => Promise<T>;

/**
 * `fn`, read through the cache: the same arguments, told apart by type and value, give the same key.
 *
 * @throws {InvalidOptionsError} where neither a `keyPrefix` nor the function's name tells its keys from others'.
 */
export function wrapFunction<A extends unknown[], R>(
  fn: (...args: A) => R,
  { keyPrefix, key, tags, ...rest }: WrapOptions<A>,
  getOrSet: GetOrSet,
): (...args: A) => Promise<Awaited<R>> {
  const prefix = keyPrefix ?? fn.name;
  if (prefix === '') {
    throw new InvalidOptionsError('keyPrefix', 'a prefix, as the function to wrap has no name', keyPrefix);
  }
  const keyOf = (args: A): string => {
    if (key === undefined) return `${prefix}:${argumentKey(args)}`;
    return `${prefix}:${typeof key === 'function' ? key(...args) : key}`;
  };
  async function cached(this: unknown, ...args: A): Promise<Awaited<R>> {
    const options: LoadOptions = { ...rest, tags: typeof tags === 'function' ? tags(...args) : tags };
    return getOrSet<Awaited<R>>(keyOf(args), async (): Promise<Awaited<R>> => await fn.apply(this, args), options);
  }
  Object.defineProperty(cached, 'name', { value: fn.name, configurable: true });
  Object.defineProperty(cached, 'length', { value: fn.length, configurable: true });
  return cached;
}
