import { flattenString } from '../sizing/flatten.js';
import { type Generation, generationBytes, type Invalidation, TagGenerations } from './tag-generations.js';
import { NONE, TagLinks } from './tag-links.js';

/** What the index has to know of entries. */
export interface TaggedEntries {
  expiresAt(slot: number): number;
}

/**
 * Which entries carry which tag.
 *
 * A tag stands for its current generation, a list of slots. To invalidate it is to cut the name off that list: from
 * then on every member is dead ({@link isDead}) and the next entry with the tag starts a new generation. No clock is
 * compared, so what is set in the same millisecond is safe, and the cost does not depend on how many entries are hit:
 * O(1) for a tag. The dead are handed out one by one by {@link reclaimable} to whoever has time to remove them.
 *
 * A generation lives as long as it has members, so the index holds nothing for tags that nobody carries.
 */
export class TagIndex {
  readonly #links = new TagLinks();
  readonly #byName = new Map<string, number>();
  readonly #generations = new TagGenerations();
  readonly #pending: Invalidation[] = [];
  #order = 0;

  constructor(private readonly entries: TaggedEntries) {}

  /** Bytes of the tags themselves. Memberships are part of their entries' weight. */
  get bytes(): number {
    return this.#generations.bytes;
  }

  /** Tags that a resident entry carries. */
  get size(): number {
    return this.#byName.size;
  }

  /** Whether dead entries wait to be reclaimed. While this is false nothing is dead, and the hit path need not ask. */
  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  /** Gives `slot`, which has no tags, these. */
  add(slot: number, tags: readonly string[]): void {
    // Backwards, as each link goes before the others: reading gives the caller's order again.
    for (let i = tags.length - 1; i >= 0; i--) this.#join(slot, this.#current(tags[i]));
  }

  remove(slot: number): void {
    this.#links.removeSlot(slot, this.#left);
  }

