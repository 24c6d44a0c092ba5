import type { Clock } from '../ports/clock.js';

/** What is known of an entry besides its value. Times are wall-clock, derived from the monotonic ones when asked. */
export interface EntryInfo {
  key: string;
  createdAt: Date;
  /** `null`: never. */
  expiresAt: Date | null;
  /** Seconds left; `null`: never expires. */
  ttlRemaining: number | null;
  lastAccessed: Date;
  /** Hits since the value was written. */
  accessCount: number;
  tags: string[];
  priority: number;
  /** Seconds to recreate the value. */
  cost: number;
  /** What the caller attached at `set`; `undefined` where nothing was. */
  metadata: Record<string, unknown> | undefined;
  /** Bytes of the value as serialized, before compression. */
  sizeBytes: number;
  /** Bytes of the value as stored; equals {@link sizeBytes} where it was not compressed. */
  compressedSize: number;
  /** {@link compressedSize} / {@link sizeBytes}; 1 means not compressed. */
  compressionRatio: number;
}

export interface CacheEntry<T = unknown> extends EntryInfo {
  value: T;
}

/** What is known of an entry; moments are those of the cache's clock. */
export interface EntryFacts {
  readonly key: string;
  readonly created: number;
  /** `Infinity`: never. */
  readonly expiresAt: number;
  readonly lastAccess: number;
  readonly hits: number;
  /** Of the caller's own. */
  readonly tags: string[];
  readonly priority: number;
  readonly cost: number;
  /** JSON text. */
  readonly metadata: string | undefined;
  readonly originalBytes: number;
  readonly storedBytes: number;
}

export function entryInfo(facts: EntryFacts, clock: Clock): EntryInfo {
  const { expiresAt, metadata, originalBytes: sizeBytes, storedBytes: compressedSize } = facts;
  const now = clock.now();
  const wallNow = clock.wallNow();
  return {
    key: facts.key,
    createdAt: new Date(wallNow - (now - facts.created)),
    expiresAt: expiresAt === Infinity ? null : new Date(wallNow + (expiresAt - now)),
    ttlRemaining: expiresAt === Infinity ? null : (expiresAt - now) / 1000,
    lastAccessed: new Date(wallNow - (now - facts.lastAccess)),
    accessCount: facts.hits,
    tags: facts.tags,
    priority: facts.priority,
    cost: facts.cost,
    metadata: metadata === undefined ? undefined : (JSON.parse(metadata) as Record<string, unknown>),
    sizeBytes,
    compressedSize,
    compressionRatio: sizeBytes === 0 ? 1 : compressedSize / sizeBytes,
  };
}
