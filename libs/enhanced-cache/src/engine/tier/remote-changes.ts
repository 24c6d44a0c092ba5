import type { CacheCore } from '../cache-core.js';
import type { CacheEvents } from '../events.js';
import type { BusListener, Invalidation } from '../ports/coherence-bus.js';

/** Applies what other processes invalidated to the memory of this one, and announces none of it again. */
export class RemoteChanges implements BusListener {
  constructor(
    private readonly core: CacheCore,
    private readonly events: CacheEvents,
  ) {}

  applyRemote(invalidation: Invalidation): void {
    if (this.core.closed) return;
    if (this.events.has('invalidate'))
      this.events.emit('invalidate', { ...invalidation, propagated: true, remote: true });
    this.#apply(invalidation);
  }

  keepsStale(key: string): boolean {
    const { store } = this.core;
    return store.findKept(key) !== -1 && store.find(key) === -1;
  }

  distrust(reason: string): void {
    if (this.core.closed) return;
    if (this.events.has('distrust')) this.events.emit('distrust', { reason });
    this.#inBackground(this.core.clear());
  }

  #apply(invalidation: Invalidation): void {
    const { core } = this;
    switch (invalidation.scope) {
      case 'keys':
        for (const key of invalidation.keys) {
          // What is not here may be under way, and another program may use keys that this cache would refuse.
          if (core.store.findKept(key) === -1) core.invalidate(key);
          else if (invalidation.stale) core.expire(key);
          else core.delete(key);
        }
        return;
      case 'tags':
        return this.#inBackground(
          invalidation.stale
            ? core.expireTags(invalidation.tags)
            : core.deleteByTags(invalidation.tags, invalidation.match),
        );
      case 'everything':
        return this.#inBackground(core.clear());
    }
  }

  /** It has taken effect already; what is left is to reclaim memory. */
  #inBackground(reclaiming: Promise<number>): void {
    reclaiming.catch((error: unknown) =>
      this.events.emit('error', { operation: 'reclaim what another process invalidated', error }),
    );
  }
}
