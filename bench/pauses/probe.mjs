/**
 * One case of `bench:pauses` in this process, which is new: `probe.mjs <JSON of { number, isolation, entries, afterMs }>`.
 * Answers by a message to its parent.
 */
import { performance } from 'node:perf_hooks';
import { EnhancedCache } from 'nestjs-enhanced-cache/core';
import { CASES, keyOf, smallValue } from './cases.mjs';
import { LoopWatch } from './loop-watch.mjs';

const MAX_MEMORY_MB = 8192;

const { number, isolation, entries, afterMs } = JSON.parse(process.argv[2]);
process.send(await measure(CASES[number]));
process.disconnect();

async function measure({ options, fill = { ttl: null }, load, prepare, call, run = callOnce, empties }) {
  const cache = new EnhancedCache({
    maxSize: entries,
    maxMemoryMb: MAX_MEMORY_MB,
    isolation,
    defaultTtl: null,
    // What it would evict in the middle of a case is not what the case is about.
    memoryPressure: false,
    ...options,
  });
  if (fill !== null) await fillAll(cache, typeof fill === 'function' ? fill : () => fill, load);
  const context = { entries, ...(await prepare?.(cache, { entries })) };
  globalThis.gc();
  await rest(200);
  const watch = new LoopWatch();
  // The machinery of the watch itself is warm before anything is measured.
  await rest(100);
  // What is due later is watched from when it is due.
  const since = context.due ?? performance.now();
  await run(cache, { ...context, call, timed: (operation) => watch.timed(operation) });
  const settledMs = performance.now() - since;
  const reclaimedMs = empties ? (await emptied(cache)) - since : settledMs;
  await rest(afterMs);
  return { settledMs, reclaimedMs, ...(await watch.end(since)) };
}

async function callOnce(cache, { call, timed, ...context }) {
  await timed(() => call(cache, context));
}

async function fillAll(cache, optionsOf, load) {
  for (let i = 0; i < entries; i++) {
    if (load) await cache.getOrSet(keyOf(i), () => smallValue(i), load);
    else await cache.set(keyOf(i), smallValue(i), optionsOf(i));
    if (i % 4096 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** When the last byte was given back. */
async function emptied(cache) {
  while (cache.getMemoryUsage().memoryUsageBytes > 0) await rest(2);
  return performance.now();
}

function rest(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
