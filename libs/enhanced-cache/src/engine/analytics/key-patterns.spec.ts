import { KeyPatterns, MEMOISED_KEYS, OTHER_PATTERNS, REPORTED_PATTERNS, TRACKED_PATTERNS } from './key-patterns.js';

/** A name without digits, so that each is a pattern of its own. */
function name(index: number): string {
  return [...index.toString(26)].map((digit) => String.fromCharCode(97 + parseInt(digit, 26))).join('');
}

function sum(patterns: ReturnType<KeyPatterns['report']>): number {
  return Object.values(patterns).reduce((total, { requests }) => total + requests, 0);
}

describe('KeyPatterns', () => {
  it('adds up requests of keys of one shape', () => {
    const patterns = new KeyPatterns();
    patterns.record('user:1', true, 1);
    patterns.record('user:2', true, 1);
    patterns.record('user:2', false, 1);
    patterns.record('settings', false, 4);
    expect(patterns.report()).toEqual({
      'user:*': { requests: 3, hits: 2, misses: 1, hitRate: 66.67 },
      settings: { requests: 4, hits: 0, misses: 4, hitRate: 0 },
    });
  });

  it('reports at most 100 shapes and puts the rest under (other), losing no request', () => {
    const patterns = new KeyPatterns();
    for (let index = 0; index < 300; index++) patterns.record(name(index), true, 1);
    const report = patterns.report();
    expect(Object.keys(report)).toHaveLength(REPORTED_PATTERNS + 1);
    expect(report[OTHER_PATTERNS]).toEqual({ requests: 200, hits: 200, misses: 0, hitRate: 100 });
  });

  it('stays bounded under a flood of shapes and keeps what matters exact', () => {
    const patterns = new KeyPatterns();
    for (let index = 0; index < 20_000; index++) {
      patterns.record(name(index), false, 1);
      if (index % 10 === 0) patterns.record(`city:${index}`, true, 1);
    }
    expect(patterns.size).toBeLessThanOrEqual(TRACKED_PATTERNS);
    expect(patterns.memoised).toBeLessThanOrEqual(MEMOISED_KEYS);
    expect(patterns.report()['city:*'].hits).toBe(2000);
    expect(sum(patterns.report())).toBe(22_000);
  });

  it('makes room for a shape that begins to matter late', () => {
    const patterns = new KeyPatterns();
    for (let index = 0; index < 2000; index++) patterns.record(name(index), false, 1);
    for (let index = 0; index < 500; index++) patterns.record(`late:${index}`, true, 1);
    expect(patterns.report()['late:*'].requests).toBe(500);
  });

  it('remembers no pattern of long keys', () => {
    const patterns = new KeyPatterns();
    patterns.record('k'.repeat(129), true, 1);
    expect(patterns.memoised).toBe(0);
  });

  it('reports a key named like a property of all objects', () => {
    const patterns = new KeyPatterns();
    patterns.record('__proto__', true, 1);
    expect(JSON.stringify(patterns.report())).toContain('"__proto__":{"requests":1');
  });

  it('forgets everything on reset', () => {
    const patterns = new KeyPatterns();
    for (let index = 0; index < 1000; index++) patterns.record(name(index), true, 1);
    patterns.reset();
    expect(patterns.report()).toEqual({});
    expect(patterns.memoised).toBe(0);
  });
});
