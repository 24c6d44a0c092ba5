/** Tags that are told apart; what belongs to later ones is added up under {@link OTHER_TAGS}. */
export const MAX_TAGS_TRACKED = 100;
export const OTHER_TAGS = '(other)';
/** Tags that a report shows, those with the most seconds. */
export const MAX_TAGS_SHOWN = 20;
/** Hits that are all followed; of later ones, one of {@link STRIDE}. */
const EXACT_HITS = 1024;
const STRIDE = 16;

export interface TagLoadSeconds {
  tag: string;
  /** Seconds that hits spared the source. */
  saved: number;
  /** Seconds that loads took all the same. */
  paid: number;
}

/** What has to be known of the entries that were hit. */
export interface LoadedEntries {
  /** Milliseconds that the load of the entry took; 0 where it was set. */
  loadTime(slot: number): number;
  tagsOf(slot: number): readonly string[];
}

/**
 * Seconds of loading that hits saved and that loads took, of the whole cache and by tag.
 *
 * Each hit saves what the load of its entry was measured to take. The first {@link EXACT_HITS} hits are all followed, then
 * every {@link STRIDE}th for all of them. A load counts for each of its tags, so the tags' seconds may add up to more than
 * the cache's.
 *
 * Cost: a hit an addition, and a look at the entry for those that are followed; memory for {@link MAX_TAGS_TRACKED} tags.
 */
export class LoadSeconds {
  #savedMs = 0;
  #paidMs = 0;
  #hits = 0;
  readonly #tags = new Map<string, { savedMs: number; paidMs: number }>();

  get saved(): number {
    return this.#savedMs / 1000;
  }

  get paid(): number {
    return this.#paidMs / 1000;
  }

  /** The first `count` of `slots` were hit. */
  hit(slots: Int32Array, count: number, entries: LoadedEntries): void {
    for (let i = 0; i < count;) {
      const isExact = this.#hits < EXACT_HITS;
      const skipped = isExact ? 0 : (STRIDE - (this.#hits % STRIDE)) % STRIDE;
      if (skipped >= count - i) {
        this.#hits += count - i;
        return;
      }
      i += skipped;
      this.#save(slots[i], isExact ? 1 : STRIDE, entries);
      this.#hits += skipped + 1;
      i++;
    }
  }

  /** A load took `ms`, whatever became of it. */
  load(ms: number, tags: readonly string[]): void {
    this.#paidMs += ms;
    for (const tag of tags) this.#of(tag).paidMs += ms;
  }

  /** By tag, most seconds first, {@link MAX_TAGS_SHOWN} at most. */
  byTag(): TagLoadSeconds[] {
    return [...this.#tags]
      .map(([tag, { savedMs, paidMs }]) => ({ tag, saved: savedMs / 1000, paid: paidMs / 1000 }))
      .sort((a, b) => b.saved + b.paid - (a.saved + a.paid))
      .slice(0, MAX_TAGS_SHOWN);
  }

  #save(slot: number, times: number, entries: LoadedEntries): void {
    const ms = entries.loadTime(slot) * times;
    if (ms === 0) return;
    this.#savedMs += ms;
    for (const tag of entries.tagsOf(slot)) this.#of(tag).savedMs += ms;
  }

  #of(tag: string): { savedMs: number; paidMs: number } {
    const known = this.#tags.get(tag);
    if (known) return known;
    if (this.#tags.size >= MAX_TAGS_TRACKED && tag !== OTHER_TAGS) return this.#of(OTHER_TAGS);
    const fresh = { savedMs: 0, paidMs: 0 };
    this.#tags.set(tag, fresh);
    return fresh;
  }
}
