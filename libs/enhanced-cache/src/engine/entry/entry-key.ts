import { InvalidKeyError } from '../errors.js';

/**
 * Checks a key that a caller named: a non-empty, well-formed string of at most `maxLength` UTF-16 units.
 *
 * A lone surrogate is refused because it becomes another key as soon as it is written as UTF-8.
 *
 * @throws {InvalidKeyError}
 */
export function assertKey(key: unknown, maxLength: number): asserts key is string {
  if (typeof key !== 'string') throw new InvalidKeyError(key, 'expected a non-empty string');
  if (key === '') throw new InvalidKeyError(key, 'expected a non-empty string');
  if (key.length > maxLength)
    throw new InvalidKeyError(key, `expected at most ${maxLength} characters, has ${key.length}`);
  if (!key.isWellFormed()) throw new InvalidKeyError(key, 'expected well-formed Unicode (no lone surrogates)');
}
