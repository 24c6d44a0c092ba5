import { CapacityError, InvalidKeyError, InvalidOptionsError, InvalidValueError } from './errors.js';
import { EnhancedCache } from './enhanced-cache.js';
import { FakeClock } from './ports/fake-clock.js';
import type { EnhancedCacheOptions } from './options/options.js';

function cacheWithClock(options: EnhancedCacheOptions = {}) {
  const clock = new FakeClock();
  return { clock, cache: new EnhancedCache({ clock, ...options }) };
}

/** A load that ends when the test says so. */
function source<T>() {
  let answer!: (value: T) => void;
  let fail!: (reason: unknown) => void;
  const promise = new Promise<T>((resolve, reject) => {
    answer = resolve;
    fail = reject;
  });
  let calls = 0;
  const load = () => {
    calls++;
    return promise;
  };
  return { load, answer, fail, calls: () => calls };
}

describe('EnhancedCache: reading and writing', () => {
  it('gives back what was set, and undefined for what was not', async () => {
    const { cache } = cacheWithClock();
    await cache.set('k', { a: [1, 2] });
    expect(await cache.get('k')).toEqual({ a: [1, 2] });
    expect(cache.getSync('k')).toEqual({ a: [1, 2] });
    expect(await cache.get('absent')).toBeUndefined();
  });

  it.each([[null], [false], [0], [''], [NaN], [-0], [10n]])('keeps %p as a value', async (value) => {
    const { cache } = cacheWithClock();
    await cache.set('k', value);
    expect(await cache.has('k')).toBe(true);
    expect(Object.is(await cache.get('k'), value)).toBe(true);
  });

  it('takes effect in the order of the calls, before the promises settle', () => {
    const { cache } = cacheWithClock();
    void cache.set('k', 1);
    void cache.set('k', 2);
    expect(cache.getSync('k')).toBe(2);
    void cache.delete('k');
    expect(cache.getSync('k')).toBeUndefined();
  });

  it('never shares an object between readers in copy mode', async () => {
    const { cache } = cacheWithClock();
    const original = { list: [1] };
    await cache.set('k', original);
    original.list.push(2);
    (await cache.get<typeof original>('k'))?.list.push(3);
    expect(await cache.get('k')).toEqual({ list: [1] });
  });

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(1025)],
    ['ill-formed', 'lone \ud800 surrogate'],
    ['a number', 7],
    ['null', null],
    ['undefined', undefined],
    ['an object', {}],
  ])('refuses a key that is %s in every verb', async (_what, key) => {
    const { cache } = cacheWithClock();
    const bad = key as string;
    await expect(cache.get(bad)).rejects.toThrow(InvalidKeyError);
    await expect(cache.set(bad, 1)).rejects.toThrow(InvalidKeyError);
    await expect(cache.getOrSet(bad, () => 1)).rejects.toThrow(InvalidKeyError);
    await expect(cache.delete(bad)).rejects.toThrow(InvalidKeyError);
    await expect(cache.has(bad)).rejects.toThrow(InvalidKeyError);
    await expect(cache.touch(bad, 5)).rejects.toThrow(InvalidKeyError);
    await expect(cache.getEntry(bad)).rejects.toThrow(InvalidKeyError);
    await expect(cache.withLock(bad, () => 1)).rejects.toThrow(InvalidKeyError);
  });

  it.each(['__proto__', 'constructor', 'toString', '../clear', 'a/b', '*', '🙂', 'é', 'e\u0301', ' '])(
    'keeps the key %p apart from every other',
    async (key) => {
      const { cache } = cacheWithClock();
      expect(await cache.get(key)).toBeUndefined();
      await cache.set(key, `value of ${key}`);
      expect(await cache.get(key)).toBe(`value of ${key}`);
      expect(await cache.delete(key)).toBe(true);
      expect(await cache.has(key)).toBe(false);
    },
  );

  it.each<[string, unknown, object | undefined, unknown]>([
    ['a value that cannot be stored', () => 1, undefined, InvalidValueError],
    ['undefined, which means a miss', undefined, undefined, InvalidValueError],
    ['a value above the limit for one entry', 'x'.repeat(200_000), undefined, CapacityError],
    ['an option that cannot work', 1, { ttl: -1 }, InvalidOptionsError],
  ])('rejects %s, and the old entry is gone, never stale', async (_what, value, options, error) => {
    const { cache } = cacheWithClock({ maxMemoryMb: 1, compressionLevel: 0 });
    await cache.set('k', 'old');
    await expect(cache.set('k', value, options)).rejects.toThrow(error as typeof Error);
    expect(await cache.get('k')).toBeUndefined();
    expect(cache.verifyAccounting()).toEqual([]);
  });

  it('deletes in batches and tells how many were there', async () => {
    const { cache } = cacheWithClock();
    await cache.mset([
      { key: 'a', value: 1 },
      { key: 'b', value: 2, tags: ['t'] },
    ]);
    expect(await cache.mget(['a', 'b', 'c'])).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    );
    expect(await cache.mdelete(['a', 'c'])).toBe(1);
    expect(await cache.has('b')).toBe(true);
  });

  it('sets what can be set of a batch and rejects with the first error', async () => {
    const { cache } = cacheWithClock();
    await cache.set('bad', 'old');
    const batch = [
      { key: 'bad', value: Symbol('x') },
      { key: 'good', value: 1 },
    ];
    await expect(cache.mset(batch)).rejects.toThrow(InvalidValueError);
    expect([await cache.get('bad'), await cache.get('good')]).toEqual([undefined, 1]);
  });
});

