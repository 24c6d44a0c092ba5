/**
 * Ways to read a value from Redis past any memory of one's own, each a candidate of an arena, with 64 callers at a time. An
 * operation is the name of what the values are.
 */
import { createRequire } from 'node:module';
import { payload } from '../support/payloads.mjs';

const TTL_MS = 3_600_000;
const CALLERS = 64;
const KEYS = Array.from({ length: 1000 }, (_, i) => `key-${i}`);

/** What is promised is promised for the first two; the last one has nothing to parse, and hardly more than clients in it. */
const VALUES = {
  '120 B': (i) => payload(120, i),
  '2 KB': (i) => payload(2048, i),
  '2 KB in one text': (i) => ({ id: i, name: `Person ${i}`, note: 'x'.repeat(2000) }),
};
export const KINDS_OF_VALUES = Object.keys(VALUES);
export const JUDGED_KINDS = ['120 B', '2 KB'];

/**
 * cache-manager and cacheable come with a node-redis of their own, of version 5, whose GET costs a quarter of that of version 6: it
 * is a candidate, too. None of the peers answers from elsewhere: `INFO commandstats` counts one GET for each of their reads.
 */
const OPEN = {
  'this cache': (url) => openOurs(url, 'lru'),
  'this cache, HYBRID': (url) => openOurs(url, 'hybrid'),
  'node-redis': openNodeRedis,
  'node-redis 5': openNodeRedis5,
  ioredis: openIoredis,
  bentocache: openBento,
  'cache-manager': openCacheManager,
  cacheable: openCacheable,
};
export const READERS = Object.keys(OPEN);

export async function open(name, { url }) {
  const reader = await OPEN[name](url);
  return {
    async begin(kind) {
      const expected = VALUES[kind];
      for (let i = 0; i < KEYS.length; i++) await reader.set(KEYS[i], expected(i));
      for (const i of [0, 1, 500, 999]) {
        const found = await reader.get(KEYS[i]);
        if (JSON.stringify(found) !== JSON.stringify(expected(i)))
          throw new Error(`${name} does not have what it was given`);
      }
      return { run: (iterations) => readAll(reader, iterations) };
    },
  };
}

async function readAll(reader, iterations) {
  let next = 0;
  const caller = async () => {
    while (next < iterations) await reader.get(KEYS[(next++ * 7) % KEYS.length]);
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

async function openOurs(url, evictionPolicy) {
  const { EnhancedCache } = await import('nestjs-enhanced-cache/core');
  const { redisTier } = await import('nestjs-enhanced-cache/redis');
  // Of two keys that are read in turn neither is in memory, yet each read puts its value there and evicts another, by LRU as in
  // cacheable. HYBRID learns from every read what to keep, which is not the tier's cost: it has a row of its own.
  const tier = redisTier({ url, keyPrefix: 'ours', deadline: '5s' });
  const cache = new EnhancedCache({ tier, evictionPolicy, maxSize: 1, compressionLevel: 0, memoryPressure: false });
  return {
    set: (key, value) => cache.set(key, value),
    get: (key) => cache.get(key),
  };
}

async function openNodeRedis(url) {
  return overNodeRedis(await import('redis'), url);
}

async function openNodeRedis5(url) {
  return overNodeRedis(createRequire(import.meta.resolve('@keyv/redis'))('@redis/client'), url);
}

async function overNodeRedis({ createClient }, url) {
  const client = createClient({ url });
  await client.connect();
  return {
    set: (key, value) => client.set(`raw:${key}`, JSON.stringify(value)),
    get: async (key) => JSON.parse(await client.get(`raw:${key}`)),
  };
}

async function openIoredis(url) {
  const { Redis } = await import('ioredis');
  const client = new Redis(url);
  return {
    set: (key, value) => client.set(`io:${key}`, JSON.stringify(value)),
    get: async (key) => JSON.parse(await client.get(`io:${key}`)),
  };
}

async function openBento(url) {
  const { BentoCache, bentostore } = await import('bentocache');
  const { redisDriver } = await import('bentocache/drivers/redis');
  const { hostname: host, port } = new URL(url);
  const store = bentostore().useL2Layer(redisDriver({ connection: { host, port: Number(port) } }));
  const bento = new BentoCache({ default: 'remote', prefix: 'bento', ttl: '1h', stores: { remote: store } });
  return {
    set: (key, value) => bento.set({ key, value }),
    get: (key) => bento.get({ key }),
  };
}

async function openCacheManager(url) {
  const { createCache } = await import('cache-manager');
  const { createKeyv } = await import('@keyv/redis');
  const cache = createCache({ stores: [createKeyv(url, { namespace: 'manager' })] });
  return {
    set: (key, value) => cache.set(key, value, TTL_MS),
    get: (key) => cache.get(key),
  };
}

async function openCacheable(url) {
  const { Cacheable, CacheableMemory } = await import('cacheable');
  const { createKeyv } = await import('@keyv/redis');
  const { Keyv } = await import('keyv');
  const primary = new Keyv({ store: new CacheableMemory({ lruSize: 1 }) });
  const cache = new Cacheable({ primary, secondary: createKeyv(url, { namespace: 'cacheable' }) });
  return {
    set: (key, value) => cache.set(key, value, TTL_MS),
    get: (key) => cache.get(key),
  };
}
