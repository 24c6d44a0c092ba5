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
    const part = (index: number): string => `${index}, a part of its own`.padStart(20_000, '-').slice(19_900);
    const pinned = measureHeap(part, 200).bytes;
    const copied = measureHeap((index) => flattenString(part(index)), 200).bytes;
    expect(pinned).toBeGreaterThan(18_000);
    expect(copied).toBeLessThan(2000);
  });
});
