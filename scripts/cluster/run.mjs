/**
 * Four processes that share a Redis: what they read is judged by the history of what was written, with faults injected; and
 * invalidations by one process while another loads.
 *
 *   node scripts/cluster/run.mjs [--seconds 30] [--runs 10000] [--peer-seconds 10] [--peer-runs 500] [--seed 1]
 *
 * bentocache goes through the same, and so does this cache with an ear that misses one change in ten: a harness that finds nothing
 * there finds nothing at all. Prints what was found; exits with 1
 * where something impossible was read of this cache, or nothing wrong is found of the others.
 */
import { parseArgs } from 'node:util';
import { Cluster, now } from './cluster.mjs';

const { values: given } = parseArgs({
  options: Object.fromEntries(
    ['seconds', 'runs', 'peer-seconds', 'peer-runs', 'seed'].map((name) => [name, { type: 'string' }]),
  ),
});
const option = (name, otherwise) => (given[name] === undefined ? otherwise : Number(given[name]));
const SEED = option('seed', 1);
const PEER_TRIES = 5;
const KEYS = Array.from({ length: 200 }, (_, i) => `key-${i}`);
const TAGS = KEYS.map((_, i) => `tag-${i % 20}`);
/** How long after a read it is judged. */
const JUDGED_AFTER_NS = 2e9;
const PROCESSES = 4;
const WORKERS = 6;
const FAULT_MS = 1500;
/** Keys at a time of the runs with two processes. */
const BATCH = 50;

const member = (cluster, i) => cluster.members[i % PROCESSES];
/** In turn, for as long as the run lasts. */
const FAULTS = [
  ['connections reset', (cluster, i) => member(cluster, i).proxy.cut(), () => undefined],
  [
    'a process cut off',
    (cluster, i) => member(cluster, i).proxy.blackhole(),
    (cluster, i) => member(cluster, i).proxy.heal(),
  ],
  [
    'latency',
    (cluster, i) => member(cluster, i).proxy.fault({ latencyMs: 100, jitterMs: 400 }),
    (cluster, i) => member(cluster, i).proxy.heal(),
  ],
  ['FLUSHALL', (cluster) => cluster.server.command('FLUSHALL'), () => undefined],
  [
    'one way',
    (cluster, i) => member(cluster, i).proxy.fault({}, { drops: true }),
    (cluster, i) => member(cluster, i).proxy.heal(),
  ],
  ['SCRIPT FLUSH', (cluster) => cluster.server.command('SCRIPT', 'FLUSH'), () => undefined],
  ['kill -9', (cluster) => cluster.server.kill(), (cluster) => cluster.server.launch()],
  ['connections killed', (cluster) => cluster.server.command('CLIENT', 'KILL', 'TYPE', 'pubsub'), () => undefined],
];

async function history(contestant, seconds, faults) {
  const cluster = await Cluster.start({ contestant, processes: PROCESSES, keys: KEYS, tags: TAGS });
  const playing = cluster.all('play', (_member, i) => ({
    keys: KEYS,
    tags: TAGS,
    workers: WORKERS,
    seed: SEED * 1000 + i,
  }));
  const judging = setInterval(() => cluster.judge(now() - JUDGED_AFTER_NS), 500);
  const endsAt = Date.now() + seconds * 1000;
  let slowestCalmMs = 0;
  let troubles = 0;
  for (let i = 0; Date.now() < endsAt; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const [, inject, heal] = faults[i % faults.length] ?? [];
    if (!inject) continue;
    troubles++;
    slowestCalmMs = Math.max(
      slowestCalmMs,
      await cluster.trouble(
        () => inject(cluster, i),
        () => heal(cluster, i),
        FAULT_MS,
      ),
    );
  }
  await cluster.all('stop');
  await playing;
  clearInterval(judging);
  const stale = await differences(cluster);
  cluster.judge();
  const { operations, hits, impossible, callerErrors, findings } = cluster;
  await cluster.close();
  return {
    contestant,
    seed: SEED,
    seconds,
    troubles,
    operations,
    hits,
    impossible,
    callerErrors,
    staleAtTheEnd: stale,
    slowestCalmMs,
    findings,
  };
}

/** How many keys any process reads in another version than the source has, two seconds after the last fault. */
async function differences(cluster) {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const counts = await Promise.all(
    cluster.members.map(async (each) => {
      const found = await Promise.all(KEYS.map((key) => each.ask('read', { key })));
      return found.filter((value) => value.version !== cluster.versions.get(value.key)).length;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** One process loads the old value; before it has it, another one invalidates. Afterwards nobody may have the old value. */
async function invalidateDuringLoad(contestant, runs) {
  const random = mulberry(SEED);
  const pauses = new Map();
  const cluster = await Cluster.start({
    contestant,
    processes: 2,
    answerLoad: (key, value, answer) => pauses.get(key)?.(value, answer) ?? answer(value),
  });
  const [loader, invalidator] = cluster.members;
  let stale = 0;
  for (let begun = 0; begun < runs; begun += BATCH) {
    await Promise.all(
      Array.from({ length: Math.min(BATCH, runs - begun) }, async (_, i) => {
        const key = `run-${begun + i}`;
        const tag = `tag of ${key}`;
        const verb = ['delete', 'set', 'deleteByTags'][(begun + i) % 3];
        cluster.versions.set(key, 1);
        const invalidated = new Promise((resolve, reject) => {
          pauses.set(key, (value, answer) => {
            pauses.delete(key);
            cluster.versions.set(key, 2);
            after(random() * 3, () => answer(value));
            after(random() * 3, () =>
              invalidator.ask('invalidate', { verb, key, tag, value: { key, version: 2 } }).then(resolve, reject),
            );
            return true;
          });
        });
        await Promise.all([loader.ask('getOrSet', { key, tags: [tag] }), invalidated]);
        const seen = await Promise.all(cluster.members.map((each) => each.ask('peek', { key })));
        if (seen.some((value) => value?.version === 1)) stale++;
      }),
    );
  }
  await cluster.close();
  return { contestant, runs, stale };
}

function after(ms, task) {
  setTimeout(task, ms);
}

/** Numbers from 0 to below 1. */
function mulberry(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const startedAt = now();
const show = (title, report) => console.log(`${title}: ${JSON.stringify(report)}`);
const ours = await history('enhanced-cache', option('seconds', 30), FAULTS);
show('history', ours);
const isFoundOut = ({ impossible, staleAtTheEnd }) => impossible + staleAtTheEnd > 0;
// Whether a connection that is reset takes a message with it is chance.
let theirs;
for (let tries = 0; tries < PEER_TRIES && !(theirs && isFoundOut(theirs)); tries++) {
  theirs = await history('bentocache', option('peer-seconds', 10), FAULTS.slice(0, 1));
  show('history, negative control', theirs);
}
const forgetful = await history('forgetful', option('peer-seconds', 10), []);
show('history, negative control', forgetful);
const oursLoads = await invalidateDuringLoad('enhanced-cache', option('runs', 10_000));
show('invalidated during a load', oursLoads);
const theirLoads = await invalidateDuringLoad('bentocache', option('peer-runs', 500));
show('invalidated during a load, negative control', theirLoads);
console.log(`${Math.round((now() - startedAt) / 1e9)} s`);
const isGood = ours.impossible === 0 && ours.callerErrors === 0 && ours.staleAtTheEnd === 0 && oursLoads.stale === 0;
const isSharp = isFoundOut(theirs) && forgetful.impossible > 0 && theirLoads.stale > 0;
process.exit(isGood && isSharp ? 0 : 1);
