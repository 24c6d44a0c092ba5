import type { Growth } from '../enlarge.js';
import type { EvictionPolicy, SlotTraits } from './eviction-policy.js';
import { IndexedHeap } from './structures/indexed-heap.js';
import { lowerRanked } from './turn-away.js';

/**
 * Base of the policies that rank entries by one of their traits, whatever is read: lowest priority first, then lowest
 * {@link rank}, then the one that is resident the longest.
 *
 * Cost: a read nothing, `victim` O(1), the other calls O(log n); 26 bytes a slot.
 */
export abstract class RankedPolicy implements EvictionPolicy {
  readonly #heap = new IndexedHeap();

  constructor(protected readonly traits: SlotTraits) {}

  /** The lower, the sooner the entry leaves; may be infinite. Changes only when {@link onUpdate} is called. */
  protected abstract rank(slot: number): number;

  grow(capacity: number): Growth {
    return this.#heap.grow(capacity);
  }

  onInsert(slot: number): void {
    this.#heap.push(slot, this.traits.priority(slot), this.rank(slot));
  }

  /** Reads do not count. */
  onHit(_slot: number): void {}

  onUpdate(slot: number): void {
    this.#heap.update(slot, this.traits.priority(slot), this.rank(slot));
  }

  onResize(slot: number): void {
    this.onUpdate(slot);
  }

  onRemove(slot: number): void {
    this.#heap.remove(slot);
  }

  victim(newcomer: number): number {
    return lowerRanked(this.traits, newcomer, this.#heap.peekOther(newcomer));
  }

  /**
   * Re-derives the heap, for tests.
   *
   * @returns the number of resident slots.
   * @throws {Error} naming the first slot that stands wrong.
   */
  verify(): number {
    return this.#heap.verify();
  }
}
