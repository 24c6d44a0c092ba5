/**
 * A cache under mixed load for minutes: everything that it can be asked, values of 100 bytes to a mebibyte.
 *
 * What it tracks may never be above its limit, which is looked at after every operation. Now and then memory is sampled
 * after a garbage collection and all accounts are added up again. From a fifth of the time on a line is fitted to what the
 * process holds, with what the cache says to hold taken into account; growth that is proven to be above the limit
 * fails. In the end the cache is closed: no timer may be left, no listener, and the memory has to come back.
 *
 *     npm run bench:soak [-- --minutes 10] [-- --json]
 */
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { EnhancedCache } from 'nestjs-enhanced-cache/core';
import { MixedLoad, randomValues } from './soak/load.mjs';
import { trend } from './soak/trend.mjs';
import { grouped, table } from './support/table.mjs';

const MIB = 1024 * 1024;
const LIMITS = { growthMbPerHour: 1, leftMb: 8 };
const MAX_MEMORY_MB = 8;
const CLIENTS = 64;
const VALUES = 2000;
const SAMPLE_EVERY_MS = 5000;
/** A short run has so many samples all the same. */
const MIN_SAMPLES = 40;
const SETTLED_SHARE = 0.2;

const { values: flags } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, json: { type: 'boolean', default: false } },
});
const durationMs = Number(flags.minutes) * 60_000;
if (!(durationMs > 0)) throw new Error(`--minutes: expected a number > 0, not ${flags.minutes}`);
if (!globalThis.gc) throw new Error('run it with --expose-gc');

const unhandled = [];
process.on('unhandledRejection', (reason) => unhandled.push(String(reason)));
const values = randomValues(VALUES, 1);
await use(newCache(), 2000);
const before = await held();
const report = await soak(durationMs);
if (flags.json) console.log(JSON.stringify(report));
else print(report);
process.exitCode = report.missed.length === 0 ? 0 : 1;

async function soak(ms) {
  const listenersBefore = listeners();
  const timersBefore = timers();
  const cache = newCache();
  const watch = { highestBytes: 0, checks: 0, faults: [], samples: [] };
  const startedAt = performance.now();
  const loads = Array.from({ length: CLIENTS }, (_, seed) => new MixedLoad(cache, values, seed + 1));
  const clients = loads.map((load) => client(load, cache, watch, startedAt + ms));
  const everyMs = Math.min(SAMPLE_EVERY_MS, ms / MIN_SAMPLES);
  for (let at = everyMs; at < ms; at += everyMs) {
    await rest(startedAt + at - performance.now());
    watch.samples.push(await sample(cache, startedAt, watch.faults));
  }
  await Promise.all(clients);
  const statistics = cache.getStats();
  await cache.close();
  // The clock of the cache lets its last reading lapse.
  await rest(50);
  const left = { timers: timers() - timersBefore, listeners: listeners() - listenersBefore };
  const operations = {};
  for (const { counts } of loads) for (const name in counts) operations[name] = (operations[name] ?? 0) + counts[name];
  loads.length = 0;
  const after = await held();
  return judged({
    node: process.version,
    minutes: ms / 60_000,
    limits: LIMITS,
    maxMemoryMb: MAX_MEMORY_MB,
    operations,
    statistics,
    highestTrackedMb: watch.highestBytes / MIB,
    checks: watch.checks,
    samples: watch.samples,
    growth: growthOf(watch.samples, ms),
    accountingFaults: watch.faults,
    unhandledRejections: unhandled,
    left: { ...left, beforeMb: before / MIB, afterMb: after / MIB },
  });
}

function newCache() {
  return new EnhancedCache({ maxSize: 20_000, maxMemoryMb: MAX_MEMORY_MB, maxValueMb: 2, defaultTtl: 60 });
}

/** Warms up the code with a cache that is closed again, so that what is compiled does not count as growth. */
async function use(cache, operations) {
  const load = new MixedLoad(cache, values, 0);
  for (let i = 0; i < operations; i++) await load.step();
  await cache.close();
}

