/**
 * What the Redis tier costs and how fast it is, on a redis-server that is started here, in one run: reads beside the clients and
 * other caches (interleaved, medians), hits in memory with and without Redis, the invalidation of a large tag, how long another
 * instance serves what was changed, what a Redis that swallows everything costs, and how often four processes load one cold key.
 *
 *     npm run bench:redis [-- --json] [-- --quick]
 */
import { EnhancedCache } from 'nestjs-enhanced-cache/core';
import { redisTier } from 'nestjs-enhanced-cache/redis';
import { performance } from 'node:perf_hooks';
import { Cluster } from '../scripts/cluster/cluster.mjs';
import { FaultProxy } from '../scripts/support/fault-proxy.mjs';
import { RedisServer } from '../scripts/support/redis-server.mjs';
import { ALONE, WITH_REDIS } from './redis/hits.mjs';
import { JUDGED_KINDS, KINDS_OF_VALUES, READERS } from './redis/readers.mjs';
import { stalenessWindows } from './redis/staleness.mjs';
import { Arena } from './support/arena.mjs';
import { commandLine } from './support/options.mjs';
import { median } from './support/rounds.mjs';
import { table } from './support/table.mjs';

const { json, quick } = commandLine('bench/redis.mjs', { json: { type: 'boolean' }, quick: { type: 'boolean' } });
const KEYS = Array.from({ length: 1000 }, (_, i) => `key-${i}`);
const ROUNDS = quick ? 5 : 11;
const TAGGED = quick ? 10_000 : 100_000;
const WRITES = quick ? 100 : 500;
const DEAF_MS = quick ? 3000 : 30_000;
const PROCESSES = 4;
const CALLERS = 50;
/** Longest that is waited for an answer of a cache that gives none. */
const PATIENCE_MS = quick ? 2000 : 15_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const round = (value, digits = 2) => Number(value.toFixed(digits));
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];

function instance(url, options = {}, cacheOptions = {}) {
  return new EnhancedCache({
    tier: redisTier({ url, keyPrefix: 'bench', ...options }),
    memoryPressure: false,
    ...cacheOptions,
  });
}

async function joined(cache) {
  while (cache.getStats().tier.state !== 'joined') await sleep(5);
}

/** Microseconds of the reading process for one read, with 64 callers at a time; each way to read has processes of its own. */
async function reads(url) {
  const arena = await Arena.open({
    module: new URL('./redis/readers.mjs', import.meta.url),
    candidates: READERS,
    setting: { url },
    processes: quick ? 1 : 3,
  });
  try {
    const how = { rounds: ROUNDS, roundMs: quick ? 100 : 60, warmMs: quick ? 500 : 1000 };
    const micros = (times) => Object.fromEntries([...times].map(([name, ns]) => [name, round(ns / 1000)]));
    const found = {};
    for (const kind of KINDS_OF_VALUES) found[kind] = micros(await arena.time(kind, how));
    return found;
  } finally {
    await arena.close();
  }
}

/** Nanoseconds of the reading process for a hit in memory; each cache has several processes of its own. */
async function hits(url) {
  const arena = await Arena.open({
    module: new URL('./redis/hits.mjs', import.meta.url),
    candidates: [ALONE, WITH_REDIS],
    setting: { url },
    processes: quick ? 1 : 5,
  });
  try {
    const how = { rounds: 2 * ROUNDS + 1, roundMs: 40, warmMs: 500 };
    const times = {};
    for (const verb of ['getSync', 'get']) {
      for (const [name, ns] of await arena.time(verb, how)) times[`${name}: ${verb}`] = round(ns, 1);
    }
    return times;
  } finally {
    await arena.close();
  }
}

