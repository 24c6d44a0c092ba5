import { FakeTier } from '../../../test/fakes/fake-tier.js';
import { EnhancedCache } from '../enhanced-cache.js';
import type { EnhancedCacheOptions } from '../options/options.js';
import { FakeClock } from '../ports/fake-clock.js';

/** What memory can share inside a process, and no other process can be given. */
const OWN = new URL('http://localhost');

function setUp(options: EnhancedCacheOptions = {}) {
  const clock = new FakeClock();
  const tier = new FakeTier();
  const cache = new EnhancedCache({ clock, tier, memoryPressure: false, ...options });
  const errors: string[] = [];
  cache.on('error', ({ operation, key }) => errors.push(`${operation}: ${key}`));
  return { clock, tier, cache, errors };
}

describe('TierAccess, reading', () => {
  it('brings what memory has not into memory, with all that belongs to it, and asks once', async () => {
    const { cache, tier } = setUp();
    tier.hold('k', { n: 1 }, { tags: ['t'], priority: 7, cost: 2, metadata: '{"by":"me"}' });
    expect(await cache.get('k')).toEqual({ n: 1 });
    expect(cache.getSync('k')).toEqual({ n: 1 });
    expect(await cache.get('k')).toEqual({ n: 1 });
    expect(tier.calls).toEqual(['read k']);
    expect(await cache.getEntry('k')).toMatchObject({ tags: ['t'], priority: 7, cost: 2, metadata: { by: 'me' } });
    expect(cache.verifyAccounting()).toEqual([]);
  });

  it.each([
    ['copy', { n: [1] }],
    ['frozen', { n: [1] }],
    ['copy', 'text'],
    ['copy', new Map([['a', new Date(0)]])],
    ['copy', Buffer.from([1, 2, 3])],
  ] as const)('gives each reader in %s isolation what was written: %p', async (isolation, value) => {
    const { cache, tier } = setUp({ isolation });
    tier.hold('k', value);
    expect(await cache.get('k')).toEqual(value);
    expect(cache.getSync('k')).toEqual(value);
    expect(cache.verifyAccounting()).toEqual([]);
  });

  it('does not let what a reader does to its value reach memory', async () => {
    const { cache, tier } = setUp();
    tier.hold('k', { n: [1] });
    (await cache.get<{ n: number[] }>('k'))?.n.push(2);
    expect(cache.getSync('k')).toEqual({ n: [1] });
  });

  it('keeps it for no longer than the tier does, and than the tier lets memory keep it', async () => {
    const { cache, clock, tier } = setUp();
    tier.hold('brief', 1, { ttlMs: 5000 });
    tier.hold('long', 1, { ttlMs: 5000 });
    await cache.get('brief');
    tier.memoryTtlMs = 1000;
    await cache.get('long');
    clock.advance(999);
    expect([cache.getSync('brief'), cache.getSync('long')]).toEqual([1, 1]);
    clock.advance(1);
    expect([cache.getSync('brief'), cache.getSync('long')]).toEqual([1, undefined]);
    clock.advance(4000);
    expect(cache.getSync('brief')).toBeUndefined();
  });

  it.each([
    ['deleted', (cache: EnhancedCache) => void cache.delete('k')],
    ['invalidated by its tag', (cache: EnhancedCache) => void cache.deleteByTags(['t'])],
    ['cleared away', (cache: EnhancedCache) => void cache.clear()],
  ])('neither keeps nor returns what was %s while it was read', async (_what, change) => {
    const { cache, tier } = setUp();
    tier.hold('k', 'old', { tags: ['t'] });
    tier.whileReading = () => change(cache);
    expect(await cache.get('k')).toBeUndefined();
    expect(cache.getSync('k')).toBeUndefined();
  });

  it('returns what was set while it was read', async () => {
    const { cache, tier } = setUp();
    tier.hold('k', 'old');
    tier.whileReading = () => void cache.set('k', 'new');
    expect(await cache.get('k')).toBe('new');
    expect(cache.getSync('k')).toBe('new');
  });

  it('takes what cannot be read for a miss, and says so', async () => {
    const { cache, errors, tier } = setUp();
    tier.hold('k', 1, { frame: Buffer.from('no frame') });
    expect(await cache.get('k')).toBeUndefined();
    expect(errors).toEqual(['read a value of the second tier: k']);
  });

  it('returns what memory cannot hold, and says so', async () => {
    const { cache, errors, tier } = setUp({ maxValueMb: 1, compressionLevel: 0 });
    tier.hold('k', 'x'.repeat(2 ** 21));
    expect(await cache.get('k')).toHaveLength(2 ** 21);
    expect(cache.getSync('k')).toBeUndefined();
    expect(errors).toEqual(['keep a value of the second tier: k']);
  });

  it('asks nobody once the cache is closed', async () => {
    const { cache, tier } = setUp();
    tier.hold('k', 1);
    await cache.close();
    expect(await cache.get('k')).toBeUndefined();
    expect([tier.calls, tier.closed]).toEqual([[], true]);
  });
});