async function client(load, cache, watch, untilMs) {
  for (let i = 0; performance.now() < untilMs; i++) {
    await load.step();
    watch.checks++;
    watch.highestBytes = Math.max(watch.highestBytes, cache.getMemoryUsage().memoryUsageBytes);
    if (i % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function sample(cache, startedAt, faults) {
  // What a first collection lets finalizers give back, a second one no longer finds.
  globalThis.gc();
  await rest(5);
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  faults.push(...cache.verifyAccounting());
  const trackedBytes = cache.getMemoryUsage().memoryUsageBytes;
  return {
    atS: (performance.now() - startedAt) / 1000,
    heldMb: (heapUsed + external) / MIB,
    trackedMb: trackedBytes / MIB,
  };
}

/** In MiB an hour. */
function growthOf(samples, ms) {
  const settled = samples.filter(({ atS }) => atS * 1000 >= SETTLED_SHARE * ms);
  const { slope, within } = trend(
    settled.map(({ atS, heldMb, trackedMb }) => ({ t: atS / 3600, x: trackedMb, y: heldMb })),
  );
  return { mbPerHour: slope, within95: within, samples: settled.length };
}

function judged(report) {
  const missed = [];
  const { left, growth } = report;
  if (report.highestTrackedMb > MAX_MEMORY_MB) missed.push('tracked above the limit');
  if (growth.mbPerHour - growth.within95 > LIMITS.growthMbPerHour) missed.push('growth');
  if (report.accountingFaults.length > 0) missed.push('accounting');
  if (report.unhandledRejections.length > 0) missed.push('unhandled rejections');
  if (left.timers !== 0) missed.push('timers left');
  if (left.listeners !== 0) missed.push('listeners left');
  if (left.afterMb - left.beforeMb > LIMITS.leftMb) missed.push('memory left');
  return { ...report, missed };
}

/** What the process holds, heap and memory outside of it, once garbage and what finalizers give back is gone. */
async function held() {
  for (let i = 0; i < 6; i++) {
    globalThis.gc();
    await rest(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function timers() {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate').length;
}

function listeners() {
  return process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
}

function rest(ms) {
  return new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0)));
}

function print({ node, minutes, operations, statistics, checks, highestTrackedMb, growth, left, missed, ...rest }) {
  const total = Object.values(operations).reduce((sum, count) => sum + count, 0);
  console.log(`Node ${node}, ${minutes} minutes, ${CLIENTS} clients, ${grouped(total)} operations\n`);
  console.log(
    table(
      ['figure', 'value', 'limit'],
      [
        ['highest tracked, MiB', highestTrackedMb.toFixed(2), MAX_MEMORY_MB],
        ['looked at, times', grouped(checks), ''],
        [
          'growth of what the process holds, MiB an hour',
          `${growth.mbPerHour.toFixed(1)} ± ${growth.within95.toFixed(1)}`,
          `not proven above ${LIMITS.growthMbPerHour}`,
        ],
        ['faults of accounting', rest.accountingFaults.length, 0],
        ['unhandled rejections', rest.unhandledRejections.length, 0],
        ['timers after close', left.timers, 0],
        ['listeners after close', left.listeners, 0],
        [
          'memory before and after, MiB',
          `${left.beforeMb.toFixed(1)} -> ${left.afterMb.toFixed(1)}`,
          `+${LIMITS.leftMb}`,
        ],
        ['hit rate, percent', statistics.hitRate, ''],
        ['evictions', grouped(statistics.evictions), ''],
        ['expirations', grouped(statistics.expirations), ''],
        ['loads, failed', `${grouped(statistics.loads)}, ${grouped(statistics.loadFailures)}`, ''],
      ],
    ),
  );
  console.log(missed.length === 0 ? '\nall limits held' : `\nmissed: ${missed.join(', ')}`);
}
