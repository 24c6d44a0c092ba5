/** What the source holds under `key`: nothing but how often it was changed, so that age can be read off a value. */
export interface Versioned {
  readonly key: string;
  readonly version: number;
}

/** How one `getOrSet` asks; a cache that does not know a manner is never asked in it. */
export const MANNERS = [
  'plain',
  /** An expired value may be served while one load renews it behind. */
  'stale-while-revalidate',
  /** An expired value may stand in for a load that fails. */
  'stale-if-error',
  /** As `stale-if-error`, and it stands in too for a load that is slow. */
  'soft-timeout',
  /** Callers give up a load that is slow. */
  'hard-timeout',
  /** Renews a value behind that is still fresh. */
  'early-refresh',
  /** The loader names the tags when it knows the value, not before. */
  'late-tags',
  /** As `stale-while-revalidate`, and the loader keeps the old value where the source has not changed. */
  'not-modified',
  /** The caller leaves in the middle. */
  'abandoned',
] as const;
export type Manner = (typeof MANNERS)[number];

const STALE_MANNERS: readonly Manner[] = ['stale-while-revalidate', 'stale-if-error', 'soft-timeout', 'not-modified'];

/** Whether a call in this manner may get a value whose lifetime is over; never one that was removed. */
export function servesStale(manner: Manner): boolean {
  return STALE_MANNERS.includes(manner);
}

export type Load = () => Promise<Versioned>;
export type Answer = Promise<Versioned | undefined>;

/**
 * A cache as the schedules see it: a verb that it has not is absent. Each verb begins in the call and has taken effect
 * when its promise settles.
 */
export interface RacedCache {
  getOrSet(key: string, load: Load, tags: readonly string[], manner: Manner, signal?: AbortSignal): Answer;
  get(key: string): Answer;
  /** {@link get} with the name under which the value is said to be stored. */
  getEntry?(key: string): Promise<{ readonly key: string; readonly value: Versioned } | undefined>;
  delete(key: string): Promise<unknown>;
  set?(key: string, value: Versioned, tags: readonly string[]): Promise<unknown>;
  /** A `set` of something that cannot be stored; it rejects. */
  setRefused?(key: string): Promise<unknown>;
  /** `loadMany` is one call for all the keys. */
  getOrSetMany?(
    keys: readonly string[],
    loadMany: (keys: readonly string[]) => Promise<Versioned[]>,
    tags: readonly string[],
    manner: Manner,
  ): Promise<ReadonlyMap<string, Versioned>>;
  deleteByTags?(tags: readonly string[], match: 'any' | 'all'): Promise<unknown>;
  clear?(): Promise<unknown>;
  /** Ends lifetimes; the values may be kept for {@link servesStale}. */
  expire?(key: string): Promise<unknown>;
  expireTags?(tags: readonly string[]): Promise<unknown>;
  /** Gives an entry another lifetime. */
  touch?(key: string): Promise<unknown>;
  /** Removes the key, or what carries the tags, or everything, once `work` has committed. */
  evictAfter?(work: Promise<void>, what: { key?: string; tags?: readonly string[]; all?: boolean }): Promise<unknown>;
  /** Brings in values that `entries` reads one after the other, while the cache is in use. */
  warmUp?(entries: AsyncIterable<Versioned>, tagsOf: (key: string) => readonly string[]): Promise<unknown>;
  /** As {@link warmUp}, as a document that is streamed. */
  import?(entries: AsyncIterable<Versioned>, tagsOf: (key: string) => readonly string[]): Promise<unknown>;
  /** Lets time pass. */
  advance?(ms: number): void;
  /** Whether a rejection with `error` is what the options of the call ask for. */
  mayRejectWith?(error: unknown): boolean;
  /** A sentence for each figure that the cache counts wrongly. */
  audit?(): string[];
  close(): Promise<unknown>;
}

/** What a schedule is played on. */
export interface Contestant {
  readonly name: string;
  readonly manners: readonly Manner[];
  /** Each number gives other limits; how many there are is the contestant's. */
  create(variant: number): RacedCache;
}
