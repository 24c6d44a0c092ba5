import { enlarge, type Growth } from '../../enlarge.js';

/** In the place of a link: the slot is in no list. */
const UNLINKED = -1;

/**
 * A fixed number of doubly linked lists over one set of slots; a slot is in one list at most.
 *
 * The links stand in one Int32Array, 8 bytes a slot, shared by all lists: node `n` has the next one at `2 n`, the
 * previous one at `2 n + 1`, so that a node is one cache line. Each list is a ring that is closed by a sentinel node, so
 * that linking and unlinking have no special case for the ends and a slot can be taken out without knowing which list
 * it is in. Sentinels come first (node = list), slots after them (node = lists + slot): growing never moves a node.
 *
 * Cost: every call O(1), except {@link slots} and {@link verify}, which walk.
 */
export class SlotLists {
  readonly #lists: number;
  #links: Int32Array;

  constructor(lists: number) {
    this.#lists = lists;
    this.#links = Int32Array.from({ length: 2 * lists }, (_, at) => at >> 1);
  }

  /** Slots `0 .. capacity - 1` may be linked once all steps were taken. */
  *grow(capacity: number): Growth {
    this.#links = enlarge(this.#links, 2 * (this.#lists + capacity), UNLINKED);
  }

  isEmpty(list: number): boolean {
    return this.#links[2 * list] === list;
  }

  /** The first slot of `list`, or `-1`. */
  first(list: number): number {
    return this.#slotAt(this.#links[2 * list]);
  }

  /** The slot that follows `slot` in its list, or `-1` where it is the last. */
  after(slot: number): number {
    return this.#slotAt(this.#links[2 * (this.#lists + slot)]);
  }

  /** Appends `slot`, which must be in no list. */
  pushBack(list: number, slot: number): void {
    this.#append(list, this.#lists + slot);
  }

  /** Takes `slot` out of the list it is in. */
  remove(slot: number): void {
    const node = this.#lists + slot;
    this.#unlink(node);
    this.#links[2 * node] = UNLINKED;
    this.#links[2 * node + 1] = UNLINKED;
  }

  /** Takes `slot` out of the list it is in and appends it to `list`, which may be the same. */
  moveToBack(list: number, slot: number): void {
    const node = this.#lists + slot;
    if (this.#links[2 * node] === list) return;
    this.#unlink(node);
    this.#append(list, node);
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
    const links = this.#links;
    let walked = 0;
    for (let list = 0; list < this.#lists; list++) {
      let node = list;
      do {
        const next = links[2 * node];
        if (links[2 * next + 1] !== node) throw new Error(`list ${list}: node ${next} does not link back to ${node}`);
        if (next < this.#lists && next !== list) throw new Error(`list ${list} runs into list ${next}`);
        if (next >= this.#lists) walked++;
        node = next;
      } while (node !== list);
    }
    let linked = 0;
    for (let at = 2 * this.#lists; at < links.length; at += 2) if (links[at] !== UNLINKED) linked++;
    if (linked !== walked) throw new Error(`${linked} slots are linked, ${walked} can be reached`);
    return walked;
  }

  #append(list: number, node: number): void {
    const links = this.#links;
    const last = links[2 * list + 1];
    links[2 * last] = node;
    links[2 * node] = list;
    links[2 * node + 1] = last;
    links[2 * list + 1] = node;
  }

  #unlink(node: number): void {
    const links = this.#links;
    const next = links[2 * node];
    const previous = links[2 * node + 1];
    links[2 * previous] = next;
    links[2 * next + 1] = previous;
  }

  #slotAt(node: number): number {
    return node < this.#lists ? -1 : node - this.#lists;
  }
}
