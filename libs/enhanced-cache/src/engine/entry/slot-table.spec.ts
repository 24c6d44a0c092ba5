import { StoredKind, type StoredValue } from '../codec/value-codec.js';
import { growAtOnce } from '../enlarge.js';
import { resolveAttributes } from './entry-attributes.js';
import { SlotTable } from './slot-table.js';

const EPOCH = 1000;
const direct: StoredValue = { kind: StoredKind.DIRECT, data: 7, originalBytes: 8, storedBytes: 8, heldBytes: 8 };
const json: StoredValue = { ...direct, kind: StoredKind.JSON, data: '[7]' };

function tableOf(capacity: number): SlotTable {
  const table = new SlotTable(EPOCH);
  growAtOnce(table.grow(capacity));
  return table;
}

describe('SlotTable', () => {
  it('grows without losing what it holds, and hands freed slots out again', () => {
    const table = tableOf(64);
    const slots: number[] = [];
    for (let i = 0; i < 1000; i++) {
      if (i === 64) growAtOnce(table.grow(1000));
      const slot = table.allocate(`k${i}`);
      table.fill(slot, { ...direct, data: i }, resolveAttributes({ cost: i, metadata: { i } }, i), 100 + i, EPOCH);
      table.restoreHistory(slot, i, 2 * i, 3 * i);
      slots.push(slot);
    }
    expect(new Set(slots).size).toBe(1000);
    slots.forEach((slot, i) => {
      expect([table.key(slot), table.data[slot], table.cost(slot), table.weight(slot)]).toEqual([
        `k${i}`,
        i,
        i,
        100 + i,
      ]);
      expect([table.created(slot), table.lastAccess(slot), table.hits(slot)]).toEqual([i, 2 * i, 3 * i]);
      expect([table.expiresAt(slot), table.metadata(slot)]).toEqual([EPOCH + i, `{"i":${i}}`]);
    });
    table.release(slots[10]);
    expect([table.resident, table.key(slots[10]), table.metadata(slots[10])]).toEqual([999, undefined, undefined]);
    expect(table.next).toBe(slots[10]);
    expect(table.allocate('again')).toBe(slots[10]);
    expect(table.used).toBe(1000);
  });

  it('hands out the slots that were freed, the last one first, before it takes new ones', () => {
    const table = tableOf(64);
    for (let i = 0; i < 10; i++) table.fill(table.allocate(`k${i}`), direct, resolveAttributes({}, 1), i, EPOCH);
    for (const slot of [3, 0, 7]) table.release(slot);
    const allocate = (): number => {
      const slot = table.allocate('again');
      table.fill(slot, direct, resolveAttributes({}, 1), 99, EPOCH);
      return slot;
    };
    expect([allocate(), allocate(), table.next, table.resident]).toEqual([7, 0, 3, 9]);
    table.release(0);
    expect([allocate(), allocate(), allocate(), allocate()]).toEqual([0, 3, 10, 11]);
    expect([table.used, table.resident]).toEqual([12, 12]);
  });

  it('goes on working between two steps of its growth', () => {
    const table = tableOf(4);
    const slots = ['a', 'b', 'c', 'd'].map((key) => table.allocate(key));
    const growth = table.grow(5000);
    for (let step = 0; !growth.next().done; step++) {
      for (const slot of slots) table.fill(slot, direct, resolveAttributes({ cost: step }, step), step, EPOCH + slot);
    }
    expect(slots.map((slot) => table.expiresAt(slot) - slot - EPOCH)).toEqual(Array(4).fill(table.cost(0)));
    expect(slots.map((slot) => table.lastAccess(slot))).toEqual(slots.map((slot) => EPOCH + slot));
  });

  it('says until when a value that is stored as it is may be taken without another look', () => {
    const table = tableOf(64);
    const slot = table.allocate('k');
    const until = (value: StoredValue, ttlMs: number): number => {
      table.fill(slot, value, resolveAttributes(undefined, ttlMs), 1, EPOCH + 10);
      return table.directUntil[slot];
    };
    expect(until(direct, 5.75)).toBe(15);
    expect(until(direct, Infinity)).toBe(2 ** 32 - 1);
    expect(until(json, 1e6)).toBe(0);
    until(direct, 1e6);
    table.lapse(slot, EPOCH - 1);
    expect(table.directUntil[slot]).toBe(0);
    table.retime(slot, EPOCH + 100, EPOCH + 200);
    expect([table.directUntil[slot], table.freshUntil(slot), table.expiresAt(slot)]).toEqual([100, 1100, 1200]);
    table.replaceStored(slot, json, 1);
    expect(table.directUntil[slot]).toBe(0);
    table.replaceStored(slot, direct, 1);
    expect(table.directUntil[slot]).toBe(100);
    table.release(slot);
    expect(table.directUntil[slot]).toBe(0);
  });

  it('forgets with the value that no load was to be tried', () => {
    const table = tableOf(64);
    const slot = table.allocate('k');
    table.holdOff(slot, 5);
    expect(table.retryAt(slot)).toBe(5);
    table.fill(slot, direct, resolveAttributes(undefined, 1), 1, EPOCH);
    expect(table.retryAt(slot)).toBe(0);
  });

  it('hashes a key the same in every slot', () => {
    const table = tableOf(64);
    const [a, b, c] = ['user:1', 'user:1', 'user:2'].map((key) => table.keyHash(table.allocate(key)));
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });
});
