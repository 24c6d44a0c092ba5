import type { Growth } from '../enlarge.js';
import type { EvictionPolicy, RemovalCause, SlotTraits } from './eviction-policy.js';
import { LazyHeap } from './structures/lazy-heap.js';
import { bandOf, PRIORITY_BANDS } from './structures/priority-bands.js';
import { SlotFrequencies } from './structures/slot-frequencies.js';
import { lowerRanked } from './turn-away.js';

/**
 * LFU with dynamic ageing: of the lowest priority, the entry with the lowest `age + frequency` leaves.
 *
 * The age is the score of the last entry evicted. An entry takes it up whenever it is used, so that what is used now
 * starts ahead of what was used long ago, and yesterday's favourite is caught up with: by the time the cache has turned
 * over as often as the entry was ever counted ({@link MAX_FREQUENCY} at most), it has left. Among equal scores the entry
 * that is resident the longest leaves.
 *
 * Cost: `onHit` O(1), two writes; the other calls O(log n), amortised; see {@link LazyHeap}. 36 bytes a slot.
 *
 * Arlitt, Cherkasova, Dilley, Friedrich, Jin, "Evaluating Content Management Techniques for Web Proxy Caches",
 * ACM SIGMETRICS Performance Evaluation Review 27(4), 2000: LFU-DA.
 * Differs from the paper: every priority has an age of its own. Only entries of one priority compete with each other;
 * were the age common, evictions among the unimportant would age the important ones, and an age that several queues
 * feed could fall. The frequency is bounded. The newcomer is in the heap before room is made for it, so it is scored
 * again with the age that its victims leave behind.
 */
export class LfuPolicy implements EvictionPolicy {
  readonly #traits: SlotTraits;
  readonly #heap = new LazyHeap();
  readonly #frequencies = new SlotFrequencies();
  readonly #ages = new Float64Array(PRIORITY_BANDS);
  /** The entry that room is being made for, or `-1`. */
  #newcomer = -1;
  /** The entry that was named last, or `-1`. While another policy still chooses, what it evicts says nothing here. */
  #victim = -1;

  constructor(traits: SlotTraits) {
    this.#traits = traits;
  }

  *grow(capacity: number): Growth {
    yield* this.#heap.grow(capacity);
    yield;
    yield* this.#frequencies.grow(capacity);
  }

  onInsert(slot: number): void {
    const frequency = this.#frequencies.start(slot, this.#traits.hits(slot));
    this.#heap.push(slot, this.#traits.priority(slot), this.#age(slot) + frequency);
  }

  onHit(slot: number): void {
    this.#heap.raise(slot, this.#age(slot) + this.#frequencies.increment(slot));
  }

  onUpdate(slot: number): void {
    const score = this.#age(slot) + this.#frequencies.increment(slot);
    this.#heap.update(slot, this.#traits.priority(slot), score);
  }

  /** Sizes do not count. */
  onResize(_slot: number): void {}

  onRemove(slot: number, cause: RemovalCause): void {
    this.#heap.remove(slot);
    if (slot === this.#newcomer) this.#newcomer = -1;
    if (slot !== this.#victim) return;
    this.#victim = -1;
    if (cause === 'evicted') this.#ageBy(slot);
  }

  victim(newcomer: number): number {
    this.#newcomer = newcomer;
    this.#victim = lowerRanked(this.#traits, newcomer, this.#heap.lowestOther(newcomer));
    return this.#victim;
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

  #age(slot: number): number {
    return this.#ages[bandOf(this.#traits.priority(slot))];
  }

  #ageBy(evicted: number): void {
    const score = this.#heap.score(evicted);
    // Not always the lowest of all: see LazyHeap for where it is only the lowest of many.
    if (score > this.#age(evicted)) this.#ages[bandOf(this.#traits.priority(evicted))] = score;
    const newcomer = this.#newcomer;
    if (newcomer !== -1) this.#heap.raise(newcomer, this.#age(newcomer) + this.#frequencies.of(newcomer));
  }
}
