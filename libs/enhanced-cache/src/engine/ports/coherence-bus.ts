/** What became invalid, at one process and so at all. */
export type Invalidation =
  | { readonly scope: 'keys'; readonly keys: readonly string[]; readonly stale: boolean }
  | { readonly scope: 'tags'; readonly tags: readonly string[]; readonly match: 'any' | 'all'; readonly stale: boolean }
  | { readonly scope: 'everything' };

/** What became of an invalidation. */
export interface Announced {
  /** Whether the tier has taken it and told the others. Where not, it is kept and sent as soon as that can be. */
  readonly propagated: boolean;
  /** Entries that the tier is known to have removed. */
  readonly removed: number;
}

/** The memory of this process, as a bus sees it. */
export interface BusListener {
  /** Another process invalidated this. It is applied and never announced. */
  applyRemote(invalidation: Invalidation): void;
  /** Whether memory keeps an entry under `key` only to stand in for a load. */
  keepsStale(key: string): boolean;
  /** Something may not have been heard: nothing in memory is to be served any more. */
  distrust(reason: string): void;
}

/**
 * How processes that share a tier tell each other what became invalid.
 *
 * `stale` in an {@link Invalidation}: entries may still stand in for a load that fails.
 */
export interface CoherenceBus {
  /** Whom to tell; called once, before anything else. */
  listen(listener: BusListener): void;
  /** Removes it from the tier and tells the others. Takes effect before any read that is asked for later. Never rejects. */
  announce(invalidation: Invalidation): Promise<Announced>;
}
