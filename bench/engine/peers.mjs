/**
 * The other caches, each used as its own documentation shows and with its defaults: what counts, counts; what copies,
 * copies. A package is loaded where it is opened, so that no process holds one that it does not time.
 */
import { BARE_MAP, REFERENCE } from './names.mjs';
import { TTL_S, unexpectedLoad } from './verbs.mjs';

const TTL_MS = TTL_S * 1000;

/** No limit, no lifetime, no figures: as fast as it can be. Tags as one would add them: a Set of keys for each. */
function bareMap() {
  const map = new Map();
  const tags = new Map();
  return {
    read: (key) => map.get(key),
    get: (key) => map.get(key),
    write: (key, value) => void map.set(key, value),
    set: (key, value) => void map.set(key, value),
    setTagged(key, value, tag) {
      map.set(key, value);
      if (!tags.has(tag)) tags.set(tag, new Set());
      tags.get(tag).add(key);
    },
    invalidateTag(tag) {
      for (const key of tags.get(tag)) map.delete(key);
      tags.delete(tag);
    },
  };
}

const lruCache =
  (options) =>
  async ({ capacity }) => {
    const { LRUCache } = await import('lru-cache');
    const cache = new LRUCache({ max: capacity, ...options, fetchMethod: unexpectedLoad });
    return {
      read: (key) => cache.get(key),
      get: (key) => cache.get(key),
      write: (key, value) => void cache.set(key, value),
      set: (key, value) => void cache.set(key, value),
      getOrSet: (key) => cache.fetch(key),
    };
  };

/** The store that cache-manager makes by itself: a Map without limit that shares its values. */
async function cacheManager() {
  const { createCache } = await import('cache-manager');
  return cacheManagerVerbs(createCache({ ttl: TTL_MS }));
}

/** What Nest's documentation shows for `CacheModule.registerAsync`, and what @nestjs/cache-manager makes of it. */
async function nestDocumentation({ capacity }) {
  const { CacheableMemory } = await import('cacheable');
  const { Keyv } = await import('keyv');
  const { createCache } = await import('cache-manager');
  const store = new CacheableMemory({ ttl: TTL_MS, lruSize: capacity });
  return cacheManagerVerbs(createCache({ stores: [new Keyv({ store })] }));
}

function cacheManagerVerbs(cache) {
  return {
    get: (key) => cache.get(key),
    set: (key, value) => cache.set(key, value),
    getOrSet: (key) => cache.wrap(key, unexpectedLoad),
    close: () => cache.disconnect(),
  };
}

async function cacheableMemory({ capacity }) {
  const { CacheableMemory } = await import('@cacheable/memory');
  const cache = new CacheableMemory({ ttl: TTL_MS, lruSize: capacity });
  return {
    read: (key) => cache.get(key),
    get: (key) => cache.get(key),
    write: (key, value) => cache.set(key, value),
    set: (key, value) => cache.set(key, value),
    getOrSet: (key) => cache.getOrSet(key, unexpectedLoad),
  };
}

async function bentocache({ capacity }) {
  const { BentoCache, bentostore } = await import('bentocache');
  const { memoryDriver } = await import('bentocache/drivers/memory');
  const memory = bentostore().useL1Layer(memoryDriver({ maxItems: capacity }));
  const cache = new BentoCache({ default: 'memory', ttl: TTL_MS, stores: { memory } });
  return {
    get: (key) => cache.get({ key }),
    set: (key, value) => cache.set({ key, value }),
    getOrSet: (key) => cache.getOrSet({ key, factory: unexpectedLoad }),
    setTagged: (key, value, tag) => cache.set({ key, value, tags: [tag] }),
    invalidateTag: (tag) => cache.deleteByTag({ tags: [tag] }),
    close: () => cache.disconnectAll(),
  };
}

/** A hit of its `Loader` runs the code of the `get` that is timed here; groups are a cache of their own. */
async function layeredLoader({ capacity }) {
  const { ManualCache, ManualGroupCache } = await import('layered-loader');
  const inMemoryCache = { cacheType: 'lru-map', ttlInMsecs: TTL_MS, maxItems: capacity };
  const cache = new ManualCache({ inMemoryCache });
  const groups = new ManualGroupCache({
    inMemoryCache: { ...inMemoryCache, maxGroups: capacity, maxItemsPerGroup: capacity },
  });
  return {
    read: (key) => cache.getInMemoryOnly(key),
    get: (key) => cache.get(key),
    write: (key, value) => void cache.set(key, value),
    set: (key, value) => cache.set(key, value),
    getOrSet: (key) => cache.get(key),
    setTagged: (key, value, tag) => groups.set(key, value, tag),
    invalidateTag: (tag) => groups.invalidateCacheForGroup(tag),
  };
}

async function nodeCache() {
  const { default: NodeCache } = await import('node-cache');
  const cache = new NodeCache({ stdTTL: TTL_S });
  return {
    read: (key) => cache.get(key),
    get: (key) => cache.get(key),
    write: (key, value) => void cache.set(key, value),
    set: (key, value) => void cache.set(key, value),
    close: () => cache.close(),
  };
}

/** @type {import('./verbs.mjs').Candidate[]} */
export const peers = [
  { name: BARE_MAP, isLean: true, isUnbounded: true, open: bareMap },
  { name: REFERENCE, isLean: true, open: lruCache({ ttl: TTL_MS }) },
  { name: 'lru-cache (no ttl)', isLean: true, open: lruCache({}) },
  { name: 'layered-loader', open: layeredLoader },
  { name: 'node-cache', isUnbounded: true, open: nodeCache },
  { name: 'cache-manager (default)', isUnbounded: true, open: cacheManager },
  { name: '@cacheable/memory', open: cacheableMemory },
  { name: 'bentocache', open: bentocache },
  { name: 'Nest documentation', open: nestDocumentation },
];
