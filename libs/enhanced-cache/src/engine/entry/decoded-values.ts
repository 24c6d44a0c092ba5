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
  readonly #slots: number[] = [];
  #hand = 0;
  #bytes = 0;
  #passes = 0;

  constructor(private readonly table: SlotTable) {}

  /** What the decoded forms take. */
  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#slots.length;
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
      if (steps === MAX_STEPS) return false;
      this.#step();
    }
    const { data } = this.table;
    data[slot] = new DecodedValue(data[slot], form, this.#slots.length);
    this.#slots.push(slot);
    this.#bytes += form.heldBytes;
    return true;
  }

  /** Lets go of the decoded form of `slot`, if it has one. */
  forget(slot: number): void {
    if (this.#slots.length === 0) return;
    const held = this.table.data[slot];
    if (!(held instanceof DecodedValue)) return;
    this.table.data[slot] = held.stored;
    this.#bytes -= held.form.heldBytes;
    const last = this.#slots.pop() as number;
    if (last === slot) return;
    this.#slots[held.place] = last;
    (this.table.data[last] as DecodedValue).place = held.place;
  }

  /** Lets go of forms until they take no more than `room`, the least used first. */
  shrink(room: number): void {
    while (this.#bytes > room) this.#step();
  }

  /** The hand looks at one form: takes its bit, or the form where it has none. */
  #step(): void {
    if (this.#hand >= this.#slots.length) this.#hand = 0;
    const slot = this.#slots[this.#hand];
    const held = this.table.data[slot] as DecodedValue;
    if (!held.used) {
      this.forget(slot);
      return;
    }
    held.used = false;
    this.#hand++;
  }
}
