/**
 * `node --expose-gc process.mjs <collections> [<module>]`: imports the module, then tells its parent what `process.nextTick()` takes
 * in nanoseconds, before and after each of so many collections that come while nothing else is to be done.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { median } from '../support/rounds.mjs';

const TICKS = 200_000;
const ROUNDS = 5;
const IDLE_MS = 20;

const [collections, module] = process.argv.slice(2);
if (module) await import(module);

const costs = [await nsPerTick()];
while (costs.length <= Number(collections)) {
  await delay(IDLE_MS);
  globalThis.gc();
  await delay(IDLE_MS);
  costs.push(await nsPerTick());
}
process.send(costs);

async function nsPerTick() {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = process.hrtime.bigint();
    await new Promise((resolve) => {
      let left = TICKS;
      const step = () => (--left > 0 ? process.nextTick(step) : resolve());
      process.nextTick(step);
    });
    rounds.push(Number(process.hrtime.bigint() - startedAt) / TICKS);
  }
  return median(rounds);
}
