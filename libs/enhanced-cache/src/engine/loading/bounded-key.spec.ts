import fc from 'fast-check';
import { boundedKey, digest, MAX_READABLE_LENGTH } from './bounded-key.js';

describe('boundedKey', () => {
  it('leaves a short text as it is', () => {
    expect(boundedKey('city:42')).toBe('city:42');
    expect(boundedKey('x'.repeat(MAX_READABLE_LENGTH))).toBe('x'.repeat(MAX_READABLE_LENGTH));
  });

  it('hashes a longer one and keeps its beginning', () => {
    expect(boundedKey('x'.repeat(201))).toBe(`${'x'.repeat(64)}~${digest('x'.repeat(201))}`);
  });

  it('gives no text the key of another, even where one is made to look like a hash', () => {
    const long = 'long '.repeat(100);
    expect(boundedKey(boundedKey(long))).not.toBe(boundedKey(long));
  });

  it('is well-formed wherever the cut falls', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 201, maxLength: 400 });
    fc.assert(
      fc.property(text, (long) => boundedKey(long).isWellFormed()),
      { seed: 1 },
    );
    expect(boundedKey('a' + '\u{1F600}'.repeat(200)).isWellFormed()).toBe(true);
  });
});

describe('digest', () => {
  it('is SHA-256 in base64url', () => {
    expect(digest('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });
});
