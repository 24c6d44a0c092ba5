/**
 * Whether the cache tells the truth about its memory: the real growth of a process beside what the cache says it holds, for
 * many kinds of values, filled once and after everything was replaced three times over. lru-cache with the length of the JSON
 * text as size, as its documentation advises, in the same situations. How to read it: bench/README.md.
 *
 *     npm run bench:memory [-- --json] [-- --quick] [-- --mixes 'strings|Date']
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BARE, BARE_KEY_BYTES, MIXES } from './memory/mixes.mjs';
import { commandLine, pattern } from './support/options.mjs';
import { grouped, table } from './support/table.mjs';

const PROBE = fileURLToPath(new URL('./memory/probe.mjs', import.meta.url));
/** Nothing is timed here, so two may run side by side. */
const PROCESSES = 2;
const MODES = ['copy', 'frozen', 'shared'];
const POLICIES = ['lru', 'hybrid'];
/** What of a mix's entries the quick form uses: enough that what a cache takes once, empty or full, hardly shows. */
const QUICK_SHARE = 0.5;
const BARE_ENTRIES = 1_000_000;
/** Fills tables that double to the same degree as a million does: 250,000 of 2^18, 1,000,000 of 2^20. */
const QUICK_BARE_ENTRIES = 250_000;
const DEFAULTS_MIX = '2 KB JSON';
const DEFAULTS_ENTRIES = 10_000;

const LIMITS = { ratio: [0.8, 1.2], overheadBytes: 200, defaultsBytes: 12_000_000 };

const {
  json,
  quick,
  mixes: wanted,
} = commandLine('bench:memory', {
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  mixes: { type: 'string', judge: pattern },
});
const report = await measure();
if (json) console.log(JSON.stringify(report));
else print(report);

async function measure() {
  const chosen = MIXES.filter(({ name }) => wanted === undefined || wanted.test(name));
  const [mixes, overhead, defaults] = await inTurns([
    // The longest first: the short ones then fill the gaps.
    ...(wanted === undefined ? POLICIES.map((policy) => () => bareEntries(policy)) : []),
    ...(wanted === undefined ? [defaultsOf] : []),
    ...chosen.flatMap((mix) => [
      ...subjectsOf(mix).map((subject) => () => growthOf(mix, subject)),
      () => growthOf(mix, { mode: 'lru-cache' }),
    ]),
  ]).then((rows) => ['mix', 'overhead', 'defaults'].map((of) => rows.flat().filter((row) => row.of === of)));
  const rows = withPeer(mixes);
  const result = { node: process.version, quick, mixes: rows, overhead, defaults };
  for (const row of [...rows, ...overhead, ...defaults]) delete row.of;
  return { ...result, limits: limitsOf(result) };
}

function subjectsOf({ levels = [], primitive = false }) {
  const inCopies = [...new Set(['DEFAULT', ...(quick ? levels.filter((level) => level === 'NONE') : levels)])];
  const modes = quick && primitive ? ['copy'] : MODES;
  return modes.flatMap((mode) => (mode === 'copy' ? inCopies : ['DEFAULT']).map((level) => ({ mode, level })));
}

async function growthOf({ name, entries, blind = {} }, subject) {
  const phases = await probe(name, subject, quick ? Math.ceil(entries * QUICK_SHARE) : entries);
  return phases.map((phase) => ({
    of: 'mix',
    mix: name,
    mode: subject.mode,
    level: subject.level ?? null,
    ...phase,
    ratio: phase.growthBytes / phase.trackedBytes,
    blind: blind[subject.mode] ?? null,
  }));
}

/** Each row of ours with the ratio of lru-cache in the same mix and phase. */
function withPeer(rows) {
  // To be read changes nothing there.
  const phaseOf = ({ phase }) => (phase === 'read' ? 'filled' : phase);
  const peer = (row) =>
    rows.find((each) => each.mode === 'lru-cache' && each.mix === row.mix && each.phase === phaseOf(row));
  return rows
    .filter(({ mode }) => mode !== 'lru-cache')
    .map((row) => ({ ...row, lruCacheRatio: peer(row).ratio }))
    .sort((a, b) => orderOf(a) - orderOf(b));
}

function orderOf({ mix }) {
  return MIXES.findIndex(({ name }) => name === mix);
}

/** Bytes of an entry beyond its key; the value sits in the pointer to it. */
async function bareEntries(policy) {
  const phases = await probe(
    BARE.name,
    { mode: 'copy', level: 'DEFAULT', policy },
    quick ? QUICK_BARE_ENTRIES : BARE_ENTRIES,
  );
  const beyondKey = (bytes, entries) => bytes / entries - BARE_KEY_BYTES;
  return phases.map(({ phase, entries, growthBytes, trackedBytes }) => ({
    of: 'overhead',
    policy,
    phase,
    entries,
    overheadBytes: beyondKey(growthBytes, entries),
    chargedBytes: beyondKey(trackedBytes, entries),
  }));
}

