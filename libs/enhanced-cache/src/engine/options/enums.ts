/**
 * Who leaves first when a limit is reached.
 *
 * Under every policy an entry of higher `priority` outlives one of lower priority: HYBRID weighs it in, the others rank
 * by it first.
 */
export const EvictionPolicyName = {
  /** The least recently used. */
  LRU: 'lru',
  /** The least frequently used, with ageing, so that yesterday's favourites do not stay for ever. */
  LFU: 'lfu',
  /** The soonest to expire; what was idle for long before that. */
  TTL: 'ttl',
  /** The largest; what was idle for long before that. */
  SIZE: 'size',
  /**
   * By what a miss would cost: frequency x cost / stored size, aged, where entries differ in these; by the best of several
   * ways to keep what is used where they do not.
   */
  HYBRID: 'hybrid',
  /** Who was used more often lately stays, resident or not; a window for newcomers that finds its own size. */
  TINYLFU: 'tinylfu',
  /** What came and was not used twice leaves first; plain queues. */
  S3FIFO: 's3fifo',
} as const;
export type EvictionPolicyName = (typeof EvictionPolicyName)[keyof typeof EvictionPolicyName];

/** How much time is spent to make stored payloads smaller. */
export const CompressionLevel = { NONE: 0, FAST: 1, DEFAULT: 6, MAX: 9 } as const;
export type CompressionLevel = (typeof CompressionLevel)[keyof typeof CompressionLevel];

/** What a hit returns; see {@link EnhancedCacheOptions.isolation}. */
export type Isolation = 'copy' | 'frozen' | 'shared';

/** What happens to an instance of a class that was not registered, in `copy` mode. */
export type ClassInstances = 'warn' | 'refuse' | 'allow';
