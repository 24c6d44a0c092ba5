/**
 * Hit ratios: replays traces with the store and the policies of the library, and with others beside them.
 *
 *     npm run bench:hit-ratio -- --trace FILE[,FILE] --sizes 500,1000 [--policies hybrid,lru,...]
 *                                [--bytes N | --percent P] [--costs none|column|tri] [--requests N] [--json]
 *     npm run bench:hit-ratio -- --traces DIR     every cell of hit-ratio/published.json, and the regret
 *     npm run bench:hit-ratio                     built-in loads: zipf, loop, scan, shift
 *
 * A trace is a gzipped text with a request a line: `key`, `key size` or `key size cost`. `a.gz+b.gz+a.gz` is a load that
 * changes, with key spaces apart. `--traces DIR`, or HIT_RATIO_TRACES in the environment, says where files without a path
 * are. `--bytes` and `--percent` (of the bytes of all keys) limit bytes instead of entries. With `--costs tri` a miss costs
 * 1, 10 or 100 by a hash of the key. `--policies` may name those of the library, lru-cache, transitory, gdsf and belady,
 * the offline optimum. All ratios are percent. One process at a time, so `nsPerRequest` compares within a run.
 */
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { contestant, OUR_POLICIES, POLICIES } from './hit-ratio/contestants.mjs';
import { PUBLISHED, regretOf } from './hit-ratio/regret.mjs';
import { loadTrace, SYNTHETIC_NAMES, triCosts } from './hit-ratio/traces.mjs';
import { orRefuse } from './support/options.mjs';
import { table } from './support/table.mjs';

const DEFAULT_SIZES = [100, 1000, 5000];
const DEFAULT_POLICIES = [...OUR_POLICIES, 'lru-cache', 'transitory', 'belady'];

const options = readOptions();
const cells = options.traces.flatMap((trace) => limitsOf(trace).map((limit) => ({ trace, limit })));
const reports = [];
for (const spec of options.traces)
  reports.push(
    await replayAll(
      spec,
      cells.filter(({ trace }) => trace === spec),
    ),
  );
const flat = reports.flatMap(({ trace, requests, results }) =>
  results.map((result) => ({ trace, requests, ...result })),
);
// What was published is hit ratios of caches that count entries.
const isComparable = options.costs === 'none' && !options.bytes && !options.percent && options.requests === Infinity;
const regrets = isComparable ? options.policies.flatMap((policy) => regretOf(policy, flat) ?? []) : [];
if (options.json) console.log(JSON.stringify(document()));
else print();

