/**
 * What reads and writes cost, for this package and for other caches in the same interleaved run, and which of the limits
 * of `engine/limits.mjs` are met. How to read it: bench/README.md.
 *
 *     npm run bench:engine [-- --json] [-- --quick] [-- --keys 1000,100000] [-- --payload 120] [-- --only hit,set]
 *                          [-- --candidates shared] [-- --processes 3]
 */
import { candidatesFor } from './engine/candidates.mjs';
import { judge } from './engine/limits.mjs';
import { REFERENCE } from './engine/names.mjs';
import { operations, wordsOf } from './engine/operations.mjs';
import { FULL, QUICK, settingsFor } from './engine/plan.mjs';
import { Arena } from './support/arena.mjs';
import { commandLine, integer, integers, orRefuse, pattern, words } from './support/options.mjs';
import { grouped, table } from './support/table.mjs';

const CONTESTANT = new URL('./engine/contestant.mjs', import.meta.url);
const OPERATION_WORDS = [...new Set(operations.flatMap(wordsOf))];

const options = commandLine('bench:engine', {
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  keys: { type: 'string', judge: integers(10, 1_000_000) },
  payload: { type: 'string', judge: integers(120, 1_000_000) },
  only: { type: 'string', judge: words(OPERATION_WORDS) },
  candidates: { type: 'string', judge: pattern },
  processes: { type: 'string', judge: integer(1, 9) },
});
const settings = orRefuse('bench:engine', () => settingsFor(options.quick ? QUICK : FULL, options));
const rows = [];
let clock;
for (const setting of settings) rows.push(...(await measure(setting)));
const report = { node: process.version, clock, rows, limits: judge(rows) };
if (options.json) console.log(JSON.stringify(report));
else print(report);

/** @returns a row for each operation and candidate. */
async function measure({ keys, bytes, timing, processes, operations: planned, candidates: wanted }) {
  const isPlanned = (operation) =>
    planned(operation) && (!options.only || wordsOf(operation).some((word) => options.only.includes(word)));
  const timed = operations.filter(isPlanned);
  if (timed.length === 0) return [];
  // The reference is always there: without it no row has a ratio.
  const isWanted = ({ name }) =>
    (options.candidates ? options.candidates.test(name) : wanted(name)) || name === REFERENCE;
  const names = candidatesFor({ keys, bytes })
    .filter(isWanted)
    .map(({ name }) => name);
  progress(`${keys} keys of ${bytes} B: opening ${names.length * processes} processes`);
  const arena = await Arena.open({ module: CONTESTANT, candidates: names, setting: { keys, bytes }, processes });
  try {
    ({ clock } = arena);
    const measured = [];
    for (const operation of timed) {
      progress(`${keys} keys of ${bytes} B: ${operation.name}`);
      const times = await arena.time(operation.name, timing);
      const reference = times.get(REFERENCE);
      for (const [candidate, nsPerOp] of times) {
        const ratio = reference === undefined ? null : nsPerOp / reference;
        measured.push({
          operation: operation.name,
          keys,
          payload: bytes,
          candidate,
          nsPerOp,
          opsPerSecond: 1e9 / nsPerOp,
          ratio,
        });
      }
    }
    return measured;
  } finally {
    await arena.close();
  }
}

function progress(text) {
  if (process.stderr.isTTY)
    process.stderr.write(`${text}
`);
}

function print({ node, clock: measuredBy, rows: all, limits }) {
  console.log(`Node ${node}; ${measuredBy}, medians of interleaved rounds; ratio: time / ${REFERENCE}`);
  for (const [title, group] of groupsOf(all)) {
    console.log(`\n${title}`);
    console.log(
      table(
        ['candidate', 'ns/op', 'ops/s', 'ratio'],
        [...group]
          .sort((a, b) => a.nsPerOp - b.nsPerOp)
          .map(({ candidate, nsPerOp, opsPerSecond, ratio }) => [
            candidate,
            nsPerOp < 100 ? nsPerOp.toFixed(1) : grouped(nsPerOp),
            grouped(opsPerSecond),
            ratio === null ? '' : ratio.toFixed(2),
          ]),
      ),
    );
  }
  if (limits.length === 0) return;
  console.log('\nlimits');
  console.log(
    table(
      ['what', 'limit', 'measured', 'met'],
      limits.map(({ name, limit, measured, met }) => [
        name,
        limit,
        measured < 100 ? measured.toFixed(2) : grouped(measured),
        met ? 'yes' : 'NO',
      ]),
    ),
  );
}

function groupsOf(all) {
  const groups = new Map();
  for (const row of all) {
    const title = `${row.operation}, ${grouped(row.keys)} keys, ${grouped(row.payload)} B`;
    groups.set(title, [...(groups.get(title) ?? []), row]);
  }
  return groups;
}
