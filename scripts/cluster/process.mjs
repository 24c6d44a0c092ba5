/** One process of a cluster run: does what the coordinator asks, and asks it for what the source has. */
import { openContestant } from './contestants.mjs';

let cache;
let asked = 0;
const answers = new Map();

/** Nanoseconds of the machine's monotonic clock, the same for all of its processes. */
const now = () => Number(process.hrtime.bigint());

function ask(question) {
  return new Promise((resolve) => {
    answers.set(++asked, resolve);
    process.send({ question, asked });
  });
}

const load = (key) => ask({ verb: 'load', key });

const tasks = {
  async open({ contestant, where }) {
    cache = await openContestant(contestant, where);
  },

  /** Reads and changes at random until told to stop. */
  async play({ keys, tags, workers, seed }) {
    const state = { running: true };
    tasks.stop = async () => void (state.running = false);
    const random = seededRandom(seed);
    const reads = [];
    const work = async () => {
      while (state.running) {
        const at = random(keys.length);
        const key = keys[at];
        // Of a thousand: 900 reads, 60 sets, 30 deletes, 9 by tag, 1 clear. What is changed all the time would never be wrong for long.
        const what = random(1000);
        if (what < 900) {
          const began = now();
          try {
            const value = await (what < 200 ? cache.get(key) : cache.getOrSet(key, () => load(key), [tags[at]]));
            reads.push([key, value, began, now()]);
          } catch (error) {
            reads.push([key, { error: String(error) }, began, now()]);
          }
        } else {
          await change(what, key, tags[at]);
        }
        if (reads.length >= 200) process.send({ reads: reads.splice(0) });
        if (random(20) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
    process.send({ reads });
  },

  async isCalm() {
    return cache.isCalm();
  },

  async read({ key }) {
    return cache.getOrSet(key, () => load(key), []);
  },

  async getOrSet({ key, tags }) {
    return cache.getOrSet(key, () => load(key), tags);
  },

  async invalidate({ verb, key, tag, value }) {
    if (verb === 'delete') await cache.delete(key);
    else if (verb === 'set') await cache.set(key, value, [tag]);
    else await cache.deleteByTags([tag]);
  },

  async peek({ key }) {
    await cache.catchUp();
    return (await cache.get(key)) ?? null;
  },

  async report() {
    return cache.report();
  },

  async close() {
    await cache.close();
  },
};

/** The coordinator lets one change happen at a time: of two nobody could say which is the newer. */
async function change(what, key, tag) {
  const verb = what < 960 ? 'set' : what < 990 ? 'delete' : what < 999 ? 'deleteByTags' : 'clear';
  const value = await ask({
    verb: 'change',
    scope: verb === 'deleteByTags' ? tag : verb === 'clear' ? '*' : undefined,
    key,
  });
  let error = null;
  try {
    if (verb === 'set') await cache.set(key, value, [tag]);
    else if (verb === 'delete') await cache.delete(key);
    else if (verb === 'deleteByTags') await cache.deleteByTags([tag]);
    else await cache.clear();
  } catch (reason) {
    error = String(reason);
  }
  await ask({ verb: 'changed', error, at: now() });
}

/** A 32-bit xorshift (Marsaglia, 2003). */
function seededRandom(seed) {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

process.on('message', async ({ task, number, answer, ...details }) => {
  if (answer !== undefined) {
    const resolve = answers.get(number);
    answers.delete(number);
    resolve(answer.value);
    return;
  }
  try {
    process.send({ number, result: (await tasks[task](details)) ?? null });
  } catch (error) {
    process.send({ number, failure: error instanceof Error ? error.stack : String(error) });
  }
});
process.on('disconnect', () => process.exit());
