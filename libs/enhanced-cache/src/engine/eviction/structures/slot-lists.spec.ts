import { growAtOnce } from '../../enlarge.js';
import fc from 'fast-check';
import { SlotLists } from './slot-lists.js';

describe('SlotLists', () => {
  const listsOf = (lists: number, capacity: number): SlotLists => {
    const made = new SlotLists(lists);
    growAtOnce(made.grow(capacity));
    return made;
  };

  it('keeps each list in the order of pushes', () => {
    const lists = listsOf(2, 6);
    for (const slot of [4, 0, 5]) lists.pushBack(0, slot);
    for (const slot of [1, 3]) lists.pushBack(1, slot);
    expect([...lists.slots(0)]).toEqual([4, 0, 5]);
    expect([...lists.slots(1)]).toEqual([1, 3]);
    expect([lists.first(0), lists.after(4), lists.after(5)]).toEqual([4, 0, -1]);
    expect(lists.verify()).toBe(5);
  });

  it('takes a slot out of the front, the middle and the end', () => {
    const lists = listsOf(1, 5);
    for (let slot = 0; slot < 5; slot++) lists.pushBack(0, slot);
    for (const slot of [0, 2, 4]) lists.remove(slot);
    expect([...lists.slots(0)]).toEqual([1, 3]);
    for (const slot of [3, 1]) lists.remove(slot);
    expect(lists.isEmpty(0)).toBe(true);
    expect(lists.first(0)).toBe(-1);
  });

  it('moves a slot to the end of its own list, alone or not, or to another list', () => {
    const lists = listsOf(2, 3);
    lists.pushBack(0, 0);
    lists.moveToBack(0, 0);
    lists.pushBack(0, 1);
    lists.moveToBack(0, 0);
    expect([...lists.slots(0)]).toEqual([1, 0]);
    lists.moveToBack(1, 1);
    expect([[...lists.slots(0)], [...lists.slots(1)]]).toEqual([[0], [1]]);
  });

  it('keeps its lists when it grows, and does not shrink', () => {
    const lists = listsOf(3, 2);
    lists.pushBack(2, 1);
    growAtOnce(lists.grow(100));
    growAtOnce(lists.grow(1));
    lists.pushBack(2, 99);
    expect([...lists.slots(2)]).toEqual([1, 99]);
    expect(lists.verify()).toBe(2);
  });

  it('finds out that a slot was linked twice', () => {
    const lists = listsOf(2, 4);
    lists.pushBack(0, 1);
    lists.pushBack(0, 2);
    lists.pushBack(1, 1);
    expect(() => lists.verify()).toThrow(/does not link back|runs into/);
  });

  it('equals plain arrays after any sequence of operations', () => {
    const operation = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(11));
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 300, size: 'max' }), (operations) => {
        const lists = listsOf(3, 12);
        const arrays: number[][] = [[], [], []];
        for (const [what, list, slot] of operations) {
          const holder = arrays.findIndex((array) => array.includes(slot));
          if (holder !== -1) arrays[holder].splice(arrays[holder].indexOf(slot), 1);
          if (holder === -1) lists.pushBack(list, slot);
          else if (what === 0) lists.remove(slot);
          else lists.moveToBack(list, slot);
          if (holder === -1 || what !== 0) arrays[list].push(slot);
          lists.verify();
          expect(arrays.map((_, i) => [...lists.slots(i)])).toEqual(arrays);
        }
      }),
      { seed: 7, numRuns: 50 },
    );
  });
});
