/**
 * Starts a Redis and three processes with a cache over it, on the loopback, and shows what each of them answers while values change,
 * one of them is cut off, and Redis dies and comes back. Ends by itself.
 *
 *     npm run demo:cluster
 */
import { Cluster } from './cluster/cluster.mjs';

const NAMES = ['A', 'B', 'C'];
const KEY = 'city:vienna';
const TAG = 'cities';
const LOAD_MS = 300;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const cluster = await Cluster.start({
  contestant: 'enhanced-cache',
  processes: NAMES.length,
  answerLoad: (_key, value, answer) => void setTimeout(() => answer(value), LOAD_MS),
});
const [a, b, c] = cluster.members;
cluster.versions.set(KEY, 1);

console.log(`Redis on port ${cluster.server.port}, instances ${NAMES.join(', ')}. The source takes ${LOAD_MS} ms.\n`);
await step('A cold key, asked for by all three at once: one of them loads it');
await step('Again: each has it in memory');
await change('A sets version 2', a, 'set');
await change('B deletes the key', b, 'delete');
await change(`C deletes by the tag "${TAG}"`, c, 'deleteByTags');
c.proxy.blackhole();
await change('C is cut off, and A sets version 5: C does not hear of it, and notices that it is deaf', a, 'set');
await pause(1000);
await step('C trusts its memory no more, and asks the source');
c.proxy.heal();
await calm();
await step('C is back');
await cluster.server.kill();
await pause(100);
await step('Redis was killed: each goes to the source, nobody sees an error');
await change('B deletes the key while Redis is away: the others are told when it is back', b, 'delete');
await cluster.server.launch();
await calm();
await step('Redis is back, empty');
await cluster.close();

async function change(title, member, verb) {
  const value = cluster.bump(KEY);
  await member.ask('invalidate', { verb, key: KEY, tag: TAG, value });
  await step(title);
}

async function step(title) {
  await pause(50);
  const before = cluster.loads;
  const answers = await Promise.all(
    cluster.members.map(async (member, i) => {
      const startedAt = performance.now();
      const { version } = await member.ask('getOrSet', { key: KEY, tags: [TAG] });
      const { state } = await member.ask('report');
      return `${NAMES[i]}: version ${version} in ${(performance.now() - startedAt).toFixed(1).padStart(6)} ms (${state})`;
    }),
  );
  const isRight = `source: version ${cluster.versions.get(KEY)}, asked ${cluster.loads - before} times`;
  console.log(`${title}\n   ${answers.join('   ')}   ${isRight}\n`);
}

async function calm() {
  while (!(await cluster.all('isCalm')).every(Boolean)) await pause(10);
}
