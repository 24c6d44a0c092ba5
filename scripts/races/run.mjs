/**
 * The long runs of the correctness suite: the same tests as in `npm test`, with far more schedules or operations.
 *
 *   node scripts/races/run.mjs races     100,000 schedules on this cache, 10,000 on each of the others
 *   node scripts/races/run.mjs history   5,000,000 operations
 *
 * RACES, RACES_PEERS, HISTORY and SEED in the environment say otherwise. Prints one line for each run and exits with 1
 * where something went wrong.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RUNS = {
  races: { pattern: 'test/races/(races|peers|mutants)[.]spec', env: { RACES: '100000', RACES_PEERS: '10000' } },
  history: { pattern: 'test/races/history/history[.]spec', env: { HISTORY: '5000000' } },
};

const run = RUNS[process.argv[2]];
if (!run) {
  console.error(`usage: node scripts/races/run.mjs ${Object.keys(RUNS).join(' | ')}`);
  process.exit(1);
}
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const { status } = spawnSync(process.execPath, [...jest, '--runInBand', run.pattern], {
  cwd: ROOT,
  env: { ...run.env, ...process.env },
  stdio: 'inherit',
});
process.exit(status ?? 1);
