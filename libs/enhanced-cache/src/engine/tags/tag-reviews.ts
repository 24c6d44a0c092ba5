import type { Invalidation } from './tag-generations.js';
import { NONE, type TagCursor, type TagLinks } from './tag-links.js';

/** What becomes of the entries that an invalidation is meant for: they leave, or they are no longer fresh. */
export type Effect = 'remove' | 'lapse';

/** Members of a list that still have to be looked at one by one, because an invalidation may be meant for them. */
export interface Review {
  readonly invalidation: Invalidation;
  readonly effect: Effect;
  /** An entry has to be in all of these; the first is the one that is walked. */
  readonly lists: readonly number[];
  /** The member that is looked at next. */
  readonly cursor: TagCursor;
}

/** Members that one {@link TagReviews.advance} looks at, at most. */
const LINKS_PER_STEP = 64;
const STAMP_BITS = 12;
const STAMP_MASK = 2 ** STAMP_BITS - 1;

/**
 * Invalidations that cannot be told from one list alone: of entries that carry several tags at once, and those that end
 * freshness without removing. Each holds for its entries from the moment it is opened; the lists are walked later.
 *
 * Who joins a list afterwards is not meant. Everyone who joins while a review is open is therefore stamped with the
 * number that the next invalidation will have; nobody needs a stamp while none is open.
 */
export class TagReviews {
  readonly #open: Review[] = [];
  /** By slot, in pages: the first invalidation that can concern the entry. None: any. */
  #stamps: (Float64Array | undefined)[] = [];

  constructor(private readonly links: TagLinks) {}

  get size(): number {
    return this.#open.length;
  }

  open(invalidation: Invalidation, effect: Effect, lists: readonly number[]): void {
    this.#open.push({ invalidation, effect, lists, cursor: this.links.cursor(lists[0]) });
  }

  /** The entry in `slot` has nothing to do with invalidations before the one numbered `order`. */
  stamp(slot: number, order: number): void {
    if (this.#open.length === 0) return;
    const page = (this.#stamps[slot >>> STAMP_BITS] ??= new Float64Array(STAMP_MASK + 1));
    page[slot & STAMP_MASK] = order;
  }

  /** The first open invalidation with this effect on `slot`. O(open reviews x memberships of the slot). */
  first(slot: number, effect: Effect): Invalidation | undefined {
    for (const review of this.#open) {
      if (review.effect === effect && this.#concerns(review, slot)) return review.invalidation;
    }
    return undefined;
  }

  /** Members of the lists that are still to be walked, or a few less. */
  waiting(countOf: (list: number) => number): number {
    return this.#open.reduce((sum, { lists }) => sum + countOf(lists[0]), 0);
  }

  /**
   * Goes on with a review of `invalidation`.
   *
   * @returns a slot that it is meant for; {@link NONE} where the next few members are not; `undefined` where the
   * invalidation has no open review.
   */
  advance(invalidation: Invalidation): number | undefined {
    const at = this.#open.findIndex((review) => review.invalidation === invalidation);
    if (at === -1) return undefined;
    const review = this.#open[at];
    const { cursor } = review;
    for (let i = 0; i < LINKS_PER_STEP && cursor.link !== NONE; i++) {
      const slot = this.links.slotOf(cursor.link);
      if (this.#concerns(review, slot)) return slot;
      cursor.link = this.links.nextIn(cursor.link);
    }
    if (cursor.link === NONE) this.#close(at);
    return NONE;
  }

  #close(at: number): void {
    const [{ cursor }] = this.#open.splice(at, 1);
    this.links.release(cursor);
    if (this.#open.length === 0) this.#stamps = [];
  }

  #concerns({ invalidation, lists }: Review, slot: number): boolean {
    const stamp = this.#stamps[slot >>> STAMP_BITS]?.[slot & STAMP_MASK] ?? 0;
    if (stamp > invalidation.order) return false;
    let found = 0;
    for (let link = this.links.firstOf(slot); link !== NONE; link = this.links.nextOf(link)) {
      if (lists.includes(this.links.listOf(link))) found++;
    }
    return found === lists.length;
  }
}
