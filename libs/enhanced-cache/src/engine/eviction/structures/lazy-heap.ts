import { enlarge, type Growth } from '../../enlarge.js';
import { IndexedHeap } from './indexed-heap.js';

/** The most slots that one {@link LazyHeap.lowestOther} moves, some tenths of a millisecond of work. */
export const MAX_REPAIRS = 1024;

/**
 * A heap of slots whose scores may rise without the heap being told.
 *
 * {@link raise} only writes the new score. The heap goes on with the old one, which is a lower bound: whoever stands
 * first with a score that is still exact is therefore the lowest of all. Asked for it, the heap sinks what stands first
 * with a score that has risen, until one stands first that is exact.
 *
 * Cost: `raise` O(1), everything else O(log n), amortised: a slot is sunk once at most for all the raises that it had
 * since. Where very many rose since the last question (a large cache that was read for long before it was full), that
 * debt would fall due in one call; past {@link MAX_REPAIRS} the answer is the lowest of those just looked at, and the
 * next calls go on from there. Priorities are kept to all the same. 34 bytes a slot.
 */
export class LazyHeap {
  readonly #heap = new IndexedHeap();
  #scores = new Float64Array(0);

  get size(): number {
    return this.#heap.size;
  }

  /** Slots `0 .. capacity - 1` may be pushed once all steps were taken. */
  *grow(capacity: number): Growth {
    yield* this.#heap.grow(capacity);
    yield;
    this.#scores = enlarge(this.#scores, capacity);
  }

  score(slot: number): number {
    return this.#scores[slot];
  }

  /** Adds `slot`, which must not be in the heap. */
  push(slot: number, priority: number, score: number): void {
    this.#scores[slot] = score;
    this.#heap.push(slot, priority, score);
  }

  /** Gives `slot` a score that is not lower than the one it has. */
  raise(slot: number, score: number): void {
    this.#scores[slot] = score;
  }

  /** Gives `slot` any other priority and score. */
  update(slot: number, priority: number, score: number): void {
    this.#scores[slot] = score;
    this.#heap.update(slot, priority, score);
  }

  remove(slot: number): void {
    this.#heap.remove(slot);
  }

  /**
   * The slot of the lowest score within the lowest priority, `excluded` left aside; the first pushed where several
   * are; `-1` where there is none.
   */
  lowestOther(excluded: number): number {
    let lowestRepaired = -1;
    for (let repairs = 0; ; repairs++) {
      const first = this.#heap.peekOther(excluded);
      if (first === -1 || this.#scores[first] <= this.#heap.key(first)) return first;
      if (repairs === MAX_REPAIRS) return lowestRepaired;
      this.#heap.update(first, this.#heap.priority(first), this.#scores[first]);
      if (lowestRepaired === -1 || this.#heap.isBefore(first, lowestRepaired)) lowestRepaired = first;
    }
  }

  /** The slot that is the cheapest to remove, or `-1`. */
  last(): number {
    return this.#heap.last();
  }

  /** Adds `delta` to every score. Cost: O(n). */
  shiftScores(delta: number): void {
    for (let slot = 0; slot < this.#scores.length; slot++) this.#scores[slot] += delta;
    this.#heap.shiftKeys(delta);
  }

  /**
   * Re-derives the heap's order and its promise to hold lower bounds, for tests.
   *
   * @returns the number of slots in the heap.
   * @throws {Error} naming the first slot that stands wrong.
   */
  verify(): number {
    for (let slot = 0; slot < this.#scores.length; slot++) {
      if (this.#heap.has(slot) && !(this.#heap.key(slot) <= this.#scores[slot])) {
        throw new Error(`slot ${slot} stands at ${this.#heap.key(slot)}, above its score ${this.#scores[slot]}`);
      }
    }
    return this.#heap.verify();
  }
}
