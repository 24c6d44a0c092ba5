import type { EvictionPolicy, SlotTraits } from './eviction-policy.js';
import { enlarge, type Growth } from '../enlarge.js';
import { bandOf, PRIORITY_BANDS, PriorityBands } from './structures/priority-bands.js';
import { SlotLists } from './structures/slot-lists.js';

/**
 * LRU: the least recently used entry of the lowest priority leaves.
 *
 * One list per priority, from the least to the most recently used; an insertion, a read and an overwrite move the entry
 * to the end of its list. The victim is the first entry of the lowest list that is not empty. Entries of a cache that
 * is taken over count as used in the order in which they are handed in.
 *
 * Cost: every call O(1); 9 bytes a slot.
 */
export class LruPolicy implements EvictionPolicy {
  readonly #traits: SlotTraits;
  readonly #lists = new SlotLists(PRIORITY_BANDS);
  readonly #bands = new PriorityBands();
  /** The band that each slot is filed under; its priority has changed already when {@link onUpdate} hears of it. */
  #bandOfSlot = new Uint8Array(0);

  constructor(traits: SlotTraits) {
    this.#traits = traits;
  }

  *grow(capacity: number): Growth {
    yield* this.#lists.grow(capacity);
    yield;
    this.#bandOfSlot = enlarge(this.#bandOfSlot, capacity);
  }

  onInsert(slot: number): void {
    const band = bandOf(this.#traits.priority(slot));
    this.#bandOfSlot[slot] = band;
    this.#bands.add(band);
    this.#lists.pushBack(band, slot);
  }

  onHit(slot: number): void {
    this.#lists.moveToBack(this.#bandOfSlot[slot], slot);
  }

  onUpdate(slot: number): void {
    this.onRemove(slot);
    this.onInsert(slot);
  }

  /** Sizes do not count. */
  onResize(_slot: number): void {}

  onRemove(slot: number): void {
    this.#lists.remove(slot);
    this.#bands.remove(this.#bandOfSlot[slot]);
  }

  victim(newcomer: number): number {
    const band = this.#bands.lowest();
    if (band === -1) return -1;
    const first = this.#lists.first(band);
    if (first !== newcomer) return first;
    const second = this.#lists.after(first);
    if (second !== -1) return second;
    // The newcomer is alone in the lowest band: whatever else is resident outranks it.
    return this.#bands.total > 1 ? newcomer : -1;
  }

  /**
   * Re-derives links, bands and counts, for tests.
   *
   * @returns the number of resident slots.
   * @throws {Error} naming what does not fit.
   */
  verify(): number {
    const resident = this.#lists.verify();
    if (this.#bands.total !== resident) throw new Error(`${resident} slots are listed, ${this.#bands.total} counted`);
    let lowest = -1;
    for (let band = PRIORITY_BANDS - 1; band >= 0; band--) {
      let count = 0;
      for (const slot of this.#lists.slots(band)) {
        count++;
        if (bandOf(this.#traits.priority(slot)) !== band) throw new Error(`slot ${slot} is filed under band ${band}`);
      }
      if (count !== this.#bands.count(band)) throw new Error(`band ${band} lists ${count} slots, not its count`);
      if (count > 0) lowest = band;
    }
    if (this.#bands.lowest() !== lowest) throw new Error(`the lowest band is ${lowest}, not ${this.#bands.lowest()}`);
    return resident;
  }
}
