import { Int32Pages } from './int-pages.js';

/** Marks the end of a chain. */
export const NONE = -1;

/** Fields of a link. */
const SLOT = 0;
const LIST = 1;
const PREVIOUS = 2;
const NEXT = 3;
/** The next link of the same slot; in a free link the next free one. */
const NEXT_OF_SLOT = 4;
const FIELDS = 5;

/** What a membership takes. */
export const LINK_BYTES = FIELDS * Int32Array.BYTES_PER_ELEMENT;

/** The link at which a walk along a list stands; {@link NONE} at its end. It moves on when that link's slot leaves. */
export interface TagCursor {
  link: number;
}

/**
 * Memberships of slots in lists, as links of integers: each link stands in the doubly linked chain of its list and in
 * the singly linked chain of its slot.
 *
 * A membership costs {@link LINK_BYTES} whatever it belongs to; a Set per tag would cost several times as much and
 * cannot be walked while it changes. Linking and unlinking are O(1) for each membership, and no growth copies what is
 * there.
 */
export class TagLinks {
  readonly #links = new Int32Pages(FIELDS, NONE);
  /** The first link of each slot, {@link NONE} where it is in no list. */
  readonly #firstOfSlot = new Int32Pages(1, NONE);
  /** The newest link of each list. */
  readonly #headOfList = new Int32Pages(1, NONE);
  readonly #cursors: TagCursor[] = [];
  #free = NONE;
  #used = 0;

  /** Makes `slot` a member of `list`, before its other memberships. */
  add(slot: number, list: number): void {
    const link = this.#allocate();
    const head = this.headOf(list);
    const links = this.#links;
    links.set(link, SLOT, slot);
    links.set(link, LIST, list);
    links.set(link, PREVIOUS, NONE);
    links.set(link, NEXT, head);
    links.set(link, NEXT_OF_SLOT, this.firstOf(slot));
    if (head !== NONE) links.set(head, PREVIOUS, link);
    this.#headOfList.set(list, 0, link);
    this.#firstOfSlot.set(slot, 0, link);
  }

  /** Takes `slot` out of every list; `left` hears each of them. */
  removeSlot(slot: number, left: (list: number) => void): void {
    let link = this.firstOf(slot);
    if (link === NONE) return;
    this.#moveCursorsOff(slot);
    this.#firstOfSlot.set(slot, 0, NONE);
    const links = this.#links;
    while (link !== NONE) {
      const following = this.nextOf(link);
      const list = this.listOf(link);
      const previous = links.get(link, PREVIOUS);
      const next = this.nextIn(link);
      if (previous === NONE) this.#headOfList.set(list, 0, next);
      else links.set(previous, NEXT, next);
      if (next !== NONE) links.set(next, PREVIOUS, previous);
      links.set(link, NEXT_OF_SLOT, this.#free);
      this.#free = link;
      left(list);
      link = following;
    }
  }

  /** The first link of `slot`'s chain; follow it with {@link nextOf}. */
  firstOf(slot: number): number {
    return this.#firstOfSlot.get(slot, 0);
  }

  nextOf(link: number): number {
    return this.#links.get(link, NEXT_OF_SLOT);
  }

  listOf(link: number): number {
    return this.#links.get(link, LIST);
  }

  /** The newest link of `list`'s chain; follow it with {@link nextIn}. */
  headOf(list: number): number {
    return this.#headOfList.get(list, 0);
  }

  nextIn(link: number): number {
    return this.#links.get(link, NEXT);
  }

  slotOf(link: number): number {
    return this.#links.get(link, SLOT);
  }

  /** A place in `list`, at its newest link, that can be kept while members come and go. {@link release} it. */
  cursor(list: number): TagCursor {
    const cursor = { link: this.headOf(list) };
    this.#cursors.push(cursor);
    return cursor;
  }

  release(cursor: TagCursor): void {
    this.#cursors.splice(this.#cursors.indexOf(cursor), 1);
  }

  /** O(cursors): a walk in slices is rare, and there are few at a time. */
  #moveCursorsOff(slot: number): void {
    for (const cursor of this.#cursors) {
      if (cursor.link !== NONE && this.slotOf(cursor.link) === slot) cursor.link = this.nextIn(cursor.link);
    }
  }

  #allocate(): number {
    const reused = this.#free;
    if (reused === NONE) return this.#used++;
    this.#free = this.nextOf(reused);
    return reused;
  }
}
