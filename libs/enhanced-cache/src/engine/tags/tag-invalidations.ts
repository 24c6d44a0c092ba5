import type { RemovalCause } from '../eviction/eviction-policy.js';
import type { Invalidation, TagGenerations } from './tag-generations.js';
import { NONE, type TagLinks } from './tag-links.js';
import { TagReviews } from './tag-reviews.js';

/** What the index has to know of entries; monotonic milliseconds. */
export interface TaggedEntries {
  expiresAt(slot: number): number;
  /** {@link expiresAt}, or before where the entry is kept to stand in for a load. */
  freshUntil(slot: number): number;
}

/** What invalidations make of an entry until that is {@link TagInvalidations.settle settled}. */
export type Fate = 'untouched' | 'stale' | 'gone';

/**
 * Invalidations whose entries are not all settled, oldest first, and what they mean for an entry.
 *
 * They are given as generations that were cut off, whose every member is dead, and as {@link TagReviews}.
 */
export class TagInvalidations {
  readonly #pending: Invalidation[] = [];
  readonly #reviews: TagReviews;
  #deadMemberships = 0;
  #order = 1;

  constructor(
    private readonly entries: TaggedEntries,
    private readonly links: TagLinks,
    private readonly generations: TagGenerations,
  ) {
    this.#reviews = new TagReviews(links);
  }

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  get openReviews(): number {
    return this.#reviews.size;
  }

  /** At least so many entries are not untouched, and at most so many. */
  get ended(): { least: number; most: number } {
    const reviewed = this.#reviews.waiting((id) => this.generations.find(id)?.count ?? 0);
    const only = reviewed === 0 && this.#pending.length === 1 && this.#pending[0].generations.length === 1;
    return { least: only ? this.#deadMemberships : 0, most: this.#deadMemberships + reviewed };
  }

  /** Every member of the generations `ids` is dead from now on; `count` is how many that are, where it is known. */
  cutOff(ids: number[], count: number | undefined, now: number): Invalidation {
    const invalidation = this.#begin(ids, count, now);
    for (const id of ids) {
      const generation = this.generations.of(id);
      generation.invalidation = invalidation;
      this.#deadMemberships += generation.count;
    }
    if (ids.length > 0) this.#pending.push(invalidation);
    return invalidation;
  }

  /** Whoever is a member of all of `ids` now is dead. The members of the first are looked at later. */
  cutOut(ids: readonly number[], now: number): Invalidation {
    const invalidation = this.#begin([], undefined, now);
    this.#reviews.open(invalidation, 'remove', ids);
    this.#pending.push(invalidation);
    return invalidation;
  }

  /** Whoever is a member of one of `ids` now is no longer fresh, and dead where it is not kept beyond that. */
  lapse(ids: readonly number[], now: number): Invalidation {
    const invalidation = this.#begin([], ids.length === 0 ? 0 : undefined, now);
    for (const id of ids) this.#reviews.open(invalidation, 'lapse', [id]);
    if (ids.length > 0) this.#pending.push(invalidation);
    return invalidation;
  }

  /** `slot` got its tags: what is pending is not meant for it. */
  joined(slot: number): void {
    this.#reviews.stamp(slot, this.#order);
  }

  /** A member has left a generation that was cut off. */
  deadMemberLeft(): void {
    this.#deadMemberships--;
  }

  fateOf(slot: number): Fate {
    if (this.#killer(slot)) return 'gone';
    if (!this.#reviews.first(slot, 'lapse')) return 'untouched';
    return this.#isKept(slot) ? 'stale' : 'gone';
  }

  next(): number {
    for (let first = this.#pending[0]; first; first = this.#pending[0]) {
      const id = first.generations.at(-1);
      if (id !== undefined) {
        if (this.generations.find(id)?.invalidation === first) return this.links.slotOf(this.links.headOf(id));
        first.generations.pop();
        continue;
      }
      const slot = this.#reviews.advance(first);
      if (slot !== undefined) return slot;
      this.#pending.shift();
    }
    return NONE;
  }

  settle(slot: number, cause: RemovalCause): RemovalCause {
    const killer = this.#killer(slot);
    const lapse = this.#reviews.first(slot, 'lapse');
    if (!killer) this.#reviews.stamp(slot, this.#order);
    if (lapse && (!killer || lapse.order < killer.order)) {
      const wasFresh = this.entries.freshUntil(slot) > lapse.at;
      if (wasFresh) lapse.count++;
      if (!this.#isKept(slot)) return wasFresh ? 'deleted' : 'expired';
    }
    if (!killer) return cause;
    if (this.entries.expiresAt(slot) <= killer.at) return 'expired';
    if (!killer.counted) killer.count++;
    return 'invalidated';
  }

  #begin(generations: number[], count: number | undefined, now: number): Invalidation {
    return { count: count ?? 0, counted: count !== undefined, at: now, order: this.#order++, generations };
  }

  /** Whether the entry is kept beyond its freshness. One that never ends is not. */
  #isKept(slot: number): boolean {
    const freshUntil = this.entries.freshUntil(slot);
    return freshUntil !== Infinity && this.entries.expiresAt(slot) > freshUntil;
  }

  /** The first invalidation that removes the entry. */
  #killer(slot: number): Invalidation | undefined {
    let killer = this.#reviews.first(slot, 'remove');
    for (let link = this.links.firstOf(slot); link !== NONE; link = this.links.nextOf(link)) {
      const { invalidation } = this.generations.of(this.links.listOf(link));
      if (invalidation && (!killer || invalidation.order < killer.order)) killer = invalidation;
    }
    return killer;
  }
}