function readOptions() {
  const { values } = parseArgs({
    options: {
      trace: { type: 'string' },
      traces: { type: 'string', default: process.env.HIT_RATIO_TRACES },
      sizes: { type: 'string' },
      policies: { type: 'string' },
      bytes: { type: 'string' },
      percent: { type: 'string' },
      costs: { type: 'string', default: 'none' },
      requests: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const numbers = (text) => text?.split(',').map((part) => positive(part));
  if (!['none', 'column', 'tri'].includes(values.costs)) fail(`--costs: none, column or tri, not ${values.costs}`);
  const policies = values.policies?.split(',') ?? DEFAULT_POLICIES;
  for (const policy of policies)
    if (!POLICIES.includes(policy)) fail(`--policies: ${POLICIES.join(', ')}; not ${policy}`);
  const published = [...new Set(PUBLISHED.cells.map(({ trace }) => trace))];
  return {
    traces: values.trace?.split(',') ?? (values.traces ? published : SYNTHETIC_NAMES),
    directory: values.traces,
    sizes: numbers(values.sizes),
    bytes: numbers(values.bytes),
    percent: numbers(values.percent),
    policies,
    costs: values.costs,
    requests: values.requests ? positive(values.requests) : Infinity,
    json: values.json,
  };
}

function positive(text) {
  const number = Number(text);
  if (!(number > 0)) fail(`expected a number > 0, received ${text}`);
  return number;
}

function fail(message) {
  console.error(message);
  process.exit(2);
}

/** Where neither sizes nor bytes are said: those of the published cells of that trace, or the default ones. */
function limitsOf(spec) {
  if (options.bytes) return options.bytes.map((bytes) => ({ bytes }));
  if (options.percent) return options.percent.map((percent) => ({ percent }));
  const known = PUBLISHED.cells.filter(({ trace }) => trace === spec.replaceAll('.gz', '')).map(({ size }) => size);
  return (options.sizes ?? (known.length > 0 ? known : DEFAULT_SIZES)).map((entries) => ({ entries }));
}

async function replayAll(spec, cellsOfTrace) {
  const trace = orRefuse('bench:hit-ratio', () => loadTrace(spec, options.directory, options.requests));
  const names = Array.from({ length: trace.unique }, (_, key) => `key:${key}`);
  const costs = costsOf(trace);
  const results = [];
  for (const { limit } of cellsOfTrace) {
    const isBytes = limit.entries === undefined;
    if (isBytes && !trace.sizes) fail(`${spec} names no sizes`);
    const size = limit.entries ?? limit.bytes ?? Math.round((totalBytes(trace) * limit.percent) / 100);
    for (const policy of options.policies) {
      const player = contestant(policy, trace, names, size, isBytes, costs);
      if (player) results.push({ policy, size, ...(await replay(player, trace, costs)) });
    }
  }
  return { trace: spec.replaceAll('.gz', ''), requests: trace.keys.length, results };
}

function costsOf(trace) {
  if (options.costs === 'tri') return triCosts(trace.unique);
  if (options.costs === 'none') return undefined;
  if (!trace.costs) fail('--costs column: the trace names no costs');
  const costs = new Float64Array(trace.unique);
  for (let i = 0; i < trace.keys.length; i++) costs[trace.keys[i]] = trace.costs[i];
  return costs;
}

function totalBytes({ keys, sizes, unique }) {
  const last = new Float64Array(unique);
  for (let i = 0; i < keys.length; i++) last[keys[i]] = sizes[i];
  return last.reduce((sum, bytes) => sum + bytes, 0);
}

async function replay(player, { keys, sizes }, costs) {
  let hits = 0;
  let bytesHit = 0;
  let bytesAsked = 0;
  let costPaid = 0;
  let costAsked = 0;
  const startedAt = performance.now();
  for (let i = 0; i < keys.length; i++) {
    const isHit = player.request(i);
    const bytes = sizes ? sizes[i] : 1;
    const cost = costs ? costs[keys[i]] : 1;
    bytesAsked += bytes;
    costAsked += cost;
    if (isHit) {
      hits++;
      bytesHit += bytes;
    } else costPaid += cost;
    if (player.yieldsEvery && i % player.yieldsEvery === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const tookMs = performance.now() - startedAt;
  player.close?.();
  return {
    hits,
    hitRatio: percent(hits, keys.length),
    byteHitRatio: percent(bytesHit, bytesAsked),
    costPaidRatio: percent(costPaid, costAsked),
    nsPerRequest: Math.round((tookMs * 1e6) / keys.length),
  };
}

function percent(part, whole) {
  return Math.round((part / whole) * 1e4) / 100;
}

/** One trace: its report. Several: all of them, and the regret where cells are published. */
function document() {
  if (reports.length === 1) return reports[0];
  return { traces: reports, regrets };
}

function print() {
  for (const { trace, requests, results } of reports) {
    console.log(`\n${trace}, ${requests.toLocaleString('en-US')} requests${options.costs === 'none' ? '' : ', costs'}`);
    const header = ['size', ...options.policies];
    const sizes = [...new Set(results.map(({ size }) => size))];
    const shown = options.costs === 'none' ? 'hitRatio' : 'costPaidRatio';
    const row = (size) => [size, ...options.policies.map((policy) => figure(results, size, policy, shown))];
    console.log(table(header, sizes.map(row)));
    if (options.costs !== 'none') console.log('cost still paid, percent: lower is better');
    if (results.some(({ byteHitRatio, hitRatio }) => byteHitRatio !== hitRatio)) {
      const bytesRow = (size) => [
        size,
        ...options.policies.map((policy) => figure(results, size, policy, 'byteHitRatio')),
      ];
      console.log('byte hit ratio');
      console.log(table(header, sizes.map(bytesRow)));
    }
  }
  if (regrets.length === 0) return;
  console.log('\nPoints behind the best published policy of each cell; each trace weighs the same');
  const rows = regrets.map(({ policy, cells: count, regret, regretWithoutLirs, clippedRegret, worst, underLru }) => [
    policy,
    count,
    regret,
    regretWithoutLirs,
    clippedRegret,
    `${worst.regret} ${worst.trace}@${worst.size}`,
    underLru.length,
  ]);
  console.log(table(['policy', 'cells', 'regret', 'without lirs-*', 'clipped', 'worst cell', '> 1 under LRU'], rows));
}

function figure(results, size, policy, field) {
  return results.find((result) => result.size === size && result.policy === policy)?.[field].toFixed(2) ?? '-';
}
