import type { Counters } from '../analytics/counters.js';
import type { CacheEvents } from '../events.js';
import type { RemovalCause } from '../eviction/eviction-policy.js';

/**
 * Counts an entry that leaves and tells who listens.
 */
export function recordRemoval(
  key: string,
  sizeBytes: number,
  cause: RemovalCause,
  turnedAway: boolean,
  counters: Counters,
  events: CacheEvents,
): void {
  switch (cause) {
    case 'evicted':
      counters.evictions++;
      if (events.has('evict')) events.emit('evict', { key, sizeBytes, turnedAway });
      break;
    case 'expired':
      counters.expirations++;
      if (events.has('expire')) events.emit('expire', { key });
      break;
    case 'deleted':
    case 'invalidated':
      counters.deletes++;
      if (events.has('delete')) events.emit('delete', { key, cause });
      break;
    // Counted where they happen: the whole cache at once, and the entry whose bytes were wrong.
    case 'cleared':
    case 'corrupt':
      break;
  }
}
