import { growAtOnce } from '../../enlarge.js';
import { LazyHeap, MAX_REPAIRS } from './lazy-heap.js';

describe('LazyHeap', () => {
  const heapOf = (...scores: number[]): LazyHeap => {
    const heap = new LazyHeap();
    growAtOnce(heap.grow(scores.length));
    scores.forEach((score, slot) => heap.push(slot, 0, score));
    return heap;
  };

  it('names the lowest score although it was not told of those that rose', () => {
    const heap = heapOf(1, 2, 3, 4);
    heap.raise(0, 3.5);
    heap.raise(1, 9);
    expect(heap.lowestOther(-1)).toBe(2);
    expect(heap.lowestOther(2)).toBe(0);
    expect(heap.verify()).toBe(4);
  });

  it('counts all raises since the last question as one', () => {
    const heap = heapOf(1, 5);
    for (const score of [2, 3, 4]) heap.raise(0, score);
    expect(heap.lowestOther(-1)).toBe(0);
    heap.raise(0, 5.5);
    expect(heap.lowestOther(-1)).toBe(1);
  });

  it('leaves the excluded slot aside, risen or not', () => {
    const heap = heapOf(1, 2);
    expect(heap.lowestOther(0)).toBe(1);
    heap.raise(0, 10);
    expect(heap.lowestOther(1)).toBe(0);
    heap.remove(0);
    expect(heap.lowestOther(1)).toBe(-1);
    expect(heap.size).toBe(1);
  });

  it('takes a lower score by an update', () => {
    const heap = heapOf(1, 2, 3);
    heap.raise(2, 8);
    heap.update(2, 0, 0.5);
    expect(heap.lowestOther(-1)).toBe(2);
    heap.update(2, 1, 0.5);
    expect(heap.lowestOther(-1)).toBe(0);
  });

  it('moves scores and what stands for them by the same distance', () => {
    const heap = heapOf(1000, 1001, 1002);
    heap.raise(0, 1001.5);
    heap.shiftScores(-1000);
    expect([0, 1, 2].map((slot) => heap.score(slot))).toEqual([1.5, 1, 2]);
    expect(heap.verify()).toBe(3);
    expect(heap.lowestOther(-1)).toBe(1);
    expect(heap.lowestOther(1)).toBe(0);
  });

  it('bounds the work of one question, and then names the lowest of those it looked at', () => {
    const slots = 3 * MAX_REPAIRS;
    const heap = heapOf(...Array.from({ length: slots }, () => 1));
    // All rose: the lowest of the first lot is slot 700, the lowest of all is the very last.
    for (let slot = 0; slot < slots; slot++) heap.raise(slot, slot === slots - 1 ? 2 : slot === 700 ? 3 : 10 + slot);
    expect(heap.lowestOther(-1)).toBe(700);
    expect(heap.verify()).toBe(slots);
    heap.remove(700);
    const named = [1, 2, 3].map(() => heap.lowestOther(-1));
    expect(named.at(-1)).toBe(slots - 1);
  });

  it('keeps to priorities where the work is bounded', () => {
    const slots = 2 * MAX_REPAIRS;
    const heap = new LazyHeap();
    growAtOnce(heap.grow(slots));
    for (let slot = 0; slot < slots; slot++) heap.push(slot, slot === 0 ? 1 : 0, 1);
    for (let slot = 0; slot < slots; slot++) heap.raise(slot, 2);
    expect(heap.lowestOther(-1)).not.toBe(0);
  });

  it('finds out that a score was lowered by a raise', () => {
    const heap = heapOf(5, 6);
    heap.raise(0, 4);
    expect(() => heap.verify()).toThrow('slot 0 stands at 5, above its score 4');
  });
});
