/**
 * Installs the packed library into scratch apps, as users would, and runs them: Nest 11 and 12, each with `import` and
 * with `require()`; `/lean` without the packages that only the REST part needs; `/core` and `/redis` without Nest. Types are compiled
 * from each app, and the tarball is judged by publint and are-the-types-wrong. Names of apps as arguments try only those.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PARTS = join(ROOT, 'scripts/test-package');
const RUN_DEADLINE_MS = 120_000;
const LEAN = ['common', 'core', 'platform-express'];
const FULL = [...LEAN, 'passport', 'swagger', 'terminus'];
const OTHERS = ['passport@^0.7.0', 'passport-jwt@^4.0.1', 'class-validator', 'class-transformer'];
const BASE = ['reflect-metadata@^0.2.2', 'rxjs@^7.8.2'];

const nest = (major, parts) => parts.map((part) => `@nestjs/${part}@^${major}`);
const APPS = [
  ...[11, 12].map((major) => ({
    name: `nest-${major}`,
    app: 'full-app.cjs',
    entry: 'nestjs-enhanced-cache',
    withRest: true,
    typed: true,
    install: [...nest(major, FULL), ...OTHERS, ...BASE],
  })),
  ...[11, 12].map((major) => ({
    name: `lean-nest-${major}`,
    app: 'full-app.cjs',
    entry: 'nestjs-enhanced-cache/lean',
    withRest: false,
    install: [...nest(major, LEAN), ...BASE],
  })),
  ...[11, 12].map((major) => ({
    name: `cache-manager-nest-${major}`,
    app: 'cache-manager-app.cjs',
    entry: 'nestjs-enhanced-cache/cache-manager',
    install: [...nest(major, LEAN), ...BASE],
  })),
  { name: 'core', app: 'core-app.cjs', entry: 'nestjs-enhanced-cache/core', install: [] },
  { name: 'redis', app: 'redis-app.cjs', entry: 'nestjs-enhanced-cache/redis', install: ['redis@^6.3.1'] },
];

const folder = mkdtempSync(join(tmpdir(), 'package-test-'));
const tally = { passed: 0, failed: 0 };

/** Runs a program to its end; its output is shown only where it fails. */
function check(title, command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: RUN_DEADLINE_MS,
  });
  const isPassed = status === 0;
  tally[isPassed ? 'passed' : 'failed'] += 1;
  console.log(`${isPassed ? 'pass' : 'FAIL'}  ${title}`);
  if (!isPassed) console.log([error?.message, stdout, stderr].filter(Boolean).join('\n'));
  return isPassed;
}

function pack() {
  if (!check('npm pack', 'npm', ['pack', '--pack-destination', folder], join(ROOT, 'libs/enhanced-cache')))
    return undefined;
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz')),
  );
}

function tryApp({ name, app, entry, withRest = false, typed = false, install }, tarball) {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name, private: true }));
  const packages = [...install, tarball];
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  if (!check(`${name}: npm install`, 'npm', ['install', ...flags, ...packages], cwd)) return;
  copyFileSync(join(PARTS, app), join(cwd, 'app.cjs'));
  const options = JSON.stringify({ entry, withRest });
  writeFileSync(
    join(cwd, 'main.mjs'),
    `import run from './app.cjs';\nawait run((name) => import(name), ${options});\n`,
  );
  const fail = '(error) => { console.error(error); process.exitCode = 1; }';
  writeFileSync(join(cwd, 'main.cjs'), `require('./app.cjs')((name) => require(name), ${options}).catch(${fail});\n`);
  check(`${name}: runs with import`, process.execPath, ['main.mjs'], cwd);
  check(`${name}: runs with require`, process.execPath, ['main.cjs'], cwd);
  if (typed) compile(name, cwd);
}

function compile(name, cwd) {
  const compilerOptions = {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    target: 'es2022',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    experimentalDecorators: true,
    types: [],
  };
  writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.mts', '*.cts'] }));
  for (const extension of ['mts', 'cts']) copyFileSync(join(PARTS, 'consumer.mts'), join(cwd, `consumer.${extension}`));
  check(
    `${name}: types for import and require`,
    process.execPath,
    [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', cwd],
    cwd,
  );
}

try {
  const tarball = pack();
  if (tarball) {
    const bin = (name) => join(ROOT, 'node_modules/.bin', name);
    check('publint', bin('publint'), [tarball, '--strict'], ROOT);
    check('are the types wrong?', bin('attw'), [tarball], ROOT);
    const asked = process.argv.slice(2);
    for (const app of APPS) if (asked.length === 0 || asked.includes(app.name)) tryApp(app, tarball);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed > 0 ? 1 : 0;
