import { DecodedValues } from './decoded-values.js';
import type { EntryStore, StoreLimits } from './entry-store.js';

/**
 * Moves `store` to other limits. Where more is held than they allow, one entry is evicted a step; writes meanwhile go
 * by the old limits, so that none of them has to evict for all.
 *
 * @returns how many entries were evicted.
 */
export function* changeLimits(store: EntryStore, limits: StoreLimits): Generator<undefined, number, undefined> {
  store.decoded.shrink(DecodedValues.room(limits.maxBytes, store.ledger.weight));
  let evicted = 0;
  while (store.exceeds(limits)) {
    const cause = store.evictOne();
    if (cause === undefined) break;
    if (cause === 'evicted') evicted++;
    yield;
  }
  store.limits = limits;
  return evicted;
}
