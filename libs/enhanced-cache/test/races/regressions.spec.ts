import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import { LaggingClock } from './lagging-clock.js';

/** Faults of this cache, each as the smallest schedule that shows it. */
describe('faults that were found on the way', () => {
  const STALE = { ttl: '10s', staleWhileRevalidate: '60s', jitter: 0 } as const;
  let clock: LaggingClock;
  let cache: EnhancedCache;

  beforeEach(() => {
    clock = new LaggingClock();
    cache = new EnhancedCache({ clock });
  });
  afterEach(() => cache.close());

  it('delete removes a value that is kept past its lifetime', async () => {
    await cache.getOrSet('a', () => 'old', STALE);
    clock.advance(12_000);
    await cache.delete('a');
    expect(await cache.getOrSet('a', () => 'new', STALE)).toBe('new');
  });

  it('a set that is refused removes a value that is kept past its lifetime', async () => {
    await cache.getOrSet('a', () => 'old', STALE);
    clock.advance(12_000);
    await expect(cache.set('a', () => 'a function')).rejects.toMatchObject({ code: 'CACHE_INVALID_VALUE' });
    expect(await cache.getOrSet('a', () => 'new', STALE)).toBe('new');
  });

  it('a value that was expired is not fresh for as long as the coarse clock is behind', async () => {
    await cache.getOrSet('a', () => 'old', STALE);
    clock.advance(3);
    await cache.expire('a');
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.getOrSet('a', () => 'new', 10)).toBe('new');
  });

  it('values that were expired by tag are not fresh for as long as the coarse clock is behind', async () => {
    await cache.getOrSet('a', () => 'old', { ...STALE, tags: ['red'] });
    clock.advance(3);
    await cache.expireTags(['red']);
    expect(await cache.get('a')).toBeUndefined();
  });

  it('getOrSetMany asks again for a key whose load it had joined and which was overtaken', async () => {
    let answer!: (value: string) => void;
    const first = cache.getOrSet(
      'a',
      async (context) => {
        const value = await new Promise<string>((resolve) => (answer = resolve));
        context.tags('red');
        return value;
      },
      STALE,
    );
    // The tag is not known yet, so the load of `a` goes on and can be joined; that of `b` is the batch's own.
    await cache.deleteByTags(['red']);
    const asked: string[][] = [];
    const both = cache.getOrSetMany(['a', 'b'], (keys) => {
      asked.push(keys);
      return new Map(keys.map((key) => [key, `new ${key}`]));
    });
    await Promise.resolve();
    answer('old a');
    expect(await first).toBe('old a');
    expect(await both).toEqual(
      new Map([
        ['a', 'new a'],
        ['b', 'new b'],
      ]),
    );
    expect(asked).toEqual([['b'], ['a']]);
  });
});
