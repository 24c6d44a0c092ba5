/**
 * Puts this package and others into the same situations and prints what each did. Behaviour, not speed: the only
 * figures are counts and bytes.
 *
 *   npm run compare                a table for each probe
 *   npm run -s compare -- --json   one JSON object
 *   npm run compare -- --write     a table, and the same into README.md
 *
 * Exits with 1 where this package fails a probe of its own.
 */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { engineProbes } from './engine-probes.mjs';
import { engines } from './engines.mjs';
import { httpProbes, interceptors } from './http-probes.mjs';
import { writeReadme } from './readme.mjs';

const OWN = 'enhanced-cache';
const COMPARED = [...engines.map((engine) => engine.package), '@nestjs/cache-manager', '@nestjs/core'];

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});
const results = [];
for (const [probes, subjects] of [
  [engineProbes, engines],
  [httpProbes, interceptors],
]) {
  for (const { name, wanted, run } of probes) {
    const outcomes = [];
    for (const subject of subjects) outcomes.push({ subject: subject.name, ...(await attempt(run, subject)) });
    results.push({ probe: name, wanted, outcomes });
  }
}
const versions = Object.fromEntries(COMPARED.map((name) => [name, versionOf(name)]));

const report = { node: process.version, versions, results };
if (values.json) console.log(JSON.stringify(report, null, 2));
else printTables();
if (values.write) await writeReadme(report);
const failures = results
  .flatMap(({ outcomes }) => outcomes)
  .filter(({ subject, outcome }) => subject === OWN && outcome === 'no');
// Some of the caches keep timers that would hold the process.
process.exit(failures.length > 0 ? 1 : 0);

/** A subject that breaks down in a probe has failed it; the others are still asked. */
async function attempt(run, subject) {
  try {
    return await run(subject);
  } catch (error) {
    return { outcome: 'no', detail: `throws ${error instanceof Error ? error.message : String(error)}` };
  }
}

function printTables() {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  console.log(`Node.js ${process.version}; ${packages.join(', ')}`);
  for (const { probe, wanted, outcomes } of results) {
    console.log(`\n${probe} (wanted: ${wanted})`);
    const width = Math.max(...outcomes.map(({ subject }) => subject.length));
    for (const { subject, outcome, detail } of outcomes) {
      console.log(`  ${subject.padEnd(width)}  ${outcome.padEnd(3)}  ${detail}`);
    }
  }
}

/** Read from the files: not every package exports its package.json. */
function versionOf(name) {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const path of paths) {
    try {
      return JSON.parse(readFileSync(`${path}/${name}/package.json`, 'utf8')).version;
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    }
  }
  throw new Error(`${name} is not installed`);
}
