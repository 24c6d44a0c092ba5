import fc from 'fast-check';
import { copyJson, isCopyable } from './copy-json.js';

/** Everything of `value` that is an object. */
function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('copyJson', () => {
  it('makes of a value what parsing its text would make, sharing nothing with it', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value: unknown = JSON.parse(text);
        if (!isCopyable(value)) return;
        const copy = copyJson(value);
        expect(copy).toStrictEqual(JSON.parse(text));
        expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
        const own = new Set(objectsIn(copy));
        expect(objectsIn(value).some((object) => own.has(object))).toBe(false);
      }),
      { seed: 20261126, numRuns: 2000 },
    );
  });

  it('copies arrays of every kind of element', () => {
    for (const array of [[], [1, 2], [1.5, -0.5], ['a', null], [1, 'a', { b: [true] }], [[[]]]]) {
      const copy = copyJson(array);
      expect(copy).toStrictEqual(array);
      expect(copy).not.toBe(array);
    }
  });

  it('keeps the order of fields, those with numbers for names among them', () => {
    const value: unknown = JSON.parse('{"b":1,"10":2,"a":{"2":1,"1":2}}');
    expect(JSON.stringify(copyJson(value))).toBe(JSON.stringify(value));
  });
});

describe('isCopyable', () => {
  it('says no to a field that would be taken for the prototype', () => {
    expect(isCopyable(JSON.parse('{"a":[{"__proto__":{"admin":true}}]}'))).toBe(false);
    expect(isCopyable(JSON.parse('{"a":[{"proto":{"admin":true}}]}'))).toBe(true);
  });

  it('says no to what is nested more deeply than a stack should follow', () => {
    expect(isCopyable(nested(60))).toBe(true);
    expect(isCopyable(nested(70))).toBe(false);
  });
});