  readonly #left = (id: number): void => {
    const generation = this.#generations.of(id);
    if (--generation.count > 0) return;
    if (!generation.invalidation) this.#byName.delete(generation.tag as string);
    this.#generations.drop(id);
  };

  tagsOf(slot: number): string[] {
    const tags: string[] = [];
    for (let link = this.#links.firstOf(slot); link !== NONE; link = this.#links.nextOf(link)) {
      const { tag } = this.#generationOf(link);
      if (tag !== undefined) tags.push(tag);
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

  /** The entries that carry `tag`, newest first. The dead and the expired among them are the caller's to tell apart. */
  *members(tag: string): Generator<number> {
    const id = this.#byName.get(tag);
    if (id === undefined) return;
    for (let link = this.#links.headOf(id); link !== NONE; link = this.#links.nextIn(link))
      yield this.#links.slotOf(link);
  }

  isDead(slot: number): boolean {
    return this.#killer(slot) !== undefined;
  }

  /**
   * Makes every entry dead that carries one of `tags`.
   *
   * O(tags). The count is known at once where it is one tag, nothing else is pending and no member can have expired;
   * otherwise it grows while the entries are reclaimed.
   */
  invalidateAny(tags: readonly string[], now: number): Invalidation {
    const ids = [...new Set(tags)].flatMap((tag) => this.#byName.get(tag) ?? []);
    const only = ids.length === 1 && !this.hasPending ? this.#generations.of(ids[0]) : undefined;
    const counted = ids.length === 0 || (only !== undefined && only.soonestExpiry > now);
    const invalidation: Invalidation = {
      count: counted ? (only?.count ?? 0) : 0,
      counted,
      at: now,
      order: this.#order++,
      generations: ids,
    };
    for (const id of ids) {
      const generation = this.#generations.of(id);
      generation.invalidation = invalidation;
      this.#byName.delete(generation.tag as string);
    }
    if (ids.length > 0) this.#pending.push(invalidation);
    return invalidation;
  }

  /**
   * Makes every entry dead that carries all of `tags`.
   *
   * O(entries with the rarest of them): who carries all is moved into a generation of their own, which is dead.
   */
  invalidateAll(tags: readonly string[], now: number): Invalidation {
    const ids = [...new Set(tags)].map((tag) => this.#byName.get(tag));
    const dead: number[] = [];
    if (ids.length > 0 && ids.every((id) => id !== undefined)) {
      const [rarest, ...others] = ids.sort((a, b) => this.#countOf(a) - this.#countOf(b));
      for (let link = this.#links.headOf(rarest); link !== NONE; link = this.#links.nextIn(link)) {
        const slot = this.#links.slotOf(link);
        if (this.entries.expiresAt(slot) > now && !this.isDead(slot) && this.#isIn(slot, others)) dead.push(slot);
      }
    }
    const id = dead.length > 0 ? this.#generations.create(undefined) : NONE;
    const generations = dead.length > 0 ? [id] : [];
    const invalidation: Invalidation = {
      count: dead.length,
      counted: true,
      at: now,
      order: this.#order++,
      generations,
    };
    if (dead.length > 0) {
      this.#generations.of(id).invalidation = invalidation;
      for (const slot of dead) this.#join(slot, id);
      this.#pending.push(invalidation);
    }
    return invalidation;
  }

  /** A dead slot for the caller to remove, or `undefined` when none is left. Amortised O(1). */
  reclaimable(): number | undefined {
    for (let first = this.#pending[0]; first; first = this.#pending[0]) {
      const id = first.generations.at(-1);
      if (id === undefined) this.#pending.shift();
      else if (this.#generations.find(id)?.invalidation === first) return this.#links.slotOf(this.#links.headOf(id));
      else first.generations.pop();
    }
    return undefined;
  }

  /**
   * Credits the removal of the dead `slot` to the invalidation that killed it first; call it before {@link remove}.
   *
   * @returns whether an invalidation removed it: false where its time was over before.
   */
  credit(slot: number): boolean {
    const killer = this.#killer(slot) as Invalidation;
    if (this.entries.expiresAt(slot) <= killer.at) return false;
    if (!killer.counted) killer.count++;
    return true;
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
        if (generation.tag !== undefined && !generation.invalidation) {
          tags.set(generation.tag, (tags.get(generation.tag) ?? 0) + 1);
        }
      }
    }
    return { bytes, tags };
  }

  /** Members of `tag` as counted. */
  countOf(tag: string): number {
    return this.#countOf(this.#byName.get(tag));
  }

  #countOf(id: number | undefined): number {
    return id === undefined ? 0 : this.#generations.of(id).count;
  }

  #current(tag: string): number {
    const known = this.#byName.get(tag);
    if (known !== undefined) return known;
    const name = flattenString(tag);
    const id = this.#generations.create(name);
    this.#byName.set(name, id);
    return id;
  }

  #join(slot: number, id: number): void {
    const generation = this.#generations.of(id);
    generation.count++;
    generation.soonestExpiry = Math.min(generation.soonestExpiry, this.entries.expiresAt(slot));
    this.#links.add(slot, id);
  }

  #isIn(slot: number, ids: readonly (number | undefined)[]): boolean {
    let found = 0;
    for (let link = this.#links.firstOf(slot); link !== NONE; link = this.#links.nextOf(link)) {
      if (ids.includes(this.#links.listOf(link))) found++;
    }
    return found === ids.length;
  }

  #killer(slot: number): Invalidation | undefined {
    let killer: Invalidation | undefined;
    for (let link = this.#links.firstOf(slot); link !== NONE; link = this.#links.nextOf(link)) {
      const { invalidation } = this.#generationOf(link);
      if (invalidation && (!killer || invalidation.order < killer.order)) killer = invalidation;
    }
    return killer;
  }

  #generationOf(link: number): Generation {
    return this.#generations.of(this.#links.listOf(link));
  }
}
