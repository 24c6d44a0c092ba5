import { enlarge, type Growth } from '../../enlarge.js';

/** In the place of a position: the slot is not in the heap. */
const ABSENT = -1;

/**
 * A binary min-heap of slots that knows where each slot stands, so that any of them can be removed or moved.
 *
 * Ordered by priority, then key, then by which slot was pushed first: no two slots are equal, and the same calls always
 * give the same order. {@link update} keeps a slot's place in that last order.
 *
 * Cost: `push`, `remove`, `update` O(log n), `peek` and `peekOther` O(1); 26 bytes a slot.
 */
export class IndexedHeap {
  #size = 0;
  #pushes = 0;
  /** By position. */
  #slots = new Int32Array(0);
  /** The rest by slot. */
  #positions = new Int32Array(0);
  #priorities = new Int16Array(0);
  #keys = new Float64Array(0);
  /** Float64, because a busy cache passes 2^32 insertions within hours. */
  #sequences = new Float64Array(0);

  get size(): number {
    return this.#size;
  }

  /** Slots `0 .. capacity - 1` may be pushed once all steps were taken. */
  *grow(capacity: number): Growth {
    this.#slots = enlarge(this.#slots, capacity);
    yield;
    this.#positions = enlarge(this.#positions, capacity, ABSENT);
    yield;
    this.#priorities = enlarge(this.#priorities, capacity);
    yield;
    this.#keys = enlarge(this.#keys, capacity);
    yield;
    this.#sequences = enlarge(this.#sequences, capacity);
  }

  has(slot: number): boolean {
    return this.#positions[slot] !== ABSENT;
  }

  priority(slot: number): number {
    return this.#priorities[slot];
  }

  key(slot: number): number {
    return this.#keys[slot];
  }

  /** Whether `slot` leaves the heap before `other`. */
  isBefore(slot: number, other: number): boolean {
    const byPriority = this.#priorities[slot] - this.#priorities[other];
    if (byPriority !== 0) return byPriority < 0;
    const key = this.#keys[slot];
    const otherKey = this.#keys[other];
    // Not by subtraction: two infinite keys are equal, their difference is NaN.
    return key === otherKey ? this.#sequences[slot] < this.#sequences[other] : key < otherKey;
  }

  /** Adds `slot`, which must not be in the heap. `key` may be infinite, not NaN. */
  push(slot: number, priority: number, key: number): void {
    this.#priorities[slot] = priority;
    this.#keys[slot] = key;
    this.#sequences[slot] = this.#pushes++;
    this.#siftUp(slot, this.#size++);
  }

  /** Takes out `slot`, which must be in the heap. */
  remove(slot: number): void {
    const position = this.#positions[slot];
    const last = this.#slots[--this.#size];
    this.#positions[slot] = ABSENT;
    if (last !== slot) this.#settle(last, position);
  }

  /** Gives `slot`, which must be in the heap, another rank. */
  update(slot: number, priority: number, key: number): void {
    this.#priorities[slot] = priority;
    this.#keys[slot] = key;
    this.#settle(slot, this.#positions[slot]);
  }

  /** The first slot, or `-1`. */
  peek(): number {
    return this.#size === 0 ? -1 : this.#slots[0];
  }

  /** The first slot other than `excluded`, or `-1`. */
  peekOther(excluded: number): number {
    const first = this.peek();
    if (first !== excluded || first === -1) return first;
    if (this.#size <= 2) return this.#size === 2 ? this.#slots[1] : -1;
    return this.isBefore(this.#slots[1], this.#slots[2]) ? this.#slots[1] : this.#slots[2];
  }

  /** The slot in the last position, which is removed without a move, or `-1`. */
  last(): number {
    return this.#size === 0 ? -1 : this.#slots[this.#size - 1];
  }

  /** Adds `delta` to every key. Cost: O(n). */
  shiftKeys(delta: number): void {
    for (let position = 0; position < this.#size; position++) this.#keys[this.#slots[position]] += delta;
    // Rounding may have made keys equal that were not, and equal keys go by their sequence.
    for (let position = (this.#size >> 1) - 1; position >= 0; position--)
      this.#siftDown(this.#slots[position], position);
  }

  /**
   * Re-derives order and positions, for tests.
   *
   * @returns the number of slots in the heap.
   * @throws {Error} naming the first slot that stands wrong.
   */
  verify(): number {
    for (let position = 0; position < this.#size; position++) {
      const slot = this.#slots[position];
      if (this.#positions[slot] !== position) throw new Error(`slot ${slot} does not know its position ${position}`);
      if (position > 0 && this.isBefore(slot, this.#slots[(position - 1) >> 1])) {
        throw new Error(`slot ${slot} at position ${position} belongs before its parent`);
      }
    }
    let present = 0;
    for (const position of this.#positions) if (position !== ABSENT) present++;
    if (present !== this.#size) throw new Error(`${present} slots have a position, the heap holds ${this.#size}`);
    return present;
  }

  #settle(slot: number, position: number): void {
    if (position > 0 && this.isBefore(slot, this.#slots[(position - 1) >> 1])) this.#siftUp(slot, position);
    else this.#siftDown(slot, position);
  }

  #siftUp(slot: number, from: number): void {
    let position = from;
    while (position > 0) {
      const parentPosition = (position - 1) >> 1;
      const parent = this.#slots[parentPosition];
      if (!this.isBefore(slot, parent)) break;
      this.#place(parent, position);
      position = parentPosition;
    }
    this.#place(slot, position);
  }

  #siftDown(slot: number, from: number): void {
    let position = from;
    for (let child = 2 * position + 1; child < this.#size; child = 2 * position + 1) {
      if (child + 1 < this.#size && this.isBefore(this.#slots[child + 1], this.#slots[child])) child++;
      if (!this.isBefore(this.#slots[child], slot)) break;
      this.#place(this.#slots[child], position);
      position = child;
    }
    this.#place(slot, position);
  }

  #place(slot: number, position: number): void {
    this.#slots[position] = slot;
    this.#positions[slot] = position;
  }
}
