import { performance } from 'node:perf_hooks';

const BATCH = 100;
const MIB = 1024 * 1024;
const tagged = (...tags) => ({ ttl: null, tags });
const TURN = () => new Promise((resolve) => setImmediate(resolve));

/** A small value, another one for each `i`. */
export const smallValue = (i) => ({ id: i, name: `name ${i}`, active: i % 2 === 0 });
export const keyOf = (i) => `pauses:${i}`;

/**
 * What a million entries may have to go through.
 *
 * `options`: of the cache besides its limits. `fill`: options of each entry, a function of its number where they
 * differ; `null` leaves the cache empty. `empties`: whether nothing is held in the end. `prepare` runs before the watch begins, and `run` is what is watched: it calls
 * `timed` around the call whose promise is measured, and may wait for more. Where a case has no `run`, `call` is the
 * whole of it.
 */
export const CASES = [
  { name: 'deleteByTags, one tag', empties: true, fill: tagged('all'), call: (cache) => cache.deleteByTags(['all']) },
  {
    name: 'deleteByTags, two tags',
    empties: true,
    fill: (i) => tagged(i % 2 ? 'odd' : 'even', 'all'),
    call: (cache) => cache.deleteByTags(['odd', 'even']),
  },
  {
    name: 'deleteByTags, match all',
    empties: true,
    fill: tagged('a', 'b'),
    call: (cache) => cache.deleteByTags(['a', 'b'], { match: 'all' }),
  },
  { name: 'clear', fill: tagged('all'), call: (cache) => cache.clear() },
  { name: 'configure maxSize / 2', call: (cache, { entries }) => cache.configure({ maxSize: entries / 2 }) },
  {
    name: 'configure maxMemoryMb / 2',
    call: (cache) => cache.configure({ maxMemoryMb: cache.getMemoryUsage().memoryUsageBytes / MIB / 2 }),
  },
  { name: 'configure hybrid -> lru', call: (cache) => cache.configure({ evictionPolicy: 'lru' }) },
  {
    name: 'configure lru -> hybrid',
    options: { evictionPolicy: 'lru' },
    call: (cache) => cache.configure({ evictionPolicy: 'hybrid' }),
  },
  {
    name: 'expiry of all at one instant',
    empties: true,
    prepare: expireTogether,
    run: async (cache, { due }) => {
      while (performance.now() < due) await TURN();
    },
  },
  { name: 'expireTags', empties: true, fill: tagged('all'), call: (cache) => cache.expireTags(['all']) },
  {
    name: 'expireTags, kept as stale',
    load: { ttl: '1h', tags: ['all'], staleWhileRevalidate: '1h' },
    call: (cache) => cache.expireTags(['all']),
  },
  {
    name: 'export ndjson',
    run: async (cache, { timed }) => {
      for await (const chunk of await timed(() => cache.exportCacheData({ values: true, format: 'ndjson' })))
        void chunk;
    },
  },
  { name: 'export json', call: (cache) => cache.exportCacheData({ values: true }) },
  {
    name: 'import ndjson',
    prepare: async (cache) => {
      const lines = [];
      for await (const chunk of await cache.exportCacheData({ values: true, format: 'ndjson' })) lines.push(chunk);
      await cache.clear();
      return { lines };
    },
    call: (cache, { lines }) => cache.importCacheData(inTurns(lines)),
  },
  {
    name: 'import document',
    prepare: async (cache) => {
      const document = await cache.exportCacheData({ values: true });
      await cache.clear();
      return { document };
    },
    call: (cache, { document }) => cache.importCacheData(document),
  },
  {
    name: 'import json text',
    prepare: async (cache) => {
      const pieces = [];
      for await (const chunk of await cache.exportCacheData({ values: true, format: 'ndjson' })) pieces.push(chunk);
      await cache.clear();
      const [header, ...lines] = Buffer.concat(pieces).toString().trimEnd().split('\n');
      return {
        text: Buffer.from(`${header.slice(0, -1).replace(',"format":"ndjson"', '')},"entries":[${lines.join()}]}`),
      };
    },
    call: (cache, { text }) => cache.importCacheData(text),
  },
  {
    name: 'warmUp',
    fill: null,
    call: (cache, { entries }) => cache.warmUp(inputs(entries), { ttl: null }),
  },
  {
    name: 'getStats, invalidated wait',
    fill: (i) => tagged(i % 2 ? 'odd' : 'even', 'all'),
    run: (cache, context) => statsUntil(cache, context, cache.deleteByTags(['odd', 'even'])),
  },
  {
    name: 'getStats, expired wait',
    prepare: expireTogether,
    run: async (cache, context) => {
      while (performance.now() < context.due) await TURN();
      await statsUntil(cache, context);
    },
  },
  {
    name: 'listEntries, nothing matches',
    call: (cache) => cache.listEntries({ prefix: 'nobody:' }),
  },
  { name: 'getEntriesByTag', fill: tagged('all'), call: (cache) => cache.getEntriesByTag('all') },
  {
    name: 'filling',
    fill: null,
    run: (cache, { entries }) => fillInBatches(cache, 0, entries),
  },
  {
    name: 'filling, two tags each',
    fill: null,
    run: (cache, { entries }) => fillInBatches(cache, 0, entries, (i) => tagged('all', `own:${i}`)),
  },
  {
    name: 'churn',
    run: (cache, { entries }) => fillInBatches(cache, entries, entries + entries / 2),
  },
  {
    name: 'churn, two tags each',
    fill: (i) => tagged('all', `own:${i}`),
    run: (cache, { entries }) => fillInBatches(cache, entries, entries + entries / 2, (i) => tagged('all', `own:${i}`)),
  },
  { name: 'close', fill: tagged('all'), call: (cache) => cache.close() },
];

/** Gives every entry the same moment of expiry, long enough from now. @returns when it is. */
async function expireTogether(cache, { entries }) {
  const due = performance.now() + 1000 + entries / 100;
  for (let i = 0; i < entries; i++) {
    await cache.touch(keyOf(i), (due - performance.now()) / 1000);
    if (i % 4096 === 0) await TURN();
  }
  if (performance.now() > due) throw new Error('the machine is too slow: entries expired while they were touched');
  return { due };
}

/** Asks for the statistics once a turn until nothing waits to be removed; the slowest answer is what is reported. */
async function statsUntil(cache, { timed }) {
  let held;
  do {
    timed(() => cache.getStats());
    held = cache.getMemoryUsage().memoryUsageBytes;
    await TURN();
  } while (held > 0);
}

async function fillInBatches(cache, from, to, optionsOf = () => null) {
  for (let i = from; i < to; i++) {
    void cache.set(keyOf(i), smallValue(i), optionsOf(i));
    if (i % BATCH === 0) await TURN();
  }
}

function* inputs(entries) {
  for (let i = 0; i < entries; i++) yield { key: keyOf(i), value: smallValue(i) };
}

/** As a socket brings them: the loop turns between chunks. */
async function* inTurns(chunks) {
  for (const chunk of chunks) {
    await TURN();
    yield chunk;
  }
}
