import { enlarge } from '../../enlarge.js';

/** In the place of a link: the slot is in no list. */
const UNLINKED = -1;

/**
 * A fixed number of doubly linked lists over one set of slots; a slot is in one list at most.
 *
 * The links stand in two Int32Arrays, 8 bytes a slot, shared by all lists. Each list is a ring that is closed by a
 * sentinel node, so that linking and unlinking have no special case for the ends and a slot can be taken out without
 * knowing which list it is in. Sentinels come first (node = list), slots after them (node = lists + slot): growing
 * never moves a node.
 *
 * Cost: every call O(1), except {@link slots} and {@link verify}, which walk.
 */
export class SlotLists {
  readonly #lists: number;
  #next: Int32Array;
  #previous: Int32Array;

  constructor(lists: number) {
    this.#lists = lists;
    this.#next = Int32Array.from({ length: lists }, (_, list) => list);
    this.#previous = this.#next.slice();
  }

  /** Slots `0 .. capacity - 1` may be linked from now on. */
  grow(capacity: number): void {
    this.#next = enlarge(this.#next, this.#lists + capacity, UNLINKED);
    this.#previous = enlarge(this.#previous, this.#lists + capacity, UNLINKED);
  }

  isEmpty(list: number): boolean {
    return this.#next[list] === list;
  }

  /** The first slot of `list`, or `-1`. */
  first(list: number): number {
    return this.#slotAt(this.#next[list]);
  }

  /** The slot that follows `slot` in its list, or `-1` where it is the last. */
  after(slot: number): number {
    return this.#slotAt(this.#next[this.#lists + slot]);
  }

  /** Appends `slot`, which must be in no list. */
  pushBack(list: number, slot: number): void {
    const node = this.#lists + slot;
    const last = this.#previous[list];
    this.#next[last] = node;
    this.#previous[node] = last;
    this.#next[node] = list;
    this.#previous[list] = node;
  }

  /** Takes `slot` out of the list it is in. */
  remove(slot: number): void {
    const node = this.#lists + slot;
    const next = this.#next[node];
    const previous = this.#previous[node];
    this.#next[previous] = next;
    this.#previous[next] = previous;
    this.#next[node] = UNLINKED;
    this.#previous[node] = UNLINKED;
  }

  /** Takes `slot` out of the list it is in and appends it to `list`, which may be the same. */
  moveToBack(list: number, slot: number): void {
    this.remove(slot);
    this.pushBack(list, slot);
  }

  /** The slots of `list`, first to last. `list` must not change on the way. */
  *slots(list: number): Generator<number> {
    for (let slot = this.first(list); slot !== -1; slot = this.after(slot)) yield slot;
  }

  /**
   * Walks all links, for tests.
   *
   * @returns the number of slots found in lists.
   * @throws {Error} naming the first node whose links contradict each other.
   */
  verify(): number {
    let walked = 0;
    for (let list = 0; list < this.#lists; list++) {
      let node = list;
      do {
        const next = this.#next[node];
        if (this.#previous[next] !== node) throw new Error(`list ${list}: node ${next} does not link back to ${node}`);
        if (next < this.#lists && next !== list) throw new Error(`list ${list} runs into list ${next}`);
        if (next >= this.#lists) walked++;
        node = next;
      } while (node !== list);
    }
    let linked = 0;
    for (let node = this.#lists; node < this.#next.length; node++) if (this.#next[node] !== UNLINKED) linked++;
    if (linked !== walked) throw new Error(`${linked} slots are linked, ${walked} can be reached`);
    return walked;
  }

  #slotAt(node: number): number {
    return node < this.#lists ? -1 : node - this.#lists;
  }
}
