/**
 * The guide's targets: set > 10,000/s with compression, get > 50,000 hits/s, < 100 MB for 10,000 entries, a hit < 1 ms.
 * One thread; every level and payload in the same interleaved rounds as lru-cache and a bare Map that copies by JSON.
 *
 *     npm run bench:quick [-- --json]
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { LRUCache } from 'lru-cache';
import { CompressionLevel, EnhancedCache } from 'nestjs-enhanced-cache/core';
import { PAYLOADS, payload } from './support/payloads.mjs';
import { operationsPerSecond } from './support/rounds.mjs';
import { grouped, table } from './support/table.mjs';

const KEYS = 256;
const ENTRIES = 10_000;
const MEMORY_PAYLOAD_BYTES = 2048;
const MIB = 1024 * 1024;
const TARGETS = { setPerSecond: 10_000, getPerSecond: 50_000, memoryMb: 100, hitMs: 1 };

if (process.argv[2] === '--memory-of') {
  process.send(await memoryOf(process.argv[3]));
  process.disconnect();
} else {
  const throughput = [];
  for (const { name, bytes } of PAYLOADS) throughput.push(...(await measureThroughput(name, bytes)));
  const memory = [];
  for (const level of Object.keys(CompressionLevel)) memory.push(await inChildProcess(level));
  const latency = await hitLatency();
  const report = { node: process.version, targets: TARGETS, throughput, memory, latency };
  if (process.argv.includes('--json')) console.log(JSON.stringify(report));
  else print(report);
}

async function measureThroughput(payloadName, bytes) {
  const keys = Array.from({ length: KEYS }, (_, i) => `bench:order-list:${i}`);
  const values = keys.map((_, i) => payload(bytes, i));
  const stores = [
    ...Object.entries(CompressionLevel).map(([level, compressionLevel]) => enhanced(level, compressionLevel)),
    lruCache(),
    mapWithJson(),
  ];
  const candidates = stores.flatMap(({ name, set, get }) => [
    { name: `${name} set`, run: (n) => repeat(n, (i) => set(keys[i % KEYS], values[(i * 7) % KEYS])) },
    { name: `${name} get`, run: (n) => repeat(n, (i) => get(keys[(i * 31) % KEYS])) },
  ]);
  for (const { set } of stores) for (let i = 0; i < KEYS; i++) await set(keys[i], values[i]);
  const rates = await operationsPerSecond(candidates);
  const ratios = await Promise.all(stores.map(({ ratio }) => ratio?.(keys)));
  for (const { close } of stores) await close?.();
  return stores.map(({ name }, i) => ({
    payload: payloadName,
    store: name,
    setPerSecond: rates.get(`${name} set`),
    getPerSecond: rates.get(`${name} get`),
    storedToOriginal: ratios[i] ?? null,
  }));
}

async function repeat(times, operation) {
  for (let i = 0; i < times; i++) await operation(i);
}

function enhanced(level, compressionLevel) {
  const cache = new EnhancedCache({ compressionLevel, maxMemoryMb: 1000 });
  return {
    name: `enhanced-cache ${level}`,
    set: (key, value) => cache.set(key, value),
    get: (key) => cache.get(key),
    ratio: () => settledRatio(cache),
    close: () => cache.close(),
  };
}

/** Stored to original once the large values that wait to be compressed on another thread have had their turn. */
async function settledRatio(cache) {
  for (let before = NaN; ;) {
    const { compressionRatio } = cache.getStats();
    if (compressionRatio === before) return compressionRatio;
    before = compressionRatio;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The fastest peer: objects by reference, nothing copied, nothing measured in bytes. */
function lruCache() {
  const cache = new LRUCache({ max: 2000, ttl: 3_600_000 });
  return {
    name: 'lru-cache (shares objects)',
    set: (key, value) => void cache.set(key, value),
    get: (key) => cache.get(key),
  };
}

/** What a copy for each caller costs at least without compression. */
function mapWithJson() {
  const map = new Map();
  return {
    name: 'bare Map + JSON',
    set: (key, value) => void map.set(key, JSON.stringify(value)),
    get: (key) => JSON.parse(map.get(key)),
  };
}

/** Growth of a fresh process, heap and memory outside of it, through 10,000 entries; the values themselves are let go. */
async function memoryOf(level) {
  const held = async () => {
    // External memory is given back by finalizers, which run between turns of the event loop.
    for (let i = 0; i < 4; i++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const cache = new EnhancedCache({ maxSize: ENTRIES, compressionLevel: CompressionLevel[level] });
  const fill = async (from, to) => {
    for (let i = from; i < to; i++) await cache.set(`bench:order-list:${i}`, payload(MEMORY_PAYLOAD_BYTES, i));
  };
  await fill(0, 200);
  await cache.clear();
  const before = await held();
  await fill(0, ENTRIES);
  const growthMb = ((await held()) - before) / MIB;
  const { entryCount, memoryUsageMb, evictions } = cache.getStats();
  return { level, entries: entryCount, evictions, growthMb, trackedMb: memoryUsageMb };
}

function inChildProcess(level) {
  const child = fork(fileURLToPath(import.meta.url), ['--memory-of', level], { execArgv: ['--expose-gc'] });
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', (code) => code !== 0 && reject(new Error(`the child for ${level} ended with ${code}`)));
  });
}

async function hitLatency() {
  const cache = new EnhancedCache();
  const { getOperations } = await cache.benchmarkPerformance(100_000);
  await cache.close();
  return { p50Ms: getOperations.p50TimeMs, p99Ms: getOperations.p99TimeMs };
}

function print({ throughput, memory, latency }) {
  const verdict = (value, ok) => `${value}${ok ? '' : ' (!)'}`;
  const compressed = ({ store }) => /FAST|DEFAULT|MAX/.test(store);
  console.log(`Node ${process.version}, one thread, medians of interleaved rounds; (!) misses the guide's target\n`);
  console.log(
    table(
      ['payload', 'store', 'set/s', 'get/s', 'stored / original'],
      throughput.map((row) => [
        row.payload,
        row.store,
        verdict(grouped(row.setPerSecond), !compressed(row) || row.setPerSecond > TARGETS.setPerSecond),
        verdict(
          grouped(row.getPerSecond),
          !row.store.startsWith('enhanced') || row.getPerSecond > TARGETS.getPerSecond,
        ),
        row.storedToOriginal === null ? '' : row.storedToOriginal.toFixed(2),
      ]),
    ),
  );
  console.log(`\n${grouped(ENTRIES)} entries of ${MEMORY_PAYLOAD_BYTES} B JSON, growth of a fresh process`);
  console.log(
    table(
      ['level', 'entries', 'growth MiB', 'tracked MiB', 'growth / tracked'],
      memory.map((row) => [
        row.level,
        grouped(row.entries),
        verdict(row.growthMb.toFixed(1), row.growthMb < TARGETS.memoryMb),
        row.trackedMb.toFixed(1),
        (row.growthMb / row.trackedMb).toFixed(2),
      ]),
    ),
  );
  console.log(`\nA hit of ~200 B in copy mode: p50 ${latency.p50Ms.toFixed(4)} ms, p99 ${latency.p99Ms.toFixed(4)} ms`);
}