async function defaultsOf() {
  const phases = await probe(DEFAULTS_MIX, { mode: 'copy', level: 'DEFAULT' }, DEFAULTS_ENTRIES);
  return phases.map((phase) => ({ of: 'defaults', ...phase }));
}

function limitsOf({ mixes, overhead, defaults }) {
  const ratios = mixes.filter(({ blind }) => blind === null).map(({ ratio }) => ratio);
  const [least, most] = LIMITS.ratio;
  return [
    atLeast('growth / tracked, the smallest of all mixes', least, Math.min(...ratios)),
    atMost('growth / tracked, the largest of all mixes', most, Math.max(...ratios)),
    ...overhead.map(({ policy, phase, entries, overheadBytes }) =>
      atMost(
        `bytes an entry beyond key and payload, ${grouped(entries)} entries, ${policy}, ${phase}`,
        LIMITS.overheadBytes,
        overheadBytes,
      ),
    ),
    ...defaults.map(({ phase, entries, growthBytes }) =>
      atMost(
        `bytes of ${grouped(entries)} entries of ${DEFAULTS_MIX}, copy, DEFAULT, ${phase}`,
        LIMITS.defaultsBytes,
        growthBytes,
      ),
    ),
  ];
}

function atMost(name, most, measured) {
  return { name, limit: `<= ${most}`, measured, met: measured <= most };
}

function atLeast(name, least, measured) {
  return { name, limit: `>= ${least}`, measured, met: measured >= least };
}

/** Runs `jobs` some at a time. @returns what they return, in their order. */
async function inTurns(jobs) {
  const results = new Array(jobs.length);
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) {
      const mine = next++;
      results[mine] = await jobs[mine]();
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, worker));
  return results;
}

function probe(mix, subject, entries) {
  const child = fork(PROBE, [JSON.stringify({ mix, subject, entries })], { execArgv: ['--expose-gc'] });
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code !== 0)
        reject(new Error(`the probe of ${mix} in ${JSON.stringify(subject)} ended with ${code ?? signal}`));
    });
  });
}

function print({ node, mixes, overhead, limits }) {
  const perEntry = (bytes, entries) => grouped(bytes / entries);
  const verdict = (ratio) => `${ratio.toFixed(2)}${ratio < LIMITS.ratio[0] || ratio > LIMITS.ratio[1] ? ' (!)' : ''}`;
  console.log(`Node ${node}, a fresh process for each row; heap and external memory after collection, bytes an entry`);
  console.log('(!) outside of the limits; lru-cache: growth / length of JSON\n');
  console.log(
    table(
      ['mix', 'mode', 'phase', 'entries', 'growth', 'tracked', 'growth / tracked', 'RSS growth', 'lru-cache'],
      mixes.map((row) => [
        row.mix,
        row.mode === 'copy' ? `copy ${row.level}` : row.mode,
        row.phase,
        grouped(row.entries),
        perEntry(row.growthBytes, row.entries),
        perEntry(row.trackedBytes, row.entries),
        row.blind === null ? verdict(row.ratio) : `${row.ratio.toFixed(2)} (*)`,
        perEntry(row.rssGrowthBytes, row.entries),
        row.lruCacheRatio.toFixed(2),
      ]),
    ),
  );
  for (const { mix, mode, blind } of mixes.filter((row) => row.blind !== null && row.phase === 'filled')) {
    console.log(`\n(*) not judged: ${mix}, ${mode}: ${blind}`);
  }
  if (overhead.length > 0) {
    console.log(
      '\nBytes an entry beyond its key, the value being in the pointer to it; charged: ENTRY_OVERHEAD_BYTES and the value',
    );
    console.log(
      table(
        ['policy', 'phase', 'entries', 'measured', 'charged'],
        overhead.map((row) => [
          row.policy,
          row.phase,
          grouped(row.entries),
          row.overheadBytes.toFixed(1),
          row.chargedBytes.toFixed(1),
        ]),
      ),
    );
  }
  console.log('\nLimits');
  console.log(
    table(
      ['limit', 'is', 'measured', ''],
      limits.map(({ name, limit, measured, met }) => [
        name,
        limit,
        measured > 1000 ? grouped(measured) : measured.toFixed(2),
        met ? 'met' : 'MISSED',
      ]),
    ),
  );
}
