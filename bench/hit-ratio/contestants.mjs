import { LRUCache } from 'lru-cache';
import { newCache } from 'transitory';
import { EvictionPolicy } from 'nestjs-enhanced-cache/core';
import { EntryStore } from '../../libs/enhanced-cache/dist/engine/entry/entry-store.js';
import { SystemClock } from '../../libs/enhanced-cache/dist/engine/ports/system-clock.js';
import { Belady, Gdsf, SizedBelady } from './references.mjs';

const VALUE = Object.freeze({ kind: 0, data: 1, originalBytes: 8, storedBytes: 8, heldBytes: 8 });
/** Where entries are counted, all of them weigh the same. */
const UNIT_WEIGHT = 100;

/**
 * The store and the policy of the library, as they run behind `EnhancedCache`: lookup, attributes, limits and accounting
 * included, encoding and events left out. Keys are strings.
 */
class Library {
  #store;
  #clock = new SystemClock();
  #limit;

  constructor(policy, { keys, sizes }, names, limit, isBytes, costs) {
    this.keys = keys;
    this.sizes = isBytes ? sizes : undefined;
    this.names = names;
    this.costs = costs;
    this.#limit = limit;
    const limits = isBytes
      ? { maxEntries: Number.MAX_SAFE_INTEGER, maxBytes: limit }
      : { maxEntries: limit, maxBytes: Number.MAX_SAFE_INTEGER };
    this.#store = new EntryStore(limits, policy, this.#clock, () => undefined);
  }

  request(i) {
    const key = this.keys[i];
    const name = this.names[key];
    const slot = this.#store.find(name);
    if (slot !== -1) {
      this.#store.noteHit(slot, this.#clock.coarseNow());
      return true;
    }
    const weight = this.sizes ? this.sizes[i] : UNIT_WEIGHT;
    if (this.sizes && weight > this.#limit) return false;
    this.#store.write(name, VALUE, attributes(this.costs ? this.costs[key] : 1), weight);
    return false;
  }

  report() {
    return this.#store.policy.report();
  }
}

function attributes(cost) {
  return { ttlMs: Infinity, staleMs: 0, loadMs: 0, tags: [], priority: 0, cost, metadata: undefined };
}

class LruCache {
  #cache;

  constructor({ keys, sizes }, names, limit, isBytes) {
    this.keys = keys;
    this.names = names;
    this.sizes = isBytes ? sizes : undefined;
    this.#cache = new LRUCache(isBytes ? { maxSize: limit } : { max: limit });
  }

  request(i) {
    const name = this.names[this.keys[i]];
    if (this.#cache.get(name) !== undefined) return true;
    this.#cache.set(name, 1, this.sizes ? { size: this.sizes[i] } : undefined);
    return false;
  }
}

/** W-TinyLFU with a hill climber. It trims itself behind timers, so it gets a turn of the event loop now and then. */
class Transitory {
  #cache;
  yieldsEvery = 1000;

  constructor({ keys }, names, limit) {
    this.keys = keys;
    this.names = names;
    this.#cache = newCache().maxSize(limit).build();
  }

  request(i) {
    const name = this.names[this.keys[i]];
    if (this.#cache.getIfPresent(name) !== null) return true;
    this.#cache.set(name, 1);
    return false;
  }

  close() {
    this.#cache.destroy?.();
  }
}

export const OUR_POLICIES = Object.values(EvictionPolicy);
export const POLICIES = [...OUR_POLICIES, 'lru-cache', 'transitory', 'gdsf', 'belady'];

/** @returns a contestant for `policy` with room for `limit` entries or bytes; `undefined` where it cannot count bytes. */
export function contestant(policy, trace, names, limit, isBytes, costs) {
  const requests = isBytes ? trace : { ...trace, sizes: undefined };
  switch (policy) {
    case 'lru-cache':
      return new LruCache(requests, names, limit, isBytes);
    case 'transitory':
      return isBytes ? undefined : new Transitory(requests, names, limit);
    case 'gdsf':
      return new Gdsf(requests, limit, costs);
    case 'belady':
      return isBytes ? new SizedBelady(requests, limit) : new Belady(requests, limit);
    default:
      return new Library(policy, requests, names, limit, isBytes, costs);
  }
}