/** Each of three tags is carried by so many entries in Redis, which another instance wrote; small tags warm the code up first. */
async function tagInvalidation(server) {
  const [writer, cache] = [instance(server.url, { deadline: '30s' }, { maxSize: 1000 }), instance(server.url)];
  await Promise.all([joined(writer), joined(cache)]);
  const tags = ['large 1', 'large 2', 'large 3'];
  for (const tag of tags) {
    for (let at = 0; at < TAGGED; at += 1000) {
      await writer.mset(Array.from({ length: 1000 }, (_, i) => ({ key: `${tag} ${at + i}`, value: i, tags: [tag] })));
    }
  }
  for (let i = 0; i < 200; i++) await cache.deleteByTags([`small ${i}`]);
  await server.command('CONFIG', 'SET', 'slowlog-log-slower-than', '5000');
  await server.command('SLOWLOG', 'RESET');
  const times = [];
  for (const tag of tags) {
    if ((await cache.get(`${tag} 0`)) === undefined) throw new Error('there is nothing to delete');
    const startedAt = performance.now();
    await cache.deleteByTags([tag]);
    times.push(performance.now() - startedAt);
    const left = await cache.mget(Array.from({ length: 100 }, (_, i) => `${tag} ${(i * TAGGED) / 100}`));
    if (left.size > 0) throw new Error('it is still there');
  }
  const heldUp = Number((await server.command('SLOWLOG', 'LEN')).slice(1));
  await Promise.all([writer.close(), cache.close()]);
  return { entries: TAGGED, medianMs: round(median(times)), maxMs: round(Math.max(...times)), commandsOver5Ms: heldUp };
}

async function staleness(url) {
  const windows = (await stalenessWindows(url, WRITES)).sort((a, b) => a - b);
  return {
    processes: 3,
    writes: WRITES,
    p50Ms: round(quantile(windows, 0.5)),
    p99Ms: round(quantile(windows, 0.99)),
    maxMs: round(windows.at(-1)),
  };
}

async function deafness(server) {
  const proxy = await FaultProxy.start(server.port);
  const [talker, deaf] = [instance(server.url), instance(proxy.url)];
  await Promise.all([joined(talker), joined(deaf)]);
  const keys = KEYS.slice(0, 100);
  const read = (key, version) => deaf.getOrSet(key, () => version);
  for (const key of keys) await talker.set(key, 1);
  for (const key of keys) await read(key, 1);
  proxy.blackhole();
  for (const key of keys) await talker.set(key, 2);
  await sleep(DEAF_MS);
  proxy.heal();
  const healedAt = performance.now();
  while (deaf.getStats().tier.state !== 'joined') await sleep(5);
  const joinedMs = performance.now() - healedAt;
  await sleep(Math.max(0, 2000 - joinedMs));
  const values = await Promise.all(keys.map((key) => read(key, 2)));
  const stale = values.filter((value) => value !== 2).length;
  await Promise.all([talker.close(), deaf.close()]);
  await proxy.close();
  return { deafMs: DEAF_MS, joinedAgainMs: Math.round(joinedMs), staleAfter2s: stale };
}

/** Calls of a cold key while Redis swallows everything. */
async function blackhole(server) {
  const proxy = await FaultProxy.start(server.port);
  const cache = instance(proxy.url);
  await joined(cache);
  proxy.blackhole();
  const call = async (key) => {
    const startedAt = performance.now();
    await cache.getOrSet(key, () => 1);
    return performance.now() - startedAt;
  };
  const first = await Promise.all(Array.from({ length: 20 }, (_, i) => call(`first-${i}`)));
  while (cache.getStats().tier.state === 'joined') await sleep(5);
  const later = [];
  for (let i = 0; i < 5000; i++) later.push(await call(`later-${i}`));
  later.sort((a, b) => a - b);
  await cache.close();
  const bento = await bentoInBlackhole(proxy);
  await proxy.close();
  return {
    firstMaxMs: Math.round(Math.max(...first)),
    givenUpP99Ms: round(quantile(later, 0.99), 3),
    givenUpMaxMs: round(later.at(-1), 3),
    bentocacheMs: bento,
  };
}

