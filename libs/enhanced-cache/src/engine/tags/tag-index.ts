import { KeyIndex } from '../entry/key-index.js';
import type { RemovalCause } from '../eviction/eviction-policy.js';
import { flattenString } from '../sizing/flatten.js';
import { type Generation, generationBytes, type Invalidation, TagGenerations } from './tag-generations.js';
import { type Fate, type TaggedEntries, TagInvalidations } from './tag-invalidations.js';
import { NONE, TagLinks } from './tag-links.js';

/**
 * Which entries carry which tag, and which of them were invalidated.
 *
 * A tag stands for its current generation, a list of slots. To invalidate it is to cut the name off that list: from
 * then on every member is dead and the next entry with the tag starts a new generation. No clock is compared, so what
 * is set in the same millisecond is safe, and the cost does not depend on how many entries are hit: O(1) for a tag.
 * What depends on several tags at once, or leaves entries in place that are no longer fresh, is opened as a review,
 * O(1) as well. Either holds at once, through {@link fateOf}; the entries themselves are handed out one by one by
 * {@link next} to whoever has time to settle them.
 *
 * A generation lives as long as it has members, so the index holds nothing for tags that nobody carries.
 */
export class TagIndex {
  readonly #links = new TagLinks();
  /** Name -> id of the current generation. */
  readonly #byName = new KeyIndex();
  #size = 0;
  readonly #generations = new TagGenerations();
  readonly #invalidations: TagInvalidations;

  constructor(private readonly entries: TaggedEntries) {
    this.#invalidations = new TagInvalidations(entries, this.#links, this.#generations);
  }

  /** Bytes of the tags themselves. Memberships are part of their entries' weight. */
  get bytes(): number {
    return this.#generations.bytes;
  }

  /** Tags that a resident entry carries. */
  get size(): number {
    return this.#size;
  }

  /** Whether entries wait to be settled. While this is false all are untouched, and the hit path need not ask. */
  get hasPending(): boolean {
    return this.#invalidations.hasPending;
  }

  /** Invalidations that have to look at entries one by one. Each costs every question about a fate a little. */
  get openReviews(): number {
    return this.#invalidations.openReviews;
  }

  /** At least so many entries are not untouched, and at most so many. O(open reviews). */
  get ended(): { least: number; most: number } {
    return this.#invalidations.ended;
  }

  /** Gives `slot`, which has no tags, these. */
  add(slot: number, tags: readonly string[]): void {
    if (tags.length === 0) return;
    // Backwards, as each link goes before the others: reading gives the caller's order again.
    for (let i = tags.length - 1; i >= 0; i--) this.#join(slot, this.#current(tags[i]));
    this.#invalidations.joined(slot);
  }

  remove(slot: number): void {
    this.#links.removeSlot(slot, this.#left);
  }

