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
        const table = new SlotTable();
        entries.forEach(({ at }, i) => {
          const slot = table.allocate(Infinity);
          table.keys[slot] = `k${i}`;
          table.accessed[slot] = at;
        });
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

describe('SlotTable', () => {
  it('grows without losing what it holds, and hands freed slots out again', () => {
    const table = new SlotTable();
    const slots = Array.from({ length: 1000 }, (_, i) => {
      const slot = table.allocate(Infinity);
      table.keys[slot] = `k${i}`;
      table.expiries[slot] = i;
      return slot;
    });
    expect(new Set(slots).size).toBe(1000);
    expect(slots.every((slot, i) => table.expiries[slot] === i)).toBe(true);
    table.release(slots[10]);
    expect(table.resident).toBe(999);
    expect(table.allocate(Infinity)).toBe(slots[10]);
    expect(table.used).toBe(1000);
  });

  it('takes no more room than will do, and more than that where it has to', () => {
    const table = new SlotTable();
    for (let i = 0; i < 1500; i++) table.allocate(1501);
    expect(table.capacity).toBe(1501);
    for (let i = 0; i < 10_000; i++) table.allocate(1501);
    expect(table.capacity).toBeGreaterThanOrEqual(11_500);
    expect(table.capacity).toBeLessThanOrEqual(11_500 * 1.25);
  });

  it('hashes a key the same in every slot', () => {
    const table = new SlotTable();
    const [a, b, c] = ['user:1', 'user:1', 'user:2'].map((key) => {
      const slot = table.allocate(Infinity);
      table.keys[slot] = key;
      return table.keyHash(slot);
    });
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });
});
