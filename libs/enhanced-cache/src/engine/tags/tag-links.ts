import { enlarge } from '../enlarge.js';

const INITIAL_CAPACITY = 64;
/** Marks the end of a chain. */
export const NONE = -1;

/**
 * Memberships of slots in lists, as links in typed arrays: each link stands in the doubly linked chain of its list and
 * in the singly linked chain of its slot.
 *
 * A membership costs {@link LINK_BYTES} whatever it belongs to; a Set per tag would cost several times as much and
 * cannot be walked while it changes. Linking and unlinking are O(1) for each membership.
 */
export class TagLinks {
  /** The first link of each slot, {@link NONE} where it is in no list. */
  #firstOfSlot = filled(INITIAL_CAPACITY);
  /** The newest link of each list. */
  #headOfList = filled(INITIAL_CAPACITY);
  #slots = new Int32Array(INITIAL_CAPACITY);
  #lists = new Int32Array(INITIAL_CAPACITY);
  #previous = new Int32Array(INITIAL_CAPACITY);
  #next = new Int32Array(INITIAL_CAPACITY);
  #nextOfSlot = new Int32Array(INITIAL_CAPACITY);
  #free = NONE;
  #used = 0;

  /** Makes `slot` a member of `list`, before its other memberships. */
  add(slot: number, list: number): void {
    if (slot >= this.#firstOfSlot.length) this.#firstOfSlot = enlarge(this.#firstOfSlot, roomFor(slot), NONE);
    if (list >= this.#headOfList.length) this.#headOfList = enlarge(this.#headOfList, roomFor(list), NONE);
    const link = this.#allocate();
    const head = this.#headOfList[list];
    this.#slots[link] = slot;
    this.#lists[link] = list;
    this.#previous[link] = NONE;
    this.#next[link] = head;
    if (head !== NONE) this.#previous[head] = link;
    this.#headOfList[list] = link;
    this.#nextOfSlot[link] = this.#firstOfSlot[slot];
    this.#firstOfSlot[slot] = link;
  }

  /** Takes `slot` out of every list; `left` hears each of them. */
  removeSlot(slot: number, left: (list: number) => void): void {
    let link = this.firstOf(slot);
    if (link === NONE) return;
    this.#firstOfSlot[slot] = NONE;
    while (link !== NONE) {
      const following = this.#nextOfSlot[link];
      const list = this.#lists[link];
      const previous = this.#previous[link];
      const next = this.#next[link];
      if (previous === NONE) this.#headOfList[list] = next;
      else this.#next[previous] = next;
      if (next !== NONE) this.#previous[next] = previous;
      this.#nextOfSlot[link] = this.#free;
      this.#free = link;
      left(list);
      link = following;
    }
  }

  /** The first link of `slot`'s chain; follow it with {@link nextOf}. */
  firstOf(slot: number): number {
    return slot < this.#firstOfSlot.length ? this.#firstOfSlot[slot] : NONE;
  }

  nextOf(link: number): number {
    return this.#nextOfSlot[link];
  }

  listOf(link: number): number {
    return this.#lists[link];
  }

  /** The newest link of `list`'s chain; follow it with {@link nextIn}. */
  headOf(list: number): number {
    return list < this.#headOfList.length ? this.#headOfList[list] : NONE;
  }

  nextIn(link: number): number {
    return this.#next[link];
  }

  slotOf(link: number): number {
    return this.#slots[link];
  }

  #allocate(): number {
    const reused = this.#free;
    if (reused !== NONE) {
      this.#free = this.#nextOfSlot[reused];
      return reused;
    }
    if (this.#used === this.#slots.length) {
      const capacity = this.#used * 2;
      this.#slots = enlarge(this.#slots, capacity);
      this.#lists = enlarge(this.#lists, capacity);
      this.#previous = enlarge(this.#previous, capacity);
      this.#next = enlarge(this.#next, capacity);
      this.#nextOfSlot = enlarge(this.#nextOfSlot, capacity);
    }
    return this.#used++;
  }
}

/** Five 32-bit fields for each membership. */
export const LINK_BYTES = 5 * Int32Array.BYTES_PER_ELEMENT;

function filled(length: number): Int32Array {
  return new Int32Array(length).fill(NONE);
}

function roomFor(index: number): number {
  return 2 ** Math.ceil(Math.log2(index + 2));
}
