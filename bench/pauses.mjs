/**
 * How long a million entries hold the event loop, whatever is done to them. How to read it: bench/README.md.
 *
 *     npm run bench:pauses [-- --json] [-- --quick] [-- --entries N] [-- --runs N] [-- --case regexp] [-- --mode shared,copy]
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CASES } from './pauses/cases.mjs';
import { commandLine, integers, pattern, words } from './support/options.mjs';
import { grouped, table } from './support/table.mjs';

const LIMITS = { deleteByTagsReturnedMs: 1, ownMs: 10 };
const MODES = ['shared', 'copy'];
/** A document of a million entries with their values is above the heap that Node.js takes by itself. */
const HEAP_MB = 8192;

const options = commandLine('bench:pauses', {
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  entries: { type: 'string', judge: integers(1000, 10_000_000) },
  runs: { type: 'string', judge: integers(1, 100) },
  case: { type: 'string', judge: pattern },
  mode: { type: 'string', judge: words(MODES) },
});
const [entries] = options.entries ?? [options.quick ? 100_000 : 1_000_000];
const [runs] = options.runs ?? [1];
const modes = options.mode ?? (options.quick ? ['shared'] : MODES);
const results = [];
for (const mode of modes) {
  for (const [number, { name }] of CASES.entries()) {
    if (options.case && !options.case.test(name)) continue;
    if (process.stderr.isTTY) process.stderr.write(`${mode}: ${name}\n`);
    results.push({ case: name, mode, ...(await calmest(number, mode)) });
  }
}
const report = { node: process.version, entries, runs, results, limits: judge() };
if (options.json) console.log(JSON.stringify(report));
else print(report);

/** The run of which the least is ours: what disturbs only ever adds to that. */
async function calmest(number, isolation) {
  let best;
  for (let run = 0; run < runs; run++) {
    const result = await inChildProcess({ number, isolation, entries, afterMs: options.quick ? 250 : 1000 });
    if (!best || result.ownMs < best.ownMs) best = result;
  }
  return best;
}

function inChildProcess(order) {
  const probe = fileURLToPath(new URL('./pauses/probe.mjs', import.meta.url));
  const child = fork(probe, [JSON.stringify(order)], {
    execArgv: ['--expose-gc', `--max-old-space-size=${HEAP_MB}`],
  });
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once(
      'exit',
      (code) => code !== 0 && reject(new Error(`the process for "${CASES[order.number].name}" ended with ${code}`)),
    );
  });
}

function judge() {
  const limit = (name, most, field, rows) => {
    const worst = rows.reduce((a, b) => (b[field] > a[field] ? b : a));
    return {
      name: `${name}: ${worst.case}, ${worst.mode}`,
      limit: `< ${most} ms`,
      measured: worst[field],
      met: worst[field] < most,
    };
  };
  const removals = results.filter(({ case: name }) => name.startsWith('deleteByTags'));
  return [
    ...(removals.length > 0
      ? [limit('slowest deleteByTags to return', LIMITS.deleteByTagsReturnedMs, 'returnedMs', removals)]
      : []),
    ...(results.length > 0 ? [limit('longest delay that is ours', LIMITS.ownMs, 'ownMs', results)] : []),
  ];
}

function print({ node, limits }) {
  const ms = (value) => (value === null ? '' : value.toFixed(value < 10 ? 2 : 0));
  console.log(`Node ${node}, ${grouped(entries)} entries, milliseconds\n`);
  for (const mode of modes) {
    console.log(
      table(
        [mode, 'returned', 'settled', 'given back', 'longest delay', 'by histogram', 'gc minor', 'gc major', 'ours'],
        results
          .filter((result) => result.mode === mode)
          .map(({ case: name, collections, ...row }) => [
            name,
            ms(row.returnedMs),
            ms(row.settledMs),
            ms(row.reclaimedMs),
            ms(row.longestMs),
            ms(row.longestByHistogramMs),
            ms(collections.minor ?? 0),
            ms(Math.max(collections.major ?? 0, collections.incremental ?? 0)),
            `${ms(row.ownMs)}${row.ownMs < LIMITS.ownMs ? '' : ' (!)'}`,
          ]),
      ),
    );
    console.log('');
  }
  for (const { name, limit, measured, met } of limits) {
    console.log(`${met ? 'met   ' : 'MISSED'}  ${limit.padEnd(8)}  ${ms(measured).padStart(6)}  ${name}`);
  }
}