describe('TierAccess, writing', () => {
  it('gives the tier what is set, with the lifetime that it was given', async () => {
    const { cache, tier } = setUp();
    tier.memoryTtlMs = 1000;
    await cache.set('k', { n: 1 }, { ttl: 60, tags: ['t'], priority: 3 });
    expect(tier.valueOf('k')).toEqual({ n: 1 });
    expect(tier.entries.get('k')).toMatchObject({ ttlMs: 60_000, tags: ['t'], priority: 3 });
    expect(await cache.ttl('k')).toBe(1);
  });

  it('removes there what it cannot give to other processes', async () => {
    const { cache, errors, tier } = setUp({ isolation: 'shared' });
    tier.hold('k', 'old');
    await cache.set('k', OWN);
    expect(tier.announced).toEqual([{ scope: 'keys', keys: ['k'], stale: false }]);
    expect(errors).toEqual(['write a value to the second tier: k']);
    expect(cache.getSync('k')).toBe(OWN);
  });

  it('says of each invalidation whether the others know of it', async () => {
    const { cache, tier } = setUp();
    const told: unknown[] = [];
    cache.on('invalidate', ({ scope, propagated, remote }) => told.push([scope, propagated, remote]));
    await cache.delete('k');
    tier.propagates = false;
    await cache.deleteByTags(['t']);
    await cache.clear();
    expect(told).toEqual([
      ['keys', true, false],
      ['tags', false, false],
      ['everything', false, false],
    ]);
    expect(await cache.deleteAnnounced('k')).toEqual({ result: false, propagated: false });
    expect(await new EnhancedCache({ memoryPressure: false }).deleteAnnounced('k')).toEqual({ result: false });
  });

  it('counts an entry that the tier alone had', async () => {
    const { cache, tier } = setUp();
    tier.hold('k', 1);
    expect(await cache.delete('k')).toBe(true);
    expect(await cache.delete('k')).toBe(false);
  });
});

describe('TierAccess, loading', () => {
  it('stores what was loaded in both', async () => {
    const { cache, tier } = setUp();
    expect(await cache.getOrSet('k', () => 1)).toBe(1);
    expect([tier.valueOf('k'), cache.getSync('k')]).toEqual([1, 1]);
    expect(tier.calls).toEqual(['claim k', 'commit k']);
  });

  it('does not load what the tier has', async () => {
    const { cache, tier } = setUp();
    tier.hold('k', 'there');
    const load = () => {
      throw new Error('not asked for');
    };
    expect(await cache.getOrSet('k', load)).toBe('there');
    expect(cache.getSync('k')).toBe('there');
  });

  it('stores nowhere what was overtaken elsewhere, and in memory what the tier cannot store', async () => {
    const { cache, tier } = setUp();
    tier.commits = 'overtaken';
    expect(await cache.getOrSet('overtaken', () => 1)).toBe(1);
    tier.commits = 'unavailable';
    expect(await cache.getOrSet('unavailable', () => 2)).toBe(2);
    expect([cache.getSync('overtaken'), cache.getSync('unavailable'), tier.entries.size]).toEqual([undefined, 2, 0]);
  });

  it('gives its claim back where the load fails, or brings what cannot go to others', async () => {
    const { cache, tier } = setUp({ isolation: 'shared' });
    await expect(cache.getOrSet('failed', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await cache.getOrSet('own', () => OWN);
    expect(tier.calls).toEqual(['claim failed', 'release failed', 'claim own', 'release own']);
  });
});
