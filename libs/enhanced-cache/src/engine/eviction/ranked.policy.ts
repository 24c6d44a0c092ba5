import { enlarge, type Growth } from '../enlarge.js';
import type { EvictionPolicy, RemovalCause, SlotTraits } from './eviction-policy.js';
import { LruPolicy } from './lru.policy.js';
import { IndexedHeap } from './structures/indexed-heap.js';
import { lowerRanked } from './turn-away.js';

/** An entry leaves, whatever its rank, once so many times as many entries as are resident were evicted since its last use. */
export const IDLE_TURNOVERS = 4;

/**
 * Base of the policies that rank entries by one of their traits: lowest priority first, then lowest {@link rank}, then the
 * one that is resident the longest.
 *
 * Ranks alone would fill a cache with what ranks high and is never asked for again. So the rank of an entry counts while it
 * is in use: one that was not used for {@link IDLE_TURNOVERS} turnovers of the cache leaves before all others of its
 * priority. A read does nothing else.
 *
 * Cost: every call O(1) but for `onInsert`, `onUpdate` and `onRemove`, O(log n); 43 bytes a slot.
 */
export abstract class RankedPolicy implements EvictionPolicy {
  readonly #heap = new IndexedHeap();
  /** The order of use. */
  readonly #uses: LruPolicy;
  /** By slot: {@link #turnovers} at the last use. */
  #usedAt = new Float64Array(0);
  #turnovers = 0;
  #entries = 0;
  /** Whether room is made for a newcomer: only then does the cache turn over. */
  #isTurning = false;

  constructor(protected readonly traits: SlotTraits) {
    this.#uses = new LruPolicy(traits);
  }

  /** The lower, the sooner the entry leaves; may be infinite. Changes only when {@link onUpdate} is called. */
  protected abstract rank(slot: number): number;

  *grow(capacity: number): Growth {
    yield* this.#heap.grow(capacity);
    yield;
    yield* this.#uses.grow(capacity);
    yield;
    this.#usedAt = enlarge(this.#usedAt, capacity);
  }

  onInsert(slot: number): void {
    this.#entries++;
    this.#usedAt[slot] = this.#turnovers;
    this.#uses.onInsert(slot);
    this.#heap.push(slot, this.traits.priority(slot), this.rank(slot));
  }

  onHit(slot: number): void {
    this.#usedAt[slot] = this.#turnovers;
    this.#uses.onHit(slot);
  }

  onUpdate(slot: number): void {
    this.#usedAt[slot] = this.#turnovers;
    this.#uses.onUpdate(slot);
    this.#heap.update(slot, this.traits.priority(slot), this.rank(slot));
  }

  onResize(slot: number): void {
    this.#heap.update(slot, this.traits.priority(slot), this.rank(slot));
  }

  onRemove(slot: number, cause: RemovalCause): void {
    if (cause === 'evicted' && this.#isTurning) this.#turnovers += 1 / this.#entries;
    this.#entries--;
    this.#uses.onRemove(slot);
    this.#heap.remove(slot);
  }

  victim(newcomer: number): number {
    this.#isTurning = newcomer !== -1;
    const idlest = this.#uses.victim(newcomer);
    const isIdle = idlest !== -1 && this.#turnovers - this.#usedAt[idlest] >= IDLE_TURNOVERS;
    return isIdle ? idlest : lowerRanked(this.traits, newcomer, this.#heap.peekOther(newcomer));
  }

  /**
   * Re-derives heap and order of use, for tests.
   *
   * @returns the number of resident slots.
   * @throws {Error} naming the first slot that stands wrong.
   */
  verify(): number {
    const ranked = this.#heap.verify();
    if (this.#uses.verify() !== ranked) throw new Error(`${ranked} slots are ranked, not as many as are in use`);
    return ranked;
  }
}
