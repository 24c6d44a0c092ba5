/** The process of one candidate of an {@link Arena}: does what the coordinator asks, one thing at a time. */
import { cpuClock } from './cpu-clock.mjs';

const NS_PER_MS = 1e6;

const clock = cpuClock();
let candidate;
let operation;

const tasks = {
  async open({ module, name, setting }) {
    const { open } = await import(module);
    candidate = await open(name, setting);
    return { clock: clock.name, facts: candidate.facts };
  },

  /** Prepares the operation, warms it up and finds how many iterations make a round; `null`: there is none such. */
  async begin({ operation: name, roundMs, warmMs }) {
    operation = await candidate.begin(name);
    if (!operation) return { iterations: null };
    for (let i = 0; i < 2; i++) globalThis.gc();
    const { most = Infinity, mostWarmRuns = Infinity } = operation;
    let iterations = Math.min(16, most);
    let spentMs = 0;
    for (let runs = 1; ; runs++) {
      const tookMs = Math.max((await timed(iterations)) / NS_PER_MS, 0.001);
      spentMs += tookMs;
      const fitting = Math.min(Math.max(1, Math.round((iterations * roundMs) / tookMs)), most);
      if (spentMs >= warmMs || runs === mostWarmRuns) return { iterations: fitting };
      // At most twice as many: the next ones may be of faster code, or wait for the garbage of these.
      iterations = Math.min(2 * iterations, fitting);
    }
  },

  async round({ iterations }) {
    return { ns: await timed(iterations) };
  },
};

async function timed(iterations) {
  await operation.stage?.(iterations);
  const startedAt = clock.now();
  const running = operation.run(iterations);
  if (running instanceof Promise) await running;
  return Math.max(clock.now() - startedAt - clock.costNs, 0);
}

process.on('message', async ({ task, ...details }) => {
  try {
    process.send(await tasks[task](details));
  } catch (error) {
    process.send({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
process.on('disconnect', () => process.exit());
