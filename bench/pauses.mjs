/**
 * How long a million entries hold the event loop, whatever is done to them.
 *
 * Each case runs in a fresh process, so that the garbage of one does not disturb the next. Reported for each: how long
 * the call took to return its promise, when that settled, when the memory was given back, and the longest delay of the
 * event loop from the call to a second after that. What garbage collection and other processes took is told apart from
 * what is ours, by {@link LoopWatch}; the limits are for what is ours.
 *
 *     npm run bench:pauses [-- --json] [-- --quick] [-- --entries N] [-- --case text] [-- --mode shared|copy]
 */
import { fork } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EnhancedCache } from 'nestjs-enhanced-cache/core';
import { CASES, keyOf, smallValue } from './pauses/cases.mjs';
import { LoopWatch } from './pauses/loop-watch.mjs';
import { grouped, table } from './support/table.mjs';

const LIMITS = { deleteByTagsReturnedMs: 1, ownDelayMs: 10 };
const MODES = ['shared', 'copy'];
/** A document of a million entries with their values is above the heap that Node.js takes by itself. */
const HEAP_MB = 8192;

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    entries: { type: 'string' },
    case: { type: 'string', default: '' },
    mode: { type: 'string' },
    child: { type: 'string' },
  },
});
const entries = Number(flags.entries ?? (flags.quick ? 100_000 : 1_000_000));
if (!Number.isInteger(entries) || entries < 2)
  throw new Error(`--entries: expected an integer >= 2, not ${flags.entries}`);
/** How long the loop is watched once all is over, in milliseconds. */
const afterMs = flags.quick ? 250 : 1000;

if (flags.child !== undefined) {
  process.send(await measure(CASES[Number(flags.child)], flags.mode));
  process.disconnect();
} else {
  const results = [];
  for (const mode of flags.mode ? [flags.mode] : MODES) {
    for (const [number, { name }] of CASES.entries()) {
      if (!name.includes(flags.case)) continue;
      const result = { case: name, mode, ...(await inChildProcess(number, mode)) };
      results.push({ ...result, missed: missedLimits(result) });
      if (!flags.json) process.stderr.write('.');
    }
  }
  if (!flags.json) process.stderr.write('\n');
  const report = { node: process.version, entries, limits: LIMITS, afterMs, results };
  if (flags.json) console.log(JSON.stringify(report));
  else print(report);
  process.exitCode = results.some(({ missed }) => missed.length > 0) ? 1 : 0;
}

async function measure({ options, fill = { ttl: null }, load, prepare, call, run = callOnce, empties }, isolation) {
  const cache = new EnhancedCache({ maxSize: entries, maxMemoryMb: HEAP_MB, isolation, defaultTtl: null, ...options });
  if (fill !== null) await fillAll(cache, fill, load);
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

/** When the last byte was given back. */
async function emptied(cache) {
  while (cache.getMemoryUsage().memoryUsageBytes > 0) await rest(2);
  return performance.now();
}

async function fillAll(cache, fill, load) {
  const of = typeof fill === 'function' ? fill : () => fill;
  for (let i = 0; i < entries; i++) {
    if (load) await cache.getOrSet(keyOf(i), () => smallValue(i), load);
    else await cache.set(keyOf(i), smallValue(i), of(i));
    if (i % 4096 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

function rest(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function missedLimits({ case: name, returnedMs, ownMs }) {
  const missed = [];
  if (name.startsWith('deleteByTags') && returnedMs >= LIMITS.deleteByTagsReturnedMs) missed.push('returnedMs');
  if (ownMs >= LIMITS.ownDelayMs) missed.push('ownMs');
  return missed;
}

function inChildProcess(number, mode) {
  const child = fork(
    fileURLToPath(import.meta.url),
    ['--child', String(number), '--mode', mode, '--entries', String(entries), ...(flags.quick ? ['--quick'] : [])],
    { execArgv: ['--expose-gc', `--max-old-space-size=${HEAP_MB}`] },
  );
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once(
      'exit',
      (code) => code !== 0 && reject(new Error(`the child for ${CASES[number].name} ended with ${code}`)),
    );
  });
}

function print({ node, entries, results }) {
  const ms = (value) => (value === null ? '' : value.toFixed(value < 10 ? 2 : 0));
  console.log(
    `Node ${node}, ${grouped(entries)} entries, milliseconds; (!) misses the limit: deleteByTags returns in ` +
      `${LIMITS.deleteByTagsReturnedMs} ms, longest delay that is ours ${LIMITS.ownDelayMs} ms\n`,
  );
  for (const mode of MODES) {
    const rows = results.filter((result) => result.mode === mode);
    if (rows.length === 0) continue;
    console.log(
      table(
        [mode, 'returned', 'settled', 'given back', 'longest delay', 'by histogram', 'gc minor', 'gc major', 'ours'],
        rows.map(({ case: name, collections, missed, ...row }) => [
          name,
          `${ms(row.returnedMs)}${missed.includes('returnedMs') ? ' (!)' : ''}`,
          ms(row.settledMs),
          ms(row.reclaimedMs),
          ms(row.longestMs),
          ms(row.longestByHistogramMs),
          ms(collections.minor ?? 0),
          ms(Math.max(collections.major ?? 0, collections.incremental ?? 0)),
          `${ms(row.ownMs)}${missed.includes('ownMs') ? ' (!)' : ''}`,
        ]),
      ),
    );
    console.log('');
  }
}
