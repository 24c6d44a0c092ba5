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
