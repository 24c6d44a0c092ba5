/**
 * What `process.nextTick()` takes as a process gets older, in Node.js alone and with this package, which keeps it as it was
 * (`nest/held-tick.ts` says how and why). A request over HTTP takes about ten of them.
 *
 *     npm run bench:next-tick [-- --json] [--collections 6] [--processes 5]
 *
 * Fresh processes of both kinds take turns; of each step the median over the processes counts.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { commandLine, integer } from './support/options.mjs';
import { median, shuffled } from './support/rounds.mjs';
import { table } from './support/table.mjs';

const PROCESS = fileURLToPath(new URL('./next-tick/process.mjs', import.meta.url));
/** By name, what a process imports. */
const KINDS = { 'node alone': [], 'with this package': ['nestjs-enhanced-cache/lean'] };
/** What the package promises: so much of what a tick took before the first collection, however many come. */
const LIMIT = 1.5;

const { json, collections, processes } = commandLine('bench:next-tick', {
  json: { type: 'boolean' },
  collections: { type: 'string', default: '6', judge: integer(1, 100) },
  processes: { type: 'string', default: '5', judge: integer(1, 100) },
});

const seen = new Map(Object.keys(KINDS).map((name) => [name, []]));
for (let round = 0; round < processes; round++) {
  for (const name of shuffled(Object.keys(KINDS))) seen.get(name).push(await costsIn(KINDS[name]));
}
const rows = [...seen].map(([name, each]) => ({
  name,
  nsPerTick: each[0].map((_, step) => median(each.map((costs) => costs[step]))),
}));
const ours = rows.at(-1).nsPerTick;
const measured = ours.at(-1) / ours[0];
const limits = [
  {
    name: `a tick after ${collections} collections to one before, with this package`,
    limit: `<= ${LIMIT}`,
    measured,
    met: measured <= LIMIT,
  },
];
if (json) console.log(JSON.stringify({ node: process.version, collections, processes, rows, limits }));
else print();

function costsIn(imports) {
  return new Promise((resolve, reject) => {
    const child = fork(PROCESS, [String(collections), ...imports], { execArgv: ['--expose-gc'] });
    child.once('message', resolve).once('error', reject);
    child.once('exit', (code) => code !== 0 && reject(new Error(`a process ended with ${code}`)));
  });
}

function print() {
  const lines = ours.map((_, step) => [step, ...rows.map(({ nsPerTick }) => nsPerTick[step].toFixed(0))]);
  console.log(table(['collections', ...rows.map(({ name }) => `${name}, ns`)], lines));
  const verdicts = limits.map(({ name, limit, met }) => [name, limit, measured.toFixed(2), met ? 'yes' : 'NO']);
  console.log(`\n${table(['to be shown', 'limit', 'measured', 'met'], verdicts)}`);
}
