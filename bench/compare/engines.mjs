/**
 * The caches that are compared, each behind the same few verbs. Every one is used as its own documentation shows, with
 * its defaults except where a probe names a setting; what it has no verb for is absent here.
 */
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { createCache } from 'cache-manager';
import { Cacheable } from 'cacheable';
import { LRUCache } from 'lru-cache';
import { EnhancedCache } from 'nestjs-enhanced-cache/core';

const BYTES_PER_MIB = 1024 * 1024;
/** More than any probe stores: where bytes are limited, entries must not be what stops the cache. */
const MANY_ENTRIES = 1_000_000;

/**
 * @typedef {object} Engine
 * @property {(key: string) => unknown} get
 * @property {(key: string, value: unknown, how?: { ttlMs?: number, tags?: string[] }) => unknown} set
 * @property {(key: string, load: () => Promise<unknown>) => Promise<unknown>} getOrSet
 * @property {(key: string) => unknown} delete
 * @property {(tag: string) => unknown} [deleteByTag]
 * @property {() => unknown} [close]
 */

/** @type {{ name: string, package: string, limitsBytes?: string, create: (limits?: { maxMb?: number }) => Engine }[]} */
export const engines = [
  {
    name: 'enhanced-cache',
    package: 'nestjs-enhanced-cache',
    limitsBytes: 'maxMemoryMb',
    create({ maxMb } = {}) {
      const cache = new EnhancedCache(maxMb ? { maxMemoryMb: maxMb, maxSize: MANY_ENTRIES } : {});
      return {
        get: (key) => cache.get(key),
        set: (key, value, { ttlMs, tags } = {}) => cache.set(key, value, { ttl: ttlMs && ttlMs / 1000, tags }),
        getOrSet: (key, load) => cache.getOrSet(key, load),
        delete: (key) => cache.delete(key),
        deleteByTag: (tag) => cache.deleteByTags([tag]),
        close: () => cache.close(),
      };
    },
  },
  {
    name: 'lru-cache',
    package: 'lru-cache',
    limitsBytes: 'maxSize, sizeCalculation: length of the JSON text',
    create({ maxMb } = {}) {
      const sizes = { maxSize: maxMb * BYTES_PER_MIB, sizeCalculation: (value) => JSON.stringify(value).length };
      const cache = new LRUCache({
        ...(maxMb ? sizes : { max: 10_000 }),
        fetchMethod: (_key, _old, { context }) => context(),
      });
      return {
        get: (key) => cache.get(key),
        set: (key, value, { ttlMs } = {}) => cache.set(key, value, { ttl: ttlMs }),
        getOrSet: (key, load) => cache.fetch(key, { context: load }),
        delete: (key) => cache.delete(key),
      };
    },
  },
  {
    name: 'bentocache',
    package: 'bentocache',
    limitsBytes: 'maxSize',
    create({ maxMb } = {}) {
      const memory = memoryDriver(maxMb ? { maxSize: maxMb * BYTES_PER_MIB, maxItems: MANY_ENTRIES } : {});
      const cache = new BentoCache({ default: 'memory', stores: { memory: bentostore().useL1Layer(memory) } });
      return {
        get: (key) => cache.get({ key }),
        set: (key, value, { ttlMs, tags } = {}) => cache.set({ key, value, ttl: ttlMs, tags }),
        getOrSet: (key, load) => cache.getOrSet({ key, factory: load }),
        delete: (key) => cache.delete({ key }),
        deleteByTag: (tag) => cache.deleteByTag({ tags: [tag] }),
        close: () => cache.disconnectAll(),
      };
    },
  },
  {
    name: 'cacheable',
    package: 'cacheable',
    create() {
      const cache = new Cacheable({ tags: true });
      return {
        get: (key) => cache.get(key),
        set: (key, value, { ttlMs, tags } = {}) => cache.set(key, value, { ttl: ttlMs, tags }),
        getOrSet: (key, load) => cache.getOrSet(key, load),
        delete: (key) => cache.delete(key),
        deleteByTag: (tag) => cache.tags.invalidateTag(tag),
        close: () => cache.disconnect(),
      };
    },
  },
  {
    name: 'cache-manager',
    package: 'cache-manager',
    create() {
      const cache = createCache();
      return {
        get: (key) => cache.get(key),
        set: (key, value, { ttlMs } = {}) => cache.set(key, value, ttlMs),
        getOrSet: (key, load) => cache.wrap(key, load),
        delete: (key) => cache.del(key),
        close: () => cache.disconnect(),
      };
    },
  },
];