  readonly #left = (id: number): void => {
    const generation = this.#generations.of(id);
    if (generation.invalidation) this.#invalidations.deadMemberLeft();
    if (--generation.count > 0) return;
    if (!generation.invalidation) this.#forget(generation.tag);
    this.#generations.drop(id);
  };

  tagsOf(slot: number): string[] {
    const tags: string[] = [];
    for (let link = this.#links.firstOf(slot); link !== NONE; link = this.#links.nextOf(link)) {
      tags.push(this.#generationOf(link).tag);
    }
    return tags;
  }

  hasTag(slot: number, tag: string): boolean {
    const id = this.#byName.get(tag);
    if (id === undefined) return false;
    for (let link = this.#links.firstOf(slot); link !== NONE; link = this.#links.nextOf(link)) {
      if (this.#links.listOf(link) === id) return true;
    }
    return false;
  }

  /** `slot` got another expiry. */
  expiryChanged(slot: number, expiresAt: number): void {
    for (let link = this.#links.firstOf(slot); link !== NONE; link = this.#links.nextOf(link)) {
      const generation = this.#generationOf(link);
      generation.soonestExpiry = Math.min(generation.soonestExpiry, expiresAt);
    }
  }

  /**
   * The entries that carry `tag` at the beginning of the walk, newest first, found while the caller asks for more;
   * those that leave meanwhile are left out. The dead and the expired among them are the caller's to tell apart.
   */
  *members(tag: string): Generator<number, void, undefined> {
    const id = this.#byName.get(tag);
    if (id === undefined) return;
    const cursor = this.#links.cursor(id);
    try {
      while (cursor.link !== NONE) {
        const { link } = cursor;
        cursor.link = this.#links.nextIn(link);
        yield this.#links.slotOf(link);
      }
    } finally {
      this.#links.release(cursor);
    }
  }

  /** O(1) for each tag of the entry and each open review. */
  fateOf(slot: number): Fate {
    return this.#invalidations.fateOf(slot);
  }

  /**
   * Makes every entry dead that carries one of `tags`.
   *
   * O(tags). The count is known at once where it is one tag, nothing else is pending and no member can have expired;
   * otherwise it grows while the entries are settled.
   */
  invalidateAny(tags: readonly string[], now: number): Invalidation {
    const ids = this.#idsOf(tags);
    const only = ids.length === 1 && !this.hasPending ? this.#generations.of(ids[0]) : undefined;
    const count = only && only.soonestExpiry > now ? only.count : undefined;
    for (const id of ids) this.#forget(this.#generations.of(id).tag);
    return this.#invalidations.cutOff(ids, ids.length === 0 ? 0 : count, now);
  }

  /** Makes every entry dead that carries all of `tags`. O(tags); the members of the rarest are looked at later. */
  invalidateAll(tags: readonly string[], now: number): Invalidation {
    const ids = this.#idsOf(tags);
    if (ids.length < new Set(tags).size) return this.invalidateAny([], now);
    if (ids.length < 2) return this.invalidateAny(tags, now);
    const rarestFirst = ids.sort((a, b) => this.#generations.of(a).count - this.#generations.of(b).count);
    return this.#invalidations.cutOut(rarestFirst, now);
  }

  /**
   * Ends the freshness of every entry that carries one of `tags`; those that are not kept beyond it are dead.
   *
   * O(tags). The count is of those that were fresh; it grows while the entries are settled.
   */
  lapse(tags: readonly string[], now: number): Invalidation {
    return this.#invalidations.lapse(this.#idsOf(tags), now);
  }

  /**
   * An entry that is not untouched, for the caller to {@link settle}; {@link NONE} where the few that were looked at
   * are, or nothing is pending any more. Amortised O(1).
   */
  next(): number {
    return this.#invalidations.next();
  }

  /**
   * Credits what becomes of the entry in `slot` to the invalidations that did it. Call it before the entry is removed
   * or made stale; what is pending has nothing to do with it from then on.
   *
   * @returns why it really leaves, where `cause` would be the reason without any invalidation.
   */
  settle(slot: number, cause: RemovalCause): RemovalCause {
    return this.#invalidations.settle(slot, cause);
  }

  /** Members by tag and the bytes they come to, for those who check that nothing drifts. */
  recount(slots: Iterable<number>): { bytes: number; tags: Map<string, number> } {
    const tags = new Map<string, number>();
    const seen = new Set<Generation>();
    let bytes = 0;
    for (const slot of slots) {
      for (let link = this.#links.firstOf(slot); link !== NONE; link = this.#links.nextOf(link)) {
        const generation = this.#generationOf(link);
        if (!seen.has(generation)) bytes += generationBytes(generation);
        seen.add(generation);
        if (!generation.invalidation) tags.set(generation.tag, (tags.get(generation.tag) ?? 0) + 1);
      }
    }
    return { bytes, tags };
  }

  /** Members of `tag` as counted. */
  countOf(tag: string): number {
    const id = this.#byName.get(tag);
    return id === undefined ? 0 : this.#generations.of(id).count;
  }

  #idsOf(tags: readonly string[]): number[] {
    return [...new Set(tags)].flatMap((tag) => this.#byName.get(tag) ?? []);
  }

  #current(tag: string): number {
    const known = this.#byName.get(tag);
    if (known !== undefined) return known;
    const name = flattenString(tag);
    const id = this.#generations.create(name);
    this.#byName.set(name, id);
    this.#size++;
    return id;
  }

  #forget(tag: string): void {
    this.#byName.delete(tag);
    this.#size--;
  }

  #join(slot: number, id: number): void {
    const generation = this.#generations.of(id);
    generation.count++;
    generation.soonestExpiry = Math.min(generation.soonestExpiry, this.entries.expiresAt(slot));
    this.#links.add(slot, id);
  }

  #generationOf(link: number): Generation {
    return this.#generations.of(this.#links.listOf(link));
  }
}
