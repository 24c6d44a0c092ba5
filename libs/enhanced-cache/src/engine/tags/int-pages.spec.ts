import { jest } from '@jest/globals';
import fc from 'fast-check';
import { Int32Pages, PAGE_BITS } from './int-pages.js';

describe('Int32Pages', () => {
  it('equals a Map of records, near and far, in whatever order they are set', () => {
    const far = fc.nat(5 * 2 ** PAGE_BITS);
    const write = fc.record({ record: fc.oneof(fc.nat(200), far), field: fc.nat(2), value: fc.integer() });
    fc.assert(
      fc.property(fc.array(write, { maxLength: 60 }), fc.array(far, { maxLength: 20 }), (writes, absent) => {
        const pages = new Int32Pages(3, -1);
        const naive = new Map<string, number>();
        for (const { record, field, value } of writes) {
          pages.set(record, field, value);
          naive.set(`${record}.${field}`, value);
        }
        for (const record of [...writes.map((write) => write.record), ...absent]) {
          for (let field = 0; field < 3; field++) {
            expect(pages.get(record, field)).toBe(naive.get(`${record}.${field}`) ?? -1);
          }
        }
      }),
      { seed: 5 },
    );
  });

  it('leaves what is stored where it is when it grows beyond a page', () => {
    const copied = jest.spyOn(Int32Array.prototype, 'set');
    const pages = new Int32Pages(1, 0);
    for (let record = 0; record < 40 * 2 ** PAGE_BITS; record++) pages.set(record, 0, record);
    const integers = copied.mock.calls.reduce((sum, [from]) => sum + from.length, 0);
    copied.mockRestore();
    expect(integers).toBeGreaterThan(0);
    expect(integers).toBeLessThan(2 ** PAGE_BITS);
  });
});
