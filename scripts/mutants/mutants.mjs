/**
 * Breaks the engine in named ways, one at a time, in a copy, and runs the specs that have to notice.
 *
 * A mutant is killed when a test fails; one that survives shows a promise that nothing proves. A mutant whose text does
 * not stand exactly once in its file has gone stale and fails the run as well. Words as arguments try those mutants
 * alone whose name or file has one of them.
 *
 *     npm run test:mutants [-- word ...] [-- --json]
 */
import { fileURLToPath } from 'node:url';
import { invalidation } from './list/invalidation.mjs';
import { loading } from './list/loading.mjs';
import { redis } from './list/redis.mjs';
import { rows } from './list/rows.mjs';
import { waiting } from './list/waiting.mjs';
import { ProjectCopy } from './project-copy.mjs';

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const json = process.argv.includes('--json');
const mutants = [...invalidation, ...loading, ...waiting, ...redis, ...rows].filter(
  ({ name, file }) => words.length === 0 || words.some((word) => name.includes(word) || file.includes(word)),
);
const startedAt = performance.now();
const copy = new ProjectCopy(fileURLToPath(new URL('../..', import.meta.url)));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    copy.remove();
    process.exit(1);
  });
}
try {
  process.exitCode = (await run()) ? 0 : 1;
} finally {
  copy.remove();
}

async function run() {
  if (mutants.length === 0) return failure(`no mutant has one of these words: ${words.join(', ')}`);
  const stale = mutants.filter(({ file, find }) => copy.count(file, find) !== 1);
  for (const { name, file, find } of stale) {
    failure(`stale: "${name}" stands ${copy.count(file, find)} times in ${file}, not once`);
  }
  const patterns = [...new Set(mutants.flatMap(({ specs }) => specs))];
  const sound = await copy.test(patterns);
  if (sound.failed !== 0) return failure(`the specs fail without any mutant: ${sound.first}`);
  const results = [];
  for (const mutant of mutants) {
    if (stale.includes(mutant)) continue;
    const { failed, first } = await copy.replacing(mutant, () => copy.test(mutant.specs));
    const fate = failed > 0 ? 'killed' : failed === 0 ? 'SURVIVED' : 'BROKEN';
    results.push({ name: mutant.name, file: mutant.file, fate, by: first });
    if (!json)
      console.log(
        `${fate.padEnd(8)}  ${mutant.file.padEnd(28)}  ${mutant.name}${first && `\n${' '.repeat(40)}by ${first}`}`,
      );
  }
  const killed = results.filter(({ fate }) => fate === 'killed').length;
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  if (json) console.log(JSON.stringify({ mutants: mutants.length, killed, stale: stale.length, seconds, results }));
  else console.log(`${killed} of ${mutants.length} mutants killed, ${stale.length} stale, ${seconds} s`);
  return killed === mutants.length;
}

function failure(message) {
  console.error(message);
  return false;
}
