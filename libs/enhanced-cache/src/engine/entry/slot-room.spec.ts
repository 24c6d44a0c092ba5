import type { Growth } from '../enlarge.js';
import { SlotRoom } from './slot-room.js';

/** Grows in so many steps, and knows how much room there is once all are taken. */
class Arrays {
  capacity = 0;
  stepsTaken = 0;
  constructor(private readonly steps: number) {}
  *grow(capacity: number): Growth {
    for (let i = 0; i < this.steps; i++) {
      this.stepsTaken++;
      yield;
    }
    this.capacity = capacity;
  }
}

function fill(room: SlotRoom, arrays: Arrays, from: number, to: number, enough: number): number {
  let most = 0;
  for (let slot = from; slot < to; slot++) {
    const before = arrays.stepsTaken;
    room.ensure(slot, enough);
    if (slot >= 8192) most = Math.max(most, arrays.stepsTaken - before);
    if (slot >= arrays.capacity) throw new Error(`no room for slot ${slot}`);
  }
  return most;
}

describe('SlotRoom', () => {
  it('has room for every slot in time, and never enlarges more than one array at an insertion', () => {
    const arrays = new Arrays(30);
    const room = new SlotRoom([arrays]);
    expect(fill(room, arrays, 0, 200_000, Infinity)).toBe(1);
    expect(room.slots).toBeLessThan(200_000 * 1.4);
  });

  it('makes no more room than will do, and more than that where it has to', () => {
    const arrays = new Arrays(3);
    const room = new SlotRoom([arrays]);
    fill(room, arrays, 0, 10_001, 10_001);
    expect(room.slots).toBe(10_001);
    fill(room, arrays, 10_001, 10_002, 10_001);
    expect(room.slots).toBeGreaterThan(10_001);
  });

  it('grows all that has arrays', () => {
    const [one, other] = [new Arrays(1), new Arrays(5)];
    const room = new SlotRoom([one, other]);
    for (let slot = 0; slot < 50_000; slot++) room.ensure(slot, Infinity);
    expect(one.capacity).toBe(room.slots);
    expect(other.capacity).toBe(room.slots);
  });
});
