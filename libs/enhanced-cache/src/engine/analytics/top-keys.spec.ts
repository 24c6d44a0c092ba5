import { TopKeys } from './top-keys.js';

/** Seeded, evenly spread numbers from 0 to below 1. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

/** `count` keys drawn from `distinct` ones, the n-th with a probability in proportion to 1 / n. */
function zipf(distinct: number, count: number, seed: number): string[] {
  const random = randomOf(seed);
  const cumulative: number[] = [];
  for (let rank = 1, sum = 0; rank <= distinct; rank++) cumulative.push((sum += 1 / rank));
  return Array.from({ length: count }, () => {
    const at = random() * cumulative[distinct - 1];
    let low = 0;
    for (let high = distinct - 1; low < high;) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] < at) low = middle + 1;
      else high = middle;
    }
    return `key:${low}`;
  });
}

const NEVER_HALVE = Infinity;

describe('TopKeys', () => {
  it('counts exactly while every key has a counter', () => {
    const keys = new TopKeys();
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) keys.record(key, 1);
    expect(keys.top(2)).toEqual([
      { key: 'a', count: 3 },
      { key: 'b', count: 2 },
    ]);
  });

  it('adds the weight of each record', () => {
    const keys = new TopKeys();
    keys.record('light', 3);
    keys.record('heavy', 64);
    keys.record('light', 1);
    expect(keys.top(20)).toEqual([
      { key: 'heavy', count: 64 },
      { key: 'light', count: 4 },
    ]);
  });

  it('gives the counter of the least requested key to a new one, with its count', () => {
    const keys = new TopKeys(3);
    keys.record('most', 10);
    keys.record('least', 1);
    keys.record('middle', 5);
    keys.record('new', 1);
    expect(keys.top(3)).toEqual([
      { key: 'most', count: 10 },
      { key: 'middle', count: 5 },
      { key: 'new', count: 2 },
    ]);
  });

  it.each([1, 2, 3])('over-estimates by at most total / capacity on Zipf traffic (seed %i)', (seed) => {
    const capacity = 256;
    const traffic = zipf(50_000, 200_000, seed);
    const keys = new TopKeys(capacity, NEVER_HALVE);
    const exact = new Map<string, number>();
    for (const key of traffic) {
      keys.record(key, 1);
      exact.set(key, (exact.get(key) ?? 0) + 1);
    }
    const estimates = new Map(keys.top(capacity).map(({ key, count }) => [key, count]));
    const bound = traffic.length / capacity;
    for (const [key, count] of exact) {
      const estimate = estimates.get(key);
      if (count > bound) expect(estimate).toBeDefined();
      if (estimate === undefined) continue;
      expect(estimate).toBeGreaterThanOrEqual(count);
      expect(estimate).toBeLessThanOrEqual(count + bound);
    }
    const trueTop = [...exact].sort(([, a], [, b]) => b - a).slice(0, 10);
    expect(keys.top(20).map(({ key }) => key)).toEqual(expect.arrayContaining(trueTop.map(([key]) => key)));
  });

  it('keeps no more counters than its capacity, whatever is asked for', () => {
    const keys = new TopKeys();
    for (let index = 0; index < 1_000_000; index++) keys.record(`key:${index}`, 1);
    expect(keys.size).toBeLessThanOrEqual(256);
  });

  it('lets a key that is hot now overtake one that was hot before', () => {
    const keys = new TopKeys(16, 100);
    for (let index = 0; index < 1000; index++) keys.record('before', 1);
    for (let index = 0; index < 300; index++) keys.record('now', 1);
    expect(keys.top(1)[0].key).toBe('now');
  });

  it('drops a key of which less than one request is left', () => {
    const keys = new TopKeys(16, 100);
    keys.record('once', 1);
    for (let index = 0; index < 99; index++) keys.record('always', 1);
    expect(keys.top(20)).toEqual([{ key: 'always', count: 50 }]);
  });

  it('still ranks rightly after keys were dropped', () => {
    const keys = new TopKeys(8, 50);
    const traffic = zipf(100, 5000, 9);
    for (const key of traffic) keys.record(key, 1);
    const counts = keys.top(8).map(({ count }) => count);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(keys.top(2).map(({ key }) => key)).toContain('key:0');
  });

  it('forgets everything on reset', () => {
    const keys = new TopKeys();
    keys.record('a', 1);
    keys.reset();
    expect(keys.size).toBe(0);
    keys.record('b', 1);
    expect(keys.top(20)).toEqual([{ key: 'b', count: 1 }]);
  });
});
