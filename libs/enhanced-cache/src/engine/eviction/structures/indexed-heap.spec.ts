import { growAtOnce } from '../../enlarge.js';
import fc from 'fast-check';
import { IndexedHeap } from './indexed-heap.js';

describe('IndexedHeap', () => {
  const heapOf = (...ranks: [priority: number, key: number][]): IndexedHeap => {
    const heap = new IndexedHeap();
    growAtOnce(heap.grow(Math.max(ranks.length, 16)));
    ranks.forEach(([priority, key], slot) => heap.push(slot, priority, key));
    return heap;
  };
  const drain = (heap: IndexedHeap): number[] => {
    const order: number[] = [];
    for (let slot = heap.peek(); slot !== -1; slot = heap.peek()) {
      order.push(slot);
      heap.remove(slot);
      expect(heap.verify()).toBe(heap.size);
    }
    return order;
  };

  it('orders by priority, then by key, then by who came first', () => {
    expect(drain(heapOf([0, 5], [1, -9], [-1, 99], [0, 5], [0, 4]))).toEqual([2, 4, 0, 3, 1]);
  });

  it('takes infinite keys, and keeps those that are equal in the order of pushes', () => {
    const [least, most] = [-Infinity, Infinity];
    expect(drain(heapOf([0, most], [0, 1], [0, least], [0, most], [0, least]))).toEqual([2, 4, 1, 0, 3]);
  });

  it('keeps a slot’s turn among equals through updates, and gives it a new one when it comes back', () => {
    const heap = heapOf([0, 1], [0, 1], [0, 1]);
    heap.update(0, 3, 7);
    heap.update(0, 0, 1);
    expect(heap.peek()).toBe(0);
    heap.remove(0);
    heap.push(0, 0, 1);
    expect(drain(heap)).toEqual([1, 2, 0]);
  });

  it('finds the best other slot with none, one, two and more slots', () => {
    const heap = heapOf();
    expect([heap.peek(), heap.peekOther(-1), heap.peekOther(3)]).toEqual([-1, -1, -1]);
    heap.push(0, 0, 10);
    expect([heap.peekOther(0), heap.peekOther(-1), heap.peekOther(5)]).toEqual([-1, 0, 0]);
    heap.push(1, 0, 20);
    expect([heap.peekOther(0), heap.peekOther(1)]).toEqual([1, 0]);
    heap.push(2, 0, 15);
    expect(heap.peekOther(0)).toBe(2);
    heap.update(1, 0, 12);
    expect(heap.peekOther(0)).toBe(1);
  });

  it('keeps the order through a shift of all keys, even where rounding makes keys equal', () => {
    const heap = heapOf([0, 3e-16], [0, 2e-16], [0, 1e-16], [0, 5]);
    expect(heap.peek()).toBe(2);
    heap.shiftKeys(-1024);
    expect(heap.verify()).toBe(4);
    // The three small ones are equal now, so the first pushed is the first.
    expect(heap.key(0)).toBe(heap.key(2));
    expect(drain(heap)).toEqual([0, 1, 2, 3]);
  });

  it('knows what it holds', () => {
    const heap = heapOf([4, 1.5]);
    expect([heap.has(0), heap.has(1), heap.priority(0), heap.key(0), heap.size]).toEqual([true, false, 4, 1.5, 1]);
    growAtOnce(heap.grow(1000));
    expect([heap.has(0), heap.has(999)]).toEqual([true, false]);
    heap.remove(0);
    expect([heap.has(0), heap.size]).toEqual([false, 0]);
  });

  it('finds out that a slot was pushed twice', () => {
    const heap = heapOf([0, 1], [0, 2]);
    heap.push(0, 0, 3);
    expect(() => heap.verify()).toThrow(/slot 0|1 slots|2 slots/);
  });

  it('equals a sorted list after any sequence of operations, removals from the middle included', () => {
    const operation = fc.tuple(fc.nat(3), fc.nat(23), fc.integer({ min: -2, max: 2 }), fc.nat(5));
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 400, size: 'max' }), (operations) => {
        const heap = new IndexedHeap();
        growAtOnce(heap.grow(24));
        let held: { slot: number; priority: number; key: number }[] = [];
        for (const [what, slot, priority, key] of operations) {
          const entry = held.find((other) => other.slot === slot);
          if (!entry) {
            heap.push(slot, priority, key);
            held.push({ slot, priority, key });
          } else if (what === 0) {
            heap.remove(slot);
            held = held.filter((other) => other !== entry);
          } else {
            heap.update(slot, priority, key);
            Object.assign(entry, { priority, key });
          }
          // Sorting is stable, so equals stay in the order of pushes.
          const order = held.toSorted((a, b) => a.priority - b.priority || a.key - b.key).map((each) => each.slot);
          expect(heap.verify()).toBe(held.length);
          expect(heap.peek()).toBe(order[0] ?? -1);
          expect(heap.peekOther(slot)).toBe(order.find((other) => other !== slot) ?? -1);
        }
      }),
      { seed: 3, numRuns: 60 },
    );
  });
});
