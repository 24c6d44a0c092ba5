import { readFileSync } from 'node:fs';

/** Hit ratios of published policies by trace and size, percent; where they come from is said in the file. */
export const PUBLISHED = JSON.parse(readFileSync(new URL('published.json', import.meta.url), 'utf8'));

/** A cell of fewer requests says little about who is under LRU. */
const TELLING_REQUESTS = 10_000;

/**
 * How far each policy is behind the best published one: the mean over traces of the mean over their sizes, so that each
 * trace weighs the same. Negative where it is ahead. `clippedRegret` counts being ahead as 0.
 *
 * @param results `{ trace, requests, policy, size, hitRatio }`
 */
export function regretOf(policy, results) {
  const cells = results.flatMap((result) => {
    if (result.policy !== policy) return [];
    const published = PUBLISHED.cells.find(({ trace, size }) => trace === result.trace && size === result.size);
    if (!published) return [];
    const best = Math.max(...Object.values(published.hitRatios));
    return [{ ...result, regret: best - result.hitRatio, aboveLru: result.hitRatio - published.hitRatios.LRU }];
  });
  if (cells.length === 0) return undefined;
  const worst = cells.reduce((a, b) => (b.regret > a.regret ? b : a));
  const under = cells.filter(({ requests, aboveLru }) => requests >= TELLING_REQUESTS && aboveLru < -1);
  return {
    policy,
    cells: cells.length,
    regret: meanByTrace(cells, ({ regret }) => regret),
    regretWithoutLirs: meanByTrace(
      cells.filter(({ trace }) => !trace.startsWith('lirs-')),
      ({ regret }) => regret,
    ),
    clippedRegret: meanByTrace(cells, ({ regret }) => Math.max(regret, 0)),
    worst: { trace: worst.trace, size: worst.size, regret: rounded(worst.regret) },
    underLru: under.map(({ trace, size, aboveLru }) => ({ trace, size, points: rounded(aboveLru) })),
  };
}

function meanByTrace(cells, valueOf) {
  const byTrace = new Map();
  for (const cell of cells) byTrace.set(cell.trace, [...(byTrace.get(cell.trace) ?? []), valueOf(cell)]);
  if (byTrace.size === 0) return null;
  return rounded(mean([...byTrace.values()].map(mean)));
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value) {
  return Math.round(value * 1000) / 1000;
}
