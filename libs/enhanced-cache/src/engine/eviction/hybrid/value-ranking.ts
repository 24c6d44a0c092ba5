import { enlarge, type Growth } from '../../enlarge.js';
import type { SlotTraits } from '../eviction-policy.js';
import { LazyHeap } from '../structures/lazy-heap.js';
import { bandOf, MIN_PRIORITY, PRIORITY_BANDS } from '../structures/priority-bands.js';
import { SlotFrequencies } from '../structures/slot-frequencies.js';

/** What a cost of less counts as, in seconds: the value of an entry that costs nothing still has to depend on its size. */
export const MIN_COST_SECONDS = 1e-6;
/** An entry's value lies between these two, in seconds per byte. */
export const MIN_VALUE = 2 ** -36;
export const MAX_VALUE = 2 ** 8;
/**
 * The age past which all scores are moved down by it. Beyond, the smallest values would drown in the rounding of the
 * age; up to it they keep 6 bits. The move is O(n), but to get here the whole cache has to be evicted or read four
 * times over, with nothing in it worth less than {@link MAX_VALUE}.
 */
export const REBASE_AGE = 4 * MAX_VALUE;

/** Uses by which a key that was used before it came in is ahead of one that was not, until it is used. */
const HEAD_START = 0.5;

/** What a priority multiplies the value by: ten steps double it. A power would be worked out anew at each insertion. */
const PRIORITY_FACTORS = Float64Array.from({ length: PRIORITY_BANDS }, (_, band) => 2 ** ((band + MIN_PRIORITY) / 10));

/** What one use of the entry is worth: seconds per byte, doubled by ten steps of priority. */
export function valuePerUse(traits: SlotTraits, slot: number): number {
  const cost = Math.max(traits.cost(slot), MIN_COST_SECONDS);
  return (cost * PRIORITY_FACTORS[bandOf(traits.priority(slot))]) / traits.weight(slot);
}

/**
 * Entries ranked by what their loss costs per byte that it frees: GreedyDual-Size-Frequency.
 *
 * `score = age + frequency x cost x 2^(priority / 10) / weight`, the age being the score of the last entry evicted. An
 * entry takes the age up whenever it is used; one that is not used is caught up with, and leaves after as many turnovers
 * of the cache as its value is times that of the entries passing through. Its value is bounded by {@link MAX_VALUE} and
 * theirs by {@link MIN_VALUE}, so that nothing is out of reach. Ten steps of priority double the value. Among equal
 * scores the entry that is resident the longest leaves.
 *
 * Cost: `use` O(1), two writes; the other calls O(log n), amortised; see {@link LazyHeap}. 44 bytes a slot.
 *
 * Cherkasova, "Improving WWW Proxies Performance with Greedy-Dual-Size-Frequency Caching Policy", HP Labs HPL-98-69R1,
 * 1998; the age after Cao, Irani, "Cost-Aware WWW Proxy Caching Algorithms", USITS 1997.
 * Differs from the papers: priority is part of the value, frequency and value are bounded, scores are rebased, and the
 * newcomer, which is in the heap before room is made for it, is scored again with the age that its victims leave behind.
 */
export class ValueRanking {
  readonly #traits: SlotTraits;
  readonly #heap = new LazyHeap();
  readonly #frequencies = new SlotFrequencies();
  /** Value of one use, so that a read asks for no trait. */
  #valuePerUse = new Float64Array(0);
  #age = 0;
  /** The entry that room is being made for, or `-1`. */
  #newcomer = -1;
  /** The newcomer that has a head start, or `-1`. */
  #ahead = -1;
  /** The entry that was named last, or `-1`. While another policy still chooses, what it evicts says nothing here. */
  #victim = -1;

  constructor(traits: SlotTraits) {
    this.#traits = traits;
  }

  get size(): number {
    return this.#heap.size;
  }

  *grow(capacity: number): Growth {
    yield* this.#heap.grow(capacity);
    yield;
    yield* this.#frequencies.grow(capacity);
    yield;
    this.#valuePerUse = enlarge(this.#valuePerUse, capacity);
  }

  /** Ranks `slot`, which must not be ranked, as used `uses` times before this one; `isKnown`: and others before it came in. */
  insert(slot: number, uses: number, isKnown = false): void {
    this.#frequencies.start(slot, uses);
    this.#valuePerUse[slot] = valuePerUse(this.#traits, slot);
    this.#ahead = isKnown ? slot : -1;
    this.#heap.push(slot, 0, this.#newcomerScore(slot));
  }

  use(slot: number): void {
    if (slot === this.#ahead) this.#ahead = -1;
    this.#raise(slot, this.#score(slot, this.#frequencies.increment(slot)));
  }

  /** The entry was overwritten or touched: a use, and maybe another value. */
  update(slot: number): void {
    if (slot === this.#ahead) this.#ahead = -1;
    this.#valuePerUse[slot] = valuePerUse(this.#traits, slot);
    this.#heap.update(slot, 0, this.#score(slot, this.#frequencies.increment(slot)));
  }

  /** The entry takes another number of bytes: another value since its last use, and no use. */
  resize(slot: number): void {
    const frequency = this.#frequencies.of(slot);
    const ageAtUse = this.#heap.score(slot) - this.#value(slot, frequency);
    this.#valuePerUse[slot] = valuePerUse(this.#traits, slot);
    this.#heap.update(slot, 0, ageAtUse + this.#value(slot, frequency));
  }

  remove(slot: number, evicted: boolean): void {
    this.#heap.remove(slot);
    if (slot === this.#ahead) this.#ahead = -1;
    if (slot === this.#newcomer) this.#newcomer = -1;
    if (slot !== this.#victim) return;
    this.#victim = -1;
    if (evicted) this.#ageBy(slot);
  }

  victim(newcomer: number): number {
    this.#newcomer = newcomer;
    this.#victim = this.#heap.lowestOther(newcomer);
    return this.#victim;
  }

  /** A slot that is ranked, the cheapest to take out, or `-1`. */
  last(): number {
    return this.#heap.last();
  }

  /**
   * Re-derives the heap, for tests.
   *
   * @returns the number of ranked slots.
   * @throws {Error} naming the first slot that stands wrong.
   */
  verify(): number {
    return this.#heap.verify();
  }

  #score(slot: number, frequency: number): number {
    return this.#age + this.#value(slot, frequency);
  }

  /** A score that is lower is that of an entry whose head start is over: it keeps the one it has. */
  #raise(slot: number, score: number): void {
    if (score > this.#heap.score(slot)) this.#heap.raise(slot, score);
  }

  #newcomerScore(slot: number): number {
    return this.#score(slot, this.#frequencies.of(slot) + (slot === this.#ahead ? HEAD_START : 0));
  }

  #value(slot: number, frequency: number): number {
    const value = frequency * this.#valuePerUse[slot];
    return value > MAX_VALUE ? MAX_VALUE : value < MIN_VALUE ? MIN_VALUE : value;
  }

  #ageBy(evicted: number): void {
    // Not always the lowest of all: see LazyHeap for where it is only the lowest of many.
    this.#age = Math.max(this.#age, this.#heap.score(evicted));
    if (this.#age > REBASE_AGE) {
      this.#heap.shiftScores(-this.#age);
      this.#age = 0;
    }
    const newcomer = this.#newcomer;
    if (newcomer !== -1) this.#raise(newcomer, this.#newcomerScore(newcomer));
  }
}