describe('EnhancedCache: time', () => {
  it('misses at exactly the end of the lifetime', async () => {
    const { cache, clock } = cacheWithClock();
    await cache.set('k', 1, '2s');
    clock.advance(1999);
    expect(await cache.ttl('k')).toBeCloseTo(0.001);
    expect(await cache.get('k')).toBe(1);
    clock.advance(1);
    expect(await cache.get('k')).toBeUndefined();
    expect(await cache.ttl('k')).toBeUndefined();
  });

  it('lets expired entries leave without being read', async () => {
    const { cache, clock } = cacheWithClock();
    for (let i = 0; i < 1000; i++) await cache.set(`k${i}`, i, 1 + (i % 10));
    clock.advance(5_600);
    expect(cache.getStats()).toMatchObject({ entryCount: 500, expirations: 500 });
    clock.advance(5_600);
    expect(cache.getStats()).toMatchObject({ entryCount: 0, expirations: 1000, totalSize: 0, memoryUsageMb: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('arms one timer for the whole cache, and none for entries that never expire', async () => {
    const { cache, clock } = cacheWithClock({ defaultTtl: null });
    await cache.set('for ever', 1);
    expect(clock.pendingTimers).toBe(0);
    for (let i = 0; i < 100; i++) await cache.set(`k${i}`, 1, 1 + i);
    expect(clock.pendingTimers).toBe(1);
    expect(await cache.ttl('for ever')).toBeNull();
  });

  it('does not care about steps of the wall clock', async () => {
    const { cache, clock } = cacheWithClock();
    await cache.set('k', 1, 60);
    clock.stepWall(-3_600_000);
    clock.advance(59_999);
    expect(await cache.get('k')).toBe(1);
    clock.stepWall(7_200_000);
    expect(await cache.get('k')).toBe(1);
    clock.advance(1);
    expect(await cache.get('k')).toBeUndefined();
  });

  it('touches an entry into another lifetime, longer or shorter', async () => {
    const { cache, clock } = cacheWithClock();
    await cache.set('k', 1, 10);
    expect(await cache.touch('k', 100)).toBe(true);
    clock.advance(50_000);
    expect(await cache.get('k')).toBe(1);
    await cache.touch('k', 1);
    clock.advance(1500);
    expect(cache.getStats().entryCount).toBe(0);
    expect(await cache.touch('k', 1)).toBe(false);
  });

  it('uses the default lifetime where set names none', async () => {
    const { cache } = cacheWithClock({ defaultTtl: '5m' });
    await cache.set('k', 1);
    expect(await cache.ttl('k')).toBe(300);
  });
});

describe('EnhancedCache: what is known of an entry', () => {
  it('shows everything and counts as no hit', async () => {
    const { cache, clock } = cacheWithClock();
    await cache.set('k', { a: 1 }, { ttl: 60, tags: ['x', 'y'], priority: 5, cost: 2.5, metadata: { by: 'me' } });
    clock.advance(10_000);
    await cache.get('k');
    const entry = await cache.getEntry('k');
    expect(entry).toEqual({
      key: 'k',
      value: { a: 1 },
      createdAt: new Date('2026-01-01T00:00:00.000Z'),
      expiresAt: new Date('2026-01-01T00:01:00.000Z'),
      lastAccessed: new Date('2026-01-01T00:00:10.000Z'),
      ttlRemaining: 50,
      accessCount: 1,
      tags: ['x', 'y'],
      priority: 5,
      cost: 2.5,
      metadata: { by: 'me' },
      sizeBytes: 7,
      compressedSize: 7,
      compressionRatio: 1,
    });
    expect(cache.getStats().hits).toBe(1);
    expect(await cache.getEntry('absent')).toBeUndefined();
  });

  it('pages through all entries, each exactly once, by prefix and by tag', async () => {
    const { cache } = cacheWithClock();
    for (let i = 0; i < 250; i++) await cache.set(`${i % 2 ? 'odd' : 'even'}:${i}`, i, { tags: i % 5 ? [] : ['five'] });
    const listed: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await cache.listEntries({ limit: 30, cursor: cursor ?? undefined });
      expect(page.entries.length).toBeLessThanOrEqual(30);
      listed.push(...page.entries.map(({ key }) => key));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(new Set(listed).size).toBe(250);
    expect(listed).toHaveLength(250);
    expect((await cache.listEntries({ prefix: 'odd:', limit: 1000 })).entries).toHaveLength(125);
    expect((await cache.listEntries({ prefix: 'odd:', tag: 'five', limit: 1000 })).entries).toHaveLength(25);
    await expect(cache.listEntries({ limit: 1001 })).rejects.toThrow('limit: expected an integer from 1 to 1000');
    await expect(cache.listEntries({ cursor: 'no cursor!' })).rejects.toThrow(InvalidOptionsError);
  });
});

describe('EnhancedCache: tags', () => {
  it('deletes by tag, visible at once, with the exact count', async () => {
    const { cache } = cacheWithClock();
    for (let i = 0; i < 500; i++) await cache.set(`k${i}`, i, { tags: [i % 2 ? 'odd' : 'even', 'all'] });
    const deleted = cache.deleteByTags(['odd']);
    expect(cache.getSync('k1')).toBeUndefined();
    expect(cache.getSync('k2')).toBe(2);
    expect(cache.getStats().entryCount).toBe(250);
    expect(await cache.getEntriesByTag('all')).toHaveLength(250);
    expect(await deleted).toBe(250);
    expect(await cache.deleteByTags(['odd'])).toBe(0);
    expect(await cache.deleteByTags(['all', 'even'])).toBe(250);
    expect(cache.verifyAccounting()).toEqual([]);
  });

  it('keeps what is set in the same millisecond as the invalidation', async () => {
    const { cache } = cacheWithClock();
    for (let i = 0; i < 200; i++) await cache.set(`k${i}`, 'old', { tags: ['t'] });
    const deleted = cache.deleteByTags(['t']);
    for (let i = 0; i < 200; i++) void cache.set(`k${i}`, 'new', { tags: ['t'] });
    expect(await deleted).toBe(200);
    for (let i = 0; i < 200; i++) expect(await cache.get(`k${i}`)).toBe('new');
    expect(await cache.getEntriesByTag('t')).toHaveLength(200);
  });

  it('lists the entries with a tag in slices, without those that leave meanwhile', async () => {
    const { cache, clock } = cacheWithClock({ maxSize: 20_000 });
    for (let i = 0; i < 10_000; i++) await cache.set(`k${i}`, i, { tags: ['t'] });
    const listed = cache.getEntriesByTag('t');
    for (let i = 0; i < 100; i++) await cache.delete(`k${i}`);
    for (let i = 0; i < 100; i++) await cache.set(`new${i}`, i, { tags: ['t'] });
    clock.flush();
    const keys = (await listed).map(({ key }) => key);
    expect([keys.length, keys[0], keys.at(-1)]).toEqual([9900, 'k9999', 'k100']);
    const cleared = cache.getEntriesByTag('t');
    void cache.clear();
    expect((await cleared).length).toBeLessThan(9900);
  });

  it('matches any or all', async () => {
    const { cache } = cacheWithClock();
    await cache.set('ab', 1, { tags: ['a', 'b'] });
    await cache.set('a', 1, { tags: ['a'] });
    await cache.set('b', 1, { tags: ['b'] });
    expect(await cache.deleteByTags(['a', 'b'], { match: 'all' })).toBe(1);
    expect(await cache.deleteByTags(['a', 'b'], { match: 'any' })).toBe(2);
    await expect(cache.deleteByTags(['a'], { match: 'some' as 'any' })).rejects.toThrow(
      "match: expected 'any' or 'all'",
    );
    await expect(cache.deleteByTags('a' as never)).rejects.toThrow(InvalidOptionsError);
  });

  it('does not count entries that had expired', async () => {
    const { cache, clock } = cacheWithClock();
    await cache.set('short', 1, { ttl: '100ms', tags: ['t'] });
    await cache.set('long', 1, { ttl: 100, tags: ['t'] });
    clock.advance(100);
    expect(await cache.deleteByTags(['t'])).toBe(1);
  });

  it('forgets the tags of an entry that is overwritten without them', async () => {
    const { cache } = cacheWithClock();
    await cache.set('k', 1, { tags: ['old'] });
    await cache.set('k', 2, { tags: ['new'] });
    expect(await cache.deleteByTags(['old'])).toBe(0);
    expect(await cache.get('k')).toBe(2);
  });

  it('leaves room by reclaiming invalidated entries before it evicts live ones', async () => {
    const { cache } = cacheWithClock({ maxSize: 200, evictionPolicy: 'lru' });
    for (let i = 0; i < 100; i++) await cache.set(`live${i}`, i);
    for (let i = 0; i < 100; i++) await cache.set(`dead${i}`, i, { tags: ['t'] });
    const deleted = cache.deleteByTags(['t']);
    for (let i = 0; i < 100; i++) void cache.set(`new${i}`, i);
    for (let i = 0; i < 100; i++) expect(cache.getSync(`live${i}`)).toBe(i);
    expect(cache.getStats().evictions).toBe(0);
    expect(await deleted).toBe(100);
  });
});

describe('EnhancedCache: loading', () => {
  it('runs one load for all who ask meanwhile, each with a value of their own', async () => {
    const { cache } = cacheWithClock();
    const { load, answer, calls } = source<{ n: number[] }>();
    const callers = Array.from({ length: 100 }, () => cache.getOrSet('k', load));
    answer({ n: [1] });
    const values = await Promise.all(callers);
    expect(calls()).toBe(1);
    values[0].n.push(99);
    values[1].n.push(98);
    expect(values[2]).toEqual({ n: [1] });
    expect(await cache.get('k')).toEqual({ n: [1] });
  });

  it('rejects every caller with the same reason, caches nothing, and loads anew for the next', async () => {
    const { cache } = cacheWithClock();
    const { load, fail, calls } = source<number>();
    const reason = new Error('source is down');
    const callers = Array.from({ length: 20 }, () => cache.getOrSet('k', load));
    fail(reason);
    for (const result of await Promise.allSettled(callers)) expect(result).toEqual({ status: 'rejected', reason });
    expect(calls()).toBe(1);
    expect(await cache.getOrSet('k', () => 5)).toBe(5);
    expect(cache.getStats()).toMatchObject({ loads: 2, loadFailures: 1 });
  });

  it('stores null and does not store undefined', async () => {
    const { cache } = cacheWithClock();
    expect(await cache.getOrSet('null', () => null)).toBeNull();
    expect(await cache.getOrSet('null', () => 'not asked')).toBeNull();
    expect(await cache.getOrSet('undefined', () => undefined)).toBeUndefined();
    expect(await cache.has('undefined')).toBe(false);
  });

  it.each<[string, (cache: EnhancedCache) => unknown, unknown]>([
    ['delete', (cache) => cache.delete('k'), undefined],
    ['deleteByTags', (cache) => cache.deleteByTags(['t']), undefined],
    ['clear', (cache) => cache.clear(), undefined],
    ['set', (cache) => cache.set('k', 'newer'), 'newer'],
    ['a set that fails', (cache) => cache.set('k', Symbol('x')).catch(() => undefined), undefined],
  ])('does not store what was loaded before a %s, and gives it to its callers', async (_what, invalidate, after) => {
    const { cache } = cacheWithClock();
    const { load, answer } = source<string>();
    const caller = cache.getOrSet('k', load, { tags: ['t'] });
    await invalidate(cache);
    if (after === undefined) {
      const later = source<string>();
      const laterCaller = cache.getOrSet('k', later.load, { tags: ['t'] });
      expect(later.calls()).toBe(1);
      answer('old');
      expect(await caller).toBe('old');
      later.answer('fresh');
      expect(await laterCaller).toBe('fresh');
      expect(await cache.get('k')).toBe('fresh');
    } else {
      answer('old');
      expect(await caller).toBe('old');
      expect(await cache.get('k')).toBe(after);
    }
    expect(cache.getStats().fencedLoads).toBe(1);
  });

  it('stores what was loaded while unrelated keys and tags were invalidated', async () => {
    const { cache } = cacheWithClock();
    const { load, answer } = source<string>();
    const caller = cache.getOrSet('k', load, { tags: ['t'] });
    await cache.delete('other');
    await cache.deleteByTags(['unrelated']);
    answer('value');
    await caller;
    expect(await cache.get('k')).toBe('value');
  });

  it('returns a loaded value that cannot be stored, and reports why', async () => {
    const { cache } = cacheWithClock();
    const errors: string[] = [];
    cache.on('error', ({ operation, error }) => errors.push(`${operation}: ${(error as Error).message}`));
    const value = { run: () => 1 };
    expect(await cache.getOrSet('k', () => value)).toBe(value);
    expect(await cache.has('k')).toBe(false);
    expect(errors).toEqual([expect.stringMatching(/^store a loaded value: value\.run: /)]);
  });

  it('judges options before it loads', async () => {
    const { cache } = cacheWithClock();
    const { load, calls } = source<number>();
    await expect(cache.getOrSet('k', load, { ttl: 0 })).rejects.toThrow(InvalidOptionsError);
    expect(calls()).toBe(0);
  });

  it('measures the cost of a load unless it is told', async () => {
    const { cache, clock } = cacheWithClock();
    await cache.getOrSet('measured', async () => {
      clock.advance(250);
      return 1;
    });
    await cache.getOrSet('told', () => 1, { cost: 7 });
    expect((await cache.getEntry('measured'))?.cost).toBe(0.25);
    expect((await cache.getEntry('told'))?.cost).toBe(7);
  });

  it('wraps a function: equal arguments share a value, this and errors pass through', async () => {
    const { cache } = cacheWithClock();
    let calls = 0;
    async function area(this: void, shape: { w: number; h: number }, unit: string) {
      calls++;
      if (shape.w < 0) throw new RangeError('negative');
      return `${shape.w * shape.h} ${unit}`;
    }
    const cached = cache.wrap(area, { ttl: 60, tags: (shape) => [`w:${shape.w}`] });
    expect(cached.name).toBe('area');
    expect(await cached({ w: 2, h: 3 }, 'm')).toBe('6 m');
    expect(await cached({ h: 3, w: 2 }, 'm')).toBe('6 m');
    expect(calls).toBe(1);
    await cached({ w: 2, h: 3 }, 'km');
    expect(calls).toBe(2);
    await expect(cached({ w: -1, h: 3 }, 'm')).rejects.toThrow(RangeError);
    expect(await cache.deleteByTags(['w:2'])).toBe(2);
    expect(() => cache.wrap(() => 1)).toThrow(InvalidOptionsError);
  });

  it('runs locked work one at a time for a key', async () => {
    const { cache } = cacheWithClock();
    let stock = 3;
    const take = () =>
      cache.withLock('stock', async () => {
        const seen = stock;
        await Promise.resolve();
        stock = seen - 1;
      });
    await Promise.all([take(), take(), take()]);
    expect(stock).toBe(0);
  });
});

describe('EnhancedCache: load seconds', () => {
  it('counts what hits saved and what loads took, of the cache and by tag', async () => {
    const { cache, clock } = cacheWithClock();
    const taking = (ms: number) => (): number => {
      clock.advance(ms);
      return ms;
    };
    await cache.getOrSet('a', taking(250), { tags: ['slow', 'both'] });
    await cache.getOrSet('b', taking(50), { tags: ['both'] });
    await cache.set('given', 1);
    for (const key of ['a', 'a', 'b', 'given']) await cache.get(key);
    const failing = (): never => {
      clock.advance(150);
      throw new Error('down');
    };
    await expect(cache.getOrSet('c', failing, { tags: ['slow'] })).rejects.toThrow('down');
    expect(cache.getStats()).toMatchObject({
      loadSecondsSaved: 0.55,
      loadSecondsPaid: 0.45,
      loadSecondsByTag: [
        { tag: 'slow', saved: 0.5, paid: 0.4 },
        { tag: 'both', saved: 0.55, paid: 0.3 },
      ],
    });
  });

  it('shows what HYBRID decided, and nothing where the policy decides nothing', async () => {
    const { cache } = cacheWithClock();
    for (let i = 0; i < 50; i++) await cache.set(`key-${i}`, i);
    expect(cache.getStats().evictionDetail).toMatchObject({ mode: 'use', strategy: 'starting', sampleShare: 1 });
    await cache.set('dear', 1, { cost: 100 });
    expect(cache.getStats().evictionDetail).toMatchObject({ mode: 'value', modeChanges: 1 });
    await cache.configure({ evictionPolicy: 'lru' });
    expect(cache.getStats().evictionDetail).toBeNull();
  });
});

describe('EnhancedCache: limits and priorities', () => {
  it('holds no more entries than allowed', async () => {
    const { cache } = cacheWithClock({ maxSize: 10, evictionPolicy: 'lru' });
    for (let i = 0; i < 100; i++) await cache.set(`k${i}`, i);
    expect(cache.getStats()).toMatchObject({ entryCount: 10, evictions: 90, utilization: 100 });
    expect(await cache.get('k99')).toBe(99);
  });

  it('holds no more bytes than allowed', async () => {
    const { cache } = cacheWithClock({ maxMemoryMb: 0.5, maxValueMb: 0.1, compressionLevel: 0 });
    for (let i = 0; i < 1000; i++) {
      await cache.set(`k${i}`, 'x'.repeat(1 + ((i * 37) % 20_000)), { tags: [`tag ${i % 7}`] });
      expect(cache.getMemoryUsage().memoryUsageBytes).toBeLessThanOrEqual(0.5 * 1024 * 1024);
    }
    expect(cache.verifyAccounting()).toEqual([]);
    expect(cache.getStats().evictions).toBeGreaterThan(900);
  });

  it.each(['lru', 'lfu', 'ttl', 'size', 'hybrid'] as const)(
    '%s: higher priority outlives lower',
    async (evictionPolicy) => {
      const { cache } = cacheWithClock({ maxSize: 20, evictionPolicy });
      for (let i = 0; i < 10; i++) await cache.set(`important ${i}`, i, { priority: 50 });
      for (let i = 0; i < 30; i++) await cache.set(`plain ${i}`, i);
      for (let i = 0; i < 10; i++) expect(await cache.has(`important ${i}`)).toBe(true);
    },
  );

  it('turns a newcomer away that may displace nobody, and says so in the event', async () => {
    const { cache } = cacheWithClock({ maxSize: 2, evictionPolicy: 'lru' });
    const evicted: object[] = [];
    cache.on('evict', (event) => evicted.push(event));
    await cache.set('a', 1, { priority: 10 });
    await cache.set('b', 1, { priority: 10 });
    await cache.set('c', 1, { priority: 0 });
    expect(evicted).toEqual([{ key: 'c', sizeBytes: expect.any(Number), turnedAway: true }]);
    expect([await cache.has('a'), await cache.has('b'), await cache.has('c')]).toEqual([true, true, false]);
  });
});

describe('EnhancedCache: reconfiguration', () => {
  it('shrinks by its policy and keeps what still fits', async () => {
    const { cache } = cacheWithClock({ maxSize: 100, evictionPolicy: 'lru' });
    for (let i = 0; i < 100; i++) await cache.set(`k${i}`, i);
    const result = await cache.configure({ maxSize: 30 });
    expect(result).toMatchObject({ applied: { maxSize: 30 }, evicted: 70, currentConfig: { maxSize: 30 } });
    for (let i = 70; i < 100; i++) expect(await cache.get(`k${i}`)).toBe(i);
    expect(cache.verifyAccounting()).toEqual([]);
  });

  it('loses nothing when the policy is swapped on a full cache, and evicts by the new one from then on', async () => {
    const { cache, clock } = cacheWithClock({ maxSize: 50, evictionPolicy: 'lfu' });
    for (let i = 0; i < 50; i++) {
      clock.advance(1);
      await cache.set(`k${i}`, i);
    }
    clock.advance(1);
    for (let i = 0; i < 10; i++) await cache.get(`k${i}`);
    expect(await cache.configure({ evictionPolicy: 'lru' })).toMatchObject({ evicted: 0 });
    expect(cache.getStats()).toMatchObject({ entryCount: 50, evictionPolicy: 'lru' });
    for (let i = 50; i < 90; i++) await cache.set(`k${i}`, i);
    for (let i = 0; i < 10; i++) expect(await cache.has(`k${i}`)).toBe(true);
    for (let i = 10; i < 50; i++) expect(await cache.has(`k${i}`)).toBe(false);
  });

  it('writes with the new compression from then on and still reads the old', async () => {
    const { cache } = cacheWithClock({ compressionLevel: 0 });
    const text = 'compressible '.repeat(500);
    await cache.set('old', text);
    await cache.configure({ compressionLevel: 9 });
    await cache.set('new', text);
    expect((await cache.getEntry('old'))?.compressionRatio).toBe(1);
    expect((await cache.getEntry('new'))?.compressionRatio).toBeLessThan(0.1);
    expect([await cache.get('old'), await cache.get('new')]).toEqual([text, text]);
  });

  it('applies all or nothing', async () => {
    const { cache } = cacheWithClock({ maxSize: 100 });
    await expect(cache.configure({ maxSize: 10, defaultTtl: -1 })).rejects.toThrow(InvalidOptionsError);
    await expect(cache.configure({ isolation: 'shared' } as never)).rejects.toThrow(InvalidOptionsError);
    expect(cache.getStats().maxSize).toBe(100);
  });

  it('applies changes that are asked for at once one after the other', async () => {
    const { cache } = cacheWithClock({ maxSize: 100, evictionPolicy: 'lru' });
    for (let i = 0; i < 100; i++) await cache.set(`k${i}`, i);
    const [first, second] = await Promise.all([
      cache.configure({ evictionPolicy: 'size', maxSize: 60 }),
      cache.configure({ evictionPolicy: 'ttl', maxSize: 50 }),
    ]);
    expect([first.evicted, second.evicted]).toEqual([40, 10]);
    expect(cache.getStats()).toMatchObject({ entryCount: 50, evictionPolicy: 'ttl' });
  });
});

describe('EnhancedCache: the end', () => {
  it('clears at once and says how many there were', async () => {
    const { cache, clock } = cacheWithClock();
    for (let i = 0; i < 100; i++) await cache.set(`k${i}`, i, { ttl: i < 10 ? 1 : 60, tags: ['t'] });
    clock.advance(1000);
    const cleared: string[] = [];
    cache.on('delete', ({ key, cause }) => cleared.push(`${cause} ${key}`));
    expect(await cache.clear()).toBe(90);
    expect(cleared).toHaveLength(90);
    expect(cleared).toContain('cleared k99');
    expect(cache.getStats()).toMatchObject({ entryCount: 0, memoryUsageMb: 0 });
    expect(await cache.deleteByTags(['t'])).toBe(0);
    expect(cache.verifyAccounting()).toEqual([]);
  });

  it('waits for running loads when it closes, stores nothing any more and leaves no timer', async () => {
    const { cache, clock } = cacheWithClock();
    await cache.set('k', 1, 5);
    const { load, answer } = source<number>();
    const caller = cache.getOrSet('slow', load);
    const closed = cache.close();
    answer(2);
    expect(await caller).toBe(2);
    await closed;
    await cache.close();
    expect(clock.pendingTimers).toBe(0);
    expect(await cache.get('k')).toBeUndefined();
    await expect(cache.set('k', 1)).rejects.toMatchObject({ code: 'CACHE_CLOSED' });
    expect(await cache.getOrSet('k', () => 3)).toBe(3);
    expect(await cache.has('k')).toBe(false);
  });

  it('abandons a load that hangs once the deadline is over', async () => {
    const { cache, clock } = cacheWithClock();
    const caller = cache.getOrSet('hangs', () => new Promise(() => undefined));
    const closed = cache.close();
    clock.advance(5000);
    await closed;
    await expect(caller).rejects.toMatchObject({ code: 'CACHE_CLOSED' });
  });
});
