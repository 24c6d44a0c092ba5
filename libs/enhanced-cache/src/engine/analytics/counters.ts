import { LoadSeconds } from './load-seconds.js';

/**
 * What one cache has counted since it was made. The engine adds to the fields directly: a counter on the hot path is
 * one addition, no call. What the figures mean to users is said beside each field of `CacheStats`.
 */
export class Counters {
  hits = 0;
  misses = 0;
  sets = 0;
  deletes = 0;
  evictions = 0;
  expirations = 0;
  loads = 0;
  loadFailures = 0;
  fencedLoads = 0;
  staleHits = 0;
  joinedLoads = 0;
  queuedLoads = 0;
  backgroundLoads = 0;
  loadTimeouts = 0;
  lateLoads = 0;
  corruptEntries = 0;
  skippedCompressions = 0;
  backgroundCompressions = 0;
  lateCompressions = 0;
  undeferredCompressions = 0;
  failedCompressions = 0;
  /** Milliseconds that all {@link loads} took together, failed ones included. */
  loadTimeMs = 0;
  /** Seconds of loading, saved and paid, by tag too. */
  readonly loadSeconds = new LoadSeconds();
  /** Sum over the hits: cost of the entry, in seconds. What the hits saved. */
  hitCost = 0;
  /**
   * Sum over the misses: cost of the value that was then loaded or set, in seconds. A miss adds 1 when it happens; who
   * learns the real cost adds the difference.
   */
  missCost = 0;
}
