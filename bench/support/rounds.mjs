import { performance } from 'node:perf_hooks';

/**
 * Runs all candidates side by side: in every round each of them once, in an order drawn anew, for about `roundMs`.
 * What disturbs the machine for a while disturbs all of them; the median over the rounds forgets it.
 *
 * A candidate is `{ name, run(iterations) }`, where `run` may return a promise. `now` gives milliseconds.
 *
 * @returns {Promise<Map<string, number>>} operations per second, the median over the rounds, by name.
 */
export async function operationsPerSecond(
  candidates,
  { rounds = 7, roundMs = 30, now = () => performance.now() } = {},
) {
  const rates = new Map(candidates.map(({ name }) => [name, []]));
  const batches = new Map();
  for (const candidate of candidates) batches.set(candidate.name, await batchFor(candidate, roundMs, now));
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of shuffled(candidates)) {
      const iterations = batches.get(name);
      const startedAt = now();
      await run(iterations);
      rates.get(name).push((iterations / (now() - startedAt)) * 1000);
    }
  }
  return new Map([...rates].map(([name, values]) => [name, median(values)]));
}

/** Iterations that take about `roundMs`, found while warming up. */
async function batchFor({ run }, roundMs, now) {
  for (let iterations = 16; ; iterations *= 2) {
    const startedAt = now();
    await run(iterations);
    const tookMs = now() - startedAt;
    if (tookMs >= roundMs / 2) return Math.max(1, Math.round((iterations * roundMs) / tookMs));
  }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

export function shuffled(items) {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
