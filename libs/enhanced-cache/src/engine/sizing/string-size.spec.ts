import { isOneByte, padded, stringHeapBytes } from './string-size.js';

describe('string size', () => {
  it('counts one byte a character where all fit, two otherwise', () => {
    expect(stringHeapBytes('a'.repeat(100))).toBe(120);
    expect(stringHeapBytes('ÿ'.repeat(100))).toBe(120);
    expect(stringHeapBytes(`${'a'.repeat(99)}☃`)).toBe(216);
    expect(stringHeapBytes('')).toBe(16);
  });

  it('tells apart the characters on either side of the limit', () => {
    expect([isOneByte('\u00ff'), isOneByte('\u0100'), isOneByte('😀'), isOneByte('a\nb')]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('rounds up to whole pointers', () => {
    expect([padded(0), padded(1), padded(8), padded(9)]).toEqual([0, 8, 8, 16]);
  });
});
