import fc from 'fast-check';
import { bandOf, MAX_PRIORITY, MIN_PRIORITY, PRIORITY_BANDS, PriorityBands } from './priority-bands.js';

describe('PriorityBands', () => {
  it('has a band for every priority, in order', () => {
    expect([bandOf(MIN_PRIORITY), bandOf(0), bandOf(MAX_PRIORITY)]).toEqual([0, 100, PRIORITY_BANDS - 1]);
  });

  it('finds no band where none holds an entry', () => {
    const bands = new PriorityBands();
    expect([bands.lowest(), bands.total, bands.count(0)]).toEqual([-1, 0, 0]);
  });

  it('finds every band, the sign bits of the words included', () => {
    for (let band = 0; band < PRIORITY_BANDS; band++) {
      const bands = new PriorityBands();
      bands.add(PRIORITY_BANDS - 1);
      bands.add(band);
      expect(bands.lowest()).toBe(band);
    }
  });

  it('keeps a band occupied until its last entry is gone', () => {
    const bands = new PriorityBands();
    for (const band of [63, 63, 64]) bands.add(band);
    bands.remove(63);
    expect(bands.lowest()).toBe(63);
    bands.remove(63);
    expect([bands.lowest(), bands.count(63), bands.total]).toEqual([64, 0, 1]);
  });

  it('equals a sorted list after any additions and removals', () => {
    const band = fc.nat(PRIORITY_BANDS - 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), band), { maxLength: 200, size: 'max' }), (operations) => {
        const bands = new PriorityBands();
        const held: number[] = [];
        for (const [add, band] of operations) {
          if (add) {
            bands.add(band);
            held.push(band);
          } else if (held.length > 0) bands.remove(held.splice(band % held.length, 1)[0]);
          expect([bands.lowest(), bands.total]).toEqual([held.length === 0 ? -1 : Math.min(...held), held.length]);
        }
      }),
      { seed: 11, numRuns: 100 },
    );
  });
});
