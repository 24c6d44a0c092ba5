import { FakeTier } from '../../../test/fakes/fake-tier.js';
import { EnhancedCache } from '../enhanced-cache.js';
import type { Invalidation } from '../ports/coherence-bus.js';
import { FakeClock } from '../ports/fake-clock.js';

async function setUp() {
  const clock = new FakeClock();
  const tier = new FakeTier();
  const cache = new EnhancedCache({
    clock,
    tier,
    memoryPressure: false,
    loading: { staleIfError: '1h' },
  });
  for (const [key, tags] of Object.entries({ both: ['a', 'b'], one: ['a'], none: [] }))
    await cache.getOrSet(key, () => 1, { ttl: 60, tags, jitter: 0 });
  const told: unknown[] = [];
  cache.on('invalidate', ({ scope, propagated, remote }) => told.push([scope, propagated, remote]));
  const left = () => ['both', 'one', 'none'].filter((key) => cache.getSync(key) !== undefined);
  return { clock, tier, cache, told, left };
}

describe('RemoteChanges', () => {
  it.each<[Invalidation, string[]]>([
    [{ scope: 'keys', keys: ['one', 'absent'], stale: false }, ['both', 'none']],
    [{ scope: 'keys', keys: ['one'], stale: true }, ['both', 'none']],
    [{ scope: 'tags', tags: ['a'], match: 'any', stale: false }, ['none']],
    [{ scope: 'tags', tags: ['a'], match: 'any', stale: true }, ['none']],
    [{ scope: 'tags', tags: ['a', 'b'], match: 'all', stale: false }, ['one', 'none']],
    [{ scope: 'everything' }, []],
  ])('applies %j at once and announces it to nobody', async (invalidation, expected) => {
    const { tier, told, left } = await setUp();
    tier.listener.applyRemote(invalidation);
    expect(left()).toEqual(expected);
    expect(told).toEqual([[invalidation.scope, true, true]]);
    expect(tier.announced).toEqual([]);
  });

  it.each([true, false])('keeps what may stand in for a load only where it is said to: stale %p', async (stale) => {
    const { cache, tier } = await setUp();
    tier.listener.applyRemote({ scope: 'keys', keys: ['one'], stale });
    expect(tier.listener.keepsStale('one')).toBe(stale);
    tier.entries.clear();
    const failing = cache.getOrSet('one', () => Promise.reject(new Error('no source')));
    if (stale) expect(await failing).toBe(1);
    else await expect(failing).rejects.toThrow('no source');
  });

  it('says of fresh and of absent entries that they do not only stand in', async () => {
    const { tier } = await setUp();
    expect([tier.listener.keepsStale('one'), tier.listener.keepsStale('absent')]).toEqual([false, false]);
  });

  it('does not let a load store what was invalidated elsewhere while it ran', async () => {
    const { cache, tier } = await setUp();
    let answer!: (value: number) => void;
    const asked = new Promise<void>((started) => {
      void cache.getOrSet('loading', () => new Promise<number>((resolve) => ((answer = resolve), started())));
    });
    await asked;
    tier.listener.applyRemote({ scope: 'keys', keys: ['loading'], stale: false });
    answer(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(cache.getSync('loading')).toBeUndefined();
  });

  it('empties memory in distrust and says why', async () => {
    const { cache, tier, left } = await setUp();
    const reasons: string[] = [];
    cache.on('distrust', ({ reason }) => reasons.push(reason));
    tier.listener.distrust('something was missed');
    expect([left(), reasons]).toEqual([[], ['something was missed']]);
    expect(tier.announced).toEqual([]);
  });

  it('does nothing once the cache is closed', async () => {
    const { cache, tier, told } = await setUp();
    await cache.close();
    tier.listener.applyRemote({ scope: 'everything' });
    tier.listener.distrust('late');
    expect(told).toEqual([]);
  });
});