async function bentoInBlackhole(proxy) {
  proxy.heal();
  const { BentoCache, bentostore } = await import('bentocache');
  const { memoryDriver } = await import('bentocache/drivers/memory');
  const { redisDriver } = await import('bentocache/drivers/redis');
  const connection = { host: '127.0.0.1', port: proxy.port };
  const store = bentostore().useL1Layer(memoryDriver()).useL2Layer(redisDriver({ connection }));
  const bento = new BentoCache({ default: 'shared', prefix: 'bento', stores: { shared: store } });
  await bento.set({ key: 'warm', value: 1 });
  proxy.blackhole();
  const startedAt = performance.now();
  const asked = bento.getOrSet({ key: 'cold', factory: () => 1 }).catch(() => undefined);
  const answered = await Promise.race([asked.then(() => true), sleep(PATIENCE_MS).then(() => false)]);
  const tookMs = Math.round(performance.now() - startedAt);
  proxy.cut();
  void bento.disconnectAll().catch(() => undefined);
  return answered ? tookMs : `no answer in ${PATIENCE_MS}`;
}

async function stampede() {
  const cluster = await Cluster.start({
    contestant: 'enhanced-cache',
    processes: PROCESSES,
    answerLoad: (_key, value, answer) => setTimeout(() => answer(value), 100),
  });
  const asked = cluster.members.flatMap((member) =>
    Array.from({ length: CALLERS }, () => member.ask('getOrSet', { key: 'cold', tags: ['t'] })),
  );
  await Promise.all(asked);
  const { loads } = cluster;
  await cluster.close();
  return { processes: PROCESSES, callersEach: CALLERS, loads };
}

const server = await RedisServer.start();
const report = {
  node: process.version,
  redis: (await server.command('INFO', 'server')).match(/redis_version:(\S+)/)[1],
};
report.readMicroseconds = await reads(server.url);
report.hitNanoseconds = await hits(server.url);
report.tagInvalidation = await tagInvalidation(server);
report.staleness = await staleness(server.url);
report.deafness = await deafness(server);
report.blackhole = await blackhole(server);
report.stampede = await stampede();
await server.close();
report.targets = judge(report);
if (json) console.log(JSON.stringify(report));
else print(report);
process.exit(report.targets.every(({ met }) => met) ? 0 : 1);

function judge({
  readMicroseconds,
  hitNanoseconds,
  tagInvalidation: tags,
  staleness: window,
  deafness: deaf,
  blackhole: hole,
  stampede: herd,
}) {
  const raw = (read) => read['this cache'] / read['node-redis'];
  const peer = (read) => read['this cache'] / Math.min(read.bentocache, read['cache-manager'], read.cacheable);
  const target = (what, value, limit) => ({ what, value: round(value, 3), limit, met: value <= limit });
  return [
    ...JUDGED_KINDS.flatMap((kind) => [
      target(`read of ${kind} at 64 callers, x node-redis GET and JSON.parse`, raw(readMicroseconds[kind]), 1.3),
      target(`read of ${kind} at 64 callers, x the fastest second tier of others`, peer(readMicroseconds[kind]), 1),
    ]),
    target(
      'hit in memory, x without Redis (getSync)',
      hitNanoseconds[`${WITH_REDIS}: getSync`] / hitNanoseconds[`${ALONE}: getSync`],
      1.1,
    ),
    target(
      'hit in memory, x without Redis (get)',
      hitNanoseconds[`${WITH_REDIS}: get`] / hitNanoseconds[`${ALONE}: get`],
      1.1,
    ),
    target(`delete a tag of ${tags.entries} entries, ms`, tags.maxMs, 2),
    target('commands that held Redis up for over 5 ms', tags.commandsOver5Ms, 0),
    target('staleness window p99, ms', window.p99Ms, 50),
    target('stale 2 s after deafness', deaf.staleAfter2s, 0),
    target('black hole: first calls, ms', hole.firstMaxMs, 270),
    target('black hole: later calls p99, ms', hole.givenUpP99Ms, 1),
    target('loads of one cold key by 4 processes', herd.loads, 1),
  ];
}

function print({ targets, readMicroseconds, ...rest }) {
  console.log(
    table(
      ['read at 64 callers, µs', ...KINDS_OF_VALUES],
      READERS.map((name) => [name, ...KINDS_OF_VALUES.map((kind) => readMicroseconds[kind][name])]),
    ),
  );
  console.log(JSON.stringify(rest, null, 2));
  console.log(
    table(
      ['target', 'measured', 'at most', 'met'],
      targets.map(({ what, value, limit, met }) => [what, value, limit, met ? 'yes' : 'NO']),
    ),
  );
}
