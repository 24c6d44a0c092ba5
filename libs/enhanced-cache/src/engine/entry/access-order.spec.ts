import { growAtOnce } from '../enlarge.js';
import fc from 'fast-check';
import { slotsByAccess } from './access-order.js';
import { SlotTable } from './slot-table.js';

function sorted(table: SlotTable): number[] {
  const steps = slotsByAccess(table);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return [...(value as Int32Array)];
  }
}

describe('slotsByAccess', () => {
  it('orders the resident slots by their last access, whatever was freed between', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ at: fc.nat(1000), freed: fc.boolean() }), { maxLength: 300 }), (entries) => {
        const table = new SlotTable(0);
        growAtOnce(table.grow(300));
        entries.forEach(({ at }, i) => table.restoreHistory(table.allocate(`k${i}`), 0, at, 0));
        entries.forEach(({ freed }, slot) => freed && table.release(slot));
        const expected = entries
          .map(({ at, freed }, slot) => ({ at, freed, slot }))
          .filter(({ freed }) => !freed)
          .sort((a, b) => a.at - b.at || a.slot - b.slot)
          .map(({ slot }) => slot);
        expect(sorted(table)).toEqual(expected);
      }),
      { seed: 7 },
    );
  });
});
