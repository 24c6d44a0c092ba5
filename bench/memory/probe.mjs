/**
 * One measurement, in the process that it gets for itself: what the process grew by while a cache was filled, was read (in `copy`
 * mode, which keeps what is hit often decoded), and while all of it was replaced three times over.
 */
import { LRUCache } from 'lru-cache';
import { CompressionLevel, EnhancedCache } from 'nestjs-enhanced-cache/core';
import { BARE, MIXES } from './mixes.mjs';
import { retained } from './retained.mjs';

/** Until the compilers are done: they take a quarter of a megabyte, which is none of the entries'. */
const WARM_UP_ENTRIES = 4000;
const CHURN_TURNS = 3;
const READS = 4;
/** No limit of memory is to be reached: entries are what is counted. */
const MAX_MEMORY_MB = 16_384;

const { mix, subject, entries } = JSON.parse(process.argv[2]);
process.send(await probe(mix, subject, entries));
process.disconnect();

async function probe(name, how, count) {
  const { key = (i) => `bench:memory:${i}`, value, tags, types } = [...MIXES, BARE].find((each) => each.name === name);
  const store = how.mode === 'lru-cache' ? lruCache(count) : enhancedCache(how, count, types);
  const fill = async (from, to) => {
    for (let i = from; i < to; i++) await store.set(key(i), value(i), tags?.(i));
  };
  const read = (times) => {
    for (let i = 0; i < times; i++) store.get(key(i % count));
  };
  await fill(0, Math.min(WARM_UP_ENTRIES, 2 * count));
  if (how.mode === 'copy') read(WARM_UP_ENTRIES);
  await store.clear();
  const before = await retained();
  const phases = [];
  const measure = async (phase) => {
    const { bytes, rssBytes } = await retained();
    phases.push({
      phase,
      entries: store.entries(),
      trackedBytes: store.trackedBytes(),
      growthBytes: bytes - before.bytes,
      rssGrowthBytes: rssBytes - before.rssBytes,
    });
  };
  await fill(0, count);
  await measure('filled');
  if (how.mode === 'copy') {
    // What is hit again and again is kept decoded.
    read(count * READS);
    await measure('read');
  }
  await fill(count, count * (1 + CHURN_TURNS));
  await measure('churned');
  return phases;
}

function enhancedCache({ mode, level, policy }, count, types = []) {
  const cache = new EnhancedCache({
    maxSize: count,
    maxMemoryMb: MAX_MEMORY_MB,
    isolation: mode,
    types,
    compressionLevel: CompressionLevel[level],
    ...(policy === undefined ? {} : { evictionPolicy: policy }),
  });
  return {
    set: (key, value, tags) => cache.set(key, value, tags === undefined ? {} : { tags }),
    get: (key) => cache.getSync(key),
    clear: () => cache.clear(),
    entries: () => cache.getMemoryUsage().totalEntries,
    trackedBytes: () => cache.getMemoryUsage().memoryUsageBytes,
  };
}

/** As its documentation advises for a limit of memory: the length of the JSON text stands for the size. */
function lruCache(count) {
  const cache = new LRUCache({
    max: count,
    maxSize: MAX_MEMORY_MB * 1024 * 1024,
    sizeCalculation: (value, key) => key.length + JSON.stringify(value).length,
    ttl: 3_600_000,
  });
  return {
    set: (key, value) => void cache.set(key, value),
    clear: () => cache.clear(),
    entries: () => cache.size,
    trackedBytes: () => cache.calculatedSize,
  };
}
