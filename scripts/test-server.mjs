/**
 * The built server as a process: what it says and how it ends when its settings cannot work, and that it stops with 0.
 */
import { spawnSync } from 'node:child_process';
import { ENTRY, startServer } from './support/server.mjs';

const START_DEADLINE_MS = 30_000;
const SECRET = 'a secret for a test of the server: 32 bytes';
const tally = { passed: 0, failed: 0 };

function report(title, isPassed, detail) {
  tally[isPassed ? 'passed' : 'failed'] += 1;
  console.log(`${isPassed ? 'pass' : 'FAIL'}  ${title}`);
  if (!isPassed) console.log(detail);
}

/** The server must end with 1 and one line that matches `sentence`. */
function refuses(title, settings, sentence) {
  const env = { PATH: process.env.PATH, PORT: '0', HOST: '127.0.0.1', ...settings };
  const run = spawnSync(process.execPath, [ENTRY], { env, encoding: 'utf8', timeout: START_DEADLINE_MS });
  const said = run.stderr.trim();
  const isPassed = run.status === 1 && sentence.test(said) && !said.includes('\n');
  report(title, isPassed, `exit code ${run.status}: ${said}`);
}

async function servesAndStops(adapter) {
  const server = await startServer({ HTTP_ADAPTER: adapter, JWT_SECRET: SECRET });
  const answers = await Promise.all(
    ['/health', '/docs', '/docs-json', '/cities/2761369'].map((path) => fetch(server.url + path)),
  );
  const statuses = answers.map((answer) => answer.status);
  report(
    `${adapter} serves the probe, the documents and the demo`,
    statuses.every((status) => status === 200),
    statuses,
  );
  refuses(
    `${adapter}: says that a port is taken`,
    { HTTP_ADAPTER: adapter, PORT: new URL(server.url).port },
    /PORT: \d+ on 127\.0\.0\.1 is taken/,
  );
  const exitCode = await server.stop();
  report(`${adapter} ends with 0 on SIGTERM`, exitCode === 0, `exit code ${exitCode}`);
}

refuses('does not start in production without a key', { NODE_ENV: 'production' }, /JWT_SECRET.*JWT_PUBLIC_KEY/);
refuses(
  'does not start with a weak secret',
  { JWT_SECRET: 'short' },
  /JWT_SECRET: expected 32 bytes or more, received 5$/,
);
refuses('names a setting that cannot work', { CACHE_MAX_SIZE: '-1' }, /CACHE_MAX_SIZE: expected .*received "-1"/);
refuses(
  'names two settings that do not fit together',
  { CACHE_MAX_MEMORY_MB: '1', CACHE_MAX_VALUE_MB: '2' },
  /maxValueMb/,
);
for (const adapter of ['express', 'fastify']) await servesAndStops(adapter);

console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed > 0 ? 1 : 0;
