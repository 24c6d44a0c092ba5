import { growAtOnce } from '../../enlarge.js';
import { mixHash } from './mix-hash.js';
import { RecentlyEvicted } from './recently-evicted.js';

describe('RecentlyEvicted', () => {
  const remembering = (span: number): RecentlyEvicted => {
    const evicted = new RecentlyEvicted();
    growAtOnce(evicted.grow(span));
    evicted.rememberLast(span);
    return evicted;
  };
  const known = (evicted: RecentlyEvicted, from: number, to: number): number => {
    let count = 0;
    for (let key = from; key < to; key++) if (evicted.has(mixHash(key))) count++;
    return count;
  };

  it('knows nearly all of the last evictions, and none that are older', () => {
    const span = 1024;
    const evicted = remembering(span);
    for (let key = 0; key < 10 * span; key++) evicted.add(mixHash(key));
    expect(known(evicted, 9 * span, 10 * span)).toBeGreaterThan(0.85 * span);
    expect(known(evicted, 0, Math.floor(8.9 * span))).toBe(0);
    expect(known(evicted, 10 * span, 20 * span)).toBe(0);
  });

  it('counts the time from the last eviction of a key', () => {
    const evicted = remembering(64);
    evicted.add(mixHash(1));
    for (let key = 100; key < 150; key++) evicted.add(mixHash(key));
    evicted.add(mixHash(1));
    for (let key = 200; key < 240; key++) evicted.add(mixHash(key));
    expect(evicted.has(mixHash(1))).toBe(true);
  });

  it('tells how long ago a key was remembered, or the earlier time of which it was, up to four spans', () => {
    const evicted = remembering(640);
    const pass = (from: number, evictions: number): void => {
      for (let key = from; key < from + evictions; key++) evicted.add(mixHash(key));
    };
    pass(1000, 100);
    evicted.add(mixHash(1));
    const then = evicted.now;
    pass(2000, 320);
    evicted.add(mixHash(2), then);
    expect([evicted.ageOf(mixHash(1)), evicted.ageOf(mixHash(2)), evicted.unitsSince(then)]).toEqual([32, 32, 32]);
    expect(evicted.ageOf(mixHash(3))).toBeUndefined();
    evicted.add(mixHash(4), then);
    // The same key again and again: nobody else's place is needed.
    for (let i = 0; i < 1000; i++) evicted.add(mixHash(5));
    expect([evicted.has(mixHash(4)), evicted.ageOf(mixHash(4))]).toEqual([false, 132]);
    for (let i = 0; i < 1300; i++) evicted.add(mixHash(5));
    expect(evicted.ageOf(mixHash(4))).toBeUndefined();
  });

  it('knows nothing at first', () => {
    expect(known(remembering(100), 0, 1000)).toBe(0);
    expect(new RecentlyEvicted().has(0)).toBe(false);
  });
});
