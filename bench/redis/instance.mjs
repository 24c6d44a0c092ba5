/** One of several instances, each in a process of its own, of which one changes a value and the others have it in memory. */
import { EnhancedCache } from 'nestjs-enhanced-cache/core';
import { redisTier } from 'nestjs-enhanced-cache/redis';

const WATCHED = 'watched';

/** Nanoseconds of the machine's monotonic clock, the same for all of its processes. */
const now = () => Number(process.hrtime.bigint());

let cache;
let dropped;

const tasks = {
  async open({ url }) {
    cache = new EnhancedCache({ tier: redisTier({ url, keyPrefix: 'bench' }), memoryPressure: false });
    while (cache.getStats().tier.state !== 'joined') await new Promise((resolve) => setTimeout(resolve, 5));
  },

  /** @returns when the writer knew that Redis has it. */
  async write({ version }) {
    await cache.set(WATCHED, version);
    return now();
  },

  /** Takes that version into memory and watches from then on when it leaves. */
  async hold({ version }) {
    do {
      await cache.get(WATCHED);
      // Pushes about what was written before come before this reply.
      await cache.get('nothing is under this key');
    } while (cache.getSync(WATCHED) !== version);
    dropped = new Promise((resolve) => {
      const stop = cache.on('delete', ({ key }) => {
        if (key !== WATCHED) return;
        stop();
        resolve(now());
      });
    });
  },

  /** @returns when that version had left memory. */
  async dropped({ version }) {
    const at = await dropped;
    if ((await cache.get(WATCHED)) === version) throw new Error('it is served again');
    return at;
  },

  async close() {
    await cache.close();
  },
};

process.on('message', async ({ task, ...details }) => {
  try {
    process.send({ result: (await tasks[task](details)) ?? null });
  } catch (error) {
    process.send({ failure: error instanceof Error ? error.stack : String(error) });
  }
});
process.on('disconnect', () => process.exit());
