import type { DecodedForm } from '../codec/decoded-form.js';
import type { SlotTable } from './slot-table.js';

/** At most this share of the cache's memory is for decoded forms … */
const LIMIT_SHARE = 1 / 8;
/** … and of what its entries take, where they take more than a little. */
const HELD_SHARE = 1 / 6;
const ALWAYS_BYTES = 1.5 * 1024 * 1024;
/** One form may take this share of their room. */
const FORM_SHARE = 1 / 4;
/** Forms that a newcomer looks at to find one that was not used lately. */
const MAX_STEPS = 8;
/** While there is no room, so many candidates are passed over for each that is tried: to find room costs, too. */
const PASSED_OVER = 7;

/** The stored form of an entry with its {@link DecodedForm}; stands in the place of the stored form alone. */
export class DecodedValue {
  /** Since the hand passed. */
  used = true;

  constructor(
    public stored: unknown,
    readonly form: DecodedForm,
    readonly slot: number,
    public place: number,
  ) {}
}

/**
 * Which entries have a decoded form beside their stored one: those that are hit again and again, within a share of the
 * memory.
 *
 * CLOCK: forms stand in a ring; a hit sets a bit; a hand that looks for room clears bits and takes the first form
 * without one. Where it finds none within {@link MAX_STEPS}, the newcomer is not admitted: forms that are all in use are not
 * exchanged for each other. Corbató, "A Paging Experiment with the Multics System", 1969.
 *
 * Cost: a hit one bit; admission O({@link MAX_STEPS}); everything else O(1).
 */
export class DecodedValues {
  readonly #ring: DecodedValue[] = [];
  #hand = 0;
  #bytes = 0;
  #passes = 0;

  constructor(private readonly table: SlotTable) {}

  /** What the decoded forms take. */
  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#ring.length;
  }

  /** What decoded forms may take in a cache with that limit and so many bytes of entries. */
  static room(maxBytes: number, entryBytes: number): number {
    return Math.min(maxBytes * LIMIT_SHARE, Math.max(ALWAYS_BYTES, entryBytes * HELD_SHARE));
  }

  /** Whether it is worth decoding another value for good. Call it once for each candidate. */
  isOpen(room: number): boolean {
    if (this.#bytes < room) return true;
    if (++this.#passes <= PASSED_OVER) return false;
    this.#passes = 0;
    return true;
  }

  /** Keeps `form` beside what is stored in `slot`, which has none. @returns false where there is no room for it. */
  admit(slot: number, form: DecodedForm, room: number): boolean {
    if (form.heldBytes > room * FORM_SHARE) return false;
    for (let steps = 0; this.#bytes + form.heldBytes > room; steps++) {
      if (steps === MAX_STEPS || this.#ring.length === 0) return false;
      this.#step();
    }
    const { data } = this.table;
    const held = new DecodedValue(data[slot], form, slot, this.#ring.length);
    data[slot] = held;
    this.#ring.push(held);
    this.#bytes += form.heldBytes;
    return true;
  }

  /** Lets go of the decoded form of `slot`, if it has one. */
  forget(slot: number): void {
    if (this.#ring.length === 0) return;
    const held = this.table.data[slot];
    if (held instanceof DecodedValue) this.#drop(held);
  }

  /** Lets go of forms until they take no more than `room`, the least used first. */
  shrink(room: number): void {
    while (this.#bytes > room && this.#ring.length > 0) this.#step();
  }

  /** The hand looks at one form, of which there must be some: takes its bit, or the form where it has none. */
  #step(): void {
    if (this.#hand >= this.#ring.length) this.#hand = 0;
    const held = this.#ring[this.#hand];
    if (!held.used) {
      this.#drop(held);
      return;
    }
    held.used = false;
    this.#hand++;
  }

  #drop(held: DecodedValue): void {
    const { data } = this.table;
    // Never in the place of anything else: that would be another entry's value.
    if (data[held.slot] === held) data[held.slot] = held.stored;
    this.#bytes -= held.form.heldBytes;
    const last = this.#ring.pop() as DecodedValue;
    if (last === held) return;
    this.#ring[held.place] = last;
    last.place = held.place;
  }
}
