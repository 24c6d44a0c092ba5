import fc from 'fast-check';
import { DecodedValue, DecodedValues } from './decoded-values.js';
import { SlotTable } from './slot-table.js';

const MIB = 1024 * 1024;
const form = (heldBytes: number) => ({ heldBytes, copy: () => heldBytes });

function valuesOf(slots: number) {
  const table = new SlotTable(0);
  for (let slot = 0; slot < slots; slot++) table.data[slot] = `stored ${slot}`;
  return { table, values: new DecodedValues(table) };
}

describe('DecodedValues', () => {
  it('keeps a form beside the stored one, and gives the stored one back', () => {
    const { table, values } = valuesOf(3);
    expect(values.admit(1, form(100), 1000)).toBe(true);
    expect([values.bytes, values.count, table.stored(1)]).toEqual([100, 1, 'stored 1']);
    values.forget(0);
    values.forget(1);
    values.forget(1);
    expect([values.bytes, values.count, table.data[1]]).toEqual([0, 0, 'stored 1']);
  });

  it('exchanges what was not used for what is, and leaves what is all in use', () => {
    const { table, values } = valuesOf(20);
    for (let slot = 0; slot < 10; slot++) values.admit(slot, form(100), 1000);
    const use = (slots: number[]): void => slots.forEach((slot) => ((table.data[slot] as DecodedValue).used = true));
    // Eight looks find eight forms in use; at the next try their bits are gone.
    expect(values.admit(10, form(100), 1000)).toBe(false);
    use([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(values.admit(10, form(100), 1000)).toBe(false);
    expect(values.admit(10, form(100), 1000)).toBe(true);
    expect([table.data[8], values.count, values.bytes]).toEqual(['stored 8', 10, 1000]);
  });

  it('gives a large form no room at the cost of all others', () => {
    const { values } = valuesOf(2);
    expect(values.admit(0, form(251), 1000)).toBe(false);
    expect(values.admit(0, form(250), 1000)).toBe(true);
  });

  it('tries one candidate of eight while there is no room', () => {
    const { values } = valuesOf(2);
    values.admit(0, form(100), 400);
    expect(values.isOpen(101)).toBe(true);
    expect(Array.from({ length: 16 }, () => values.isOpen(100)).filter(Boolean)).toHaveLength(2);
  });

  it('shrinks to the room there is', () => {
    const { table, values } = valuesOf(10);
    for (let slot = 0; slot < 10; slot++) values.admit(slot, form(100), 1000);
    values.shrink(350);
    expect([values.count, values.bytes]).toEqual([3, 300]);
    values.shrink(0);
    expect(table.data.every((data) => typeof data === 'string')).toBe(true);
  });

  // A soak run ended in a read that looked for the form of an entry which had left without a word.
  it('survives a slot that has something else by now, and leaves that alone', () => {
    const { table, values } = valuesOf(3);
    for (let slot = 0; slot < 3; slot++) values.admit(slot, form(100), 1000);
    table.data[0] = 'another entry';
    table.data[2] = undefined;
    values.shrink(0);
    expect([values.count, values.bytes]).toEqual([0, 0]);
    expect(table.data).toEqual(['another entry', 'stored 1', undefined]);
  });

  it('has an eighth of the memory, and no more than a sixth of what is held unless that is little', () => {
    expect(DecodedValues.room(100 * MIB, 48 * MIB)).toBe(8 * MIB);
    expect(DecodedValues.room(100 * MIB, 90 * MIB)).toBe(12.5 * MIB);
    expect(DecodedValues.room(100 * MIB, 1 * MIB)).toBe(1.5 * MIB);
    expect(DecodedValues.room(1 * MIB, 1 * MIB)).toBe(MIB / 8);
  });

  it('knows at every step what it holds', () => {
    const step = fc.tuple(
      fc.constantFrom('admit', 'forget', 'use', 'shrink'),
      fc.nat(15),
      fc.integer({ min: 1, max: 300 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { table, values } = valuesOf(16);
        for (const [what, slot, amount] of steps) {
          const held = table.data[slot];
          if (what === 'admit' && !(held instanceof DecodedValue)) values.admit(slot, form(amount), 1000);
          else if (what === 'forget') values.forget(slot);
          else if (what === 'use' && held instanceof DecodedValue) held.used = true;
          else if (what === 'shrink') values.shrink(amount * 3);
          const decoded = table.data.filter((data) => data instanceof DecodedValue);
          expect(values.count).toBe(decoded.length);
          expect(values.bytes).toBe(decoded.reduce((sum, { form: { heldBytes } }) => sum + heldBytes, 0));
          expect(values.bytes).toBeLessThanOrEqual(1000);
          expect(table.data.map((_, each) => table.stored(each))).toEqual(
            table.data.map((__, each) => `stored ${each}`),
          );
        }
      }),
      { seed: 20261126 },
    );
  });
});
