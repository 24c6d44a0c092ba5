import fc from 'fast-check';
import { measureHeap } from '../../../test/support/measure-heap.js';
import { flattenString } from './flatten.js';

describe('flattenString', () => {
  it('gives the same text, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(60), (text, from) => {
        expect(flattenString(text.slice(from))).toBe(text.slice(from));
      }),
      { seed: 20260106 },
    );
    for (const text of ['', 'short', '\ud800 broken pair, long', 'x'.repeat(70_000), '☃'.repeat(40_000)]) {
      expect(flattenString(text)).toBe(text);
    }
  });

  it('does not keep alive the string that a part was cut from', () => {
    const part = (index: number): string => ' '.repeat(100_000).concat(`${index}, a part of its own`).slice(99_990);
    const pinned = measureHeap(part, 50).bytes;
    const copied = measureHeap((index) => flattenString(part(index)), 50).bytes;
    expect(pinned).toBeGreaterThan(90_000);
    expect(copied).toBeLessThan(500);
  });
});
