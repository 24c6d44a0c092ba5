import { StalenessOracle } from './staleness-oracle.js';

describe('StalenessOracle', () => {
  it('calls an answer stale that is older than an invalidation which had resolved when the call began', () => {
    const oracle = new StalenessOracle();
    const before = oracle.floorOf('a', false);
    oracle.removed([{ key: 'a', version: 2 }]);
    const after = oracle.floorOf('a', false);
    const answer = { key: 'a', version: 1 };
    expect(oracle.judge('a', answer, before, 2)).toBeUndefined();
    expect(oracle.judge('a', answer, after, 2)).toMatchObject({ fault: 'stale' });
    expect(oracle.judge('a', { key: 'a', version: 2 }, after, 2)).toBeUndefined();
  });

  it('lets a caller who takes stale values have what was only expired, and nothing that was removed', () => {
    const oracle = new StalenessOracle();
    oracle.removed([{ key: 'a', version: 2 }]);
    oracle.expired([{ key: 'a', version: 3 }]);
    expect(oracle.floorOf('a', true)).toBe(2);
    expect(oracle.floorOf('a', false)).toBe(3);
  });

  it('keeps to the newest of several invalidations, in whatever order they resolve', () => {
    const oracle = new StalenessOracle();
    oracle.removed([{ key: 'a', version: 4 }]);
    oracle.removed([{ key: 'a', version: 3 }]);
    expect(oracle.floorOf('a', true)).toBe(4);
    expect(oracle.floorOf('b', true)).toBe(0);
  });

  it('knows what belongs to another key, and what was never written', () => {
    const oracle = new StalenessOracle();
    expect(oracle.judge('a', { key: 'b', version: 1 }, 0, 1)).toMatchObject({ fault: 'foreign' });
    expect(oracle.judge('a', { key: 'a', version: 2 }, 0, 1)).toMatchObject({ fault: 'invented' });
  });
});
