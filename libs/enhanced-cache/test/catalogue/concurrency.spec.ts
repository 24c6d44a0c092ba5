import { AsyncLocalStorage } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import type { EnhancedCacheOptions } from '../../src/engine/options/options.js';
import { FakeClock } from '../../src/engine/ports/fake-clock.js';
import { ControlledSource, settled } from '../support/controlled-source.js';
import { LoadingWorld, NOTHING_LEFT } from '../support/loading-world.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function cacheWithClock(options: EnhancedCacheOptions = {}) {
  const clock = new FakeClock();
  return { clock, cache: new EnhancedCache({ clock, random: () => 0, ...options }) };
}

describe('A. Concurrency in one process', () => {
  it('A1: a stampede of 1,000 callers is one load with 1,000 equal answers, and leaves nothing in flight', async () => {
    const world = new LoadingWorld();
    const source = new ControlledSource<{ n: number }>();
    const callers = Array.from({ length: 1000 }, () => world.get('k', source.load));
    world.clock.advance(200);
    source.last.answer({ n: 1 });
    for (const value of await Promise.all(callers)) expect(value).toEqual({ n: 1 });
    expect(source.calls).toHaveLength(1);
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it.each<[string, (cache: EnhancedCache, document: unknown) => Promise<unknown>, unknown]>([
    ['delete', (cache) => cache.delete('k'), undefined],
    ['clear', (cache) => cache.clear(), undefined],
    ['deleteByTags', (cache) => cache.deleteByTags(['t']), undefined],
    ['mdelete', (cache) => cache.mdelete(['k']), undefined],
    ['expire', (cache) => cache.expire('k'), undefined],
    ['expireTags', (cache) => cache.expireTags(['t']), undefined],
    ['evictAfter', (cache) => cache.evictAfter(Promise.resolve(), { keys: ['k'] }), undefined],
    ['set', (cache) => cache.set('k', 'newer'), 'newer'],
    ['mset', (cache) => cache.mset([{ key: 'k', value: 'newer' }]), 'newer'],
    ['warmUp', (cache) => cache.warmUp({ k: 'newer' }), 'newer'],
    ['import', (cache, document) => cache.importCacheData(document), 'imported'],
  ])('A2: a load that %s overtakes answers its caller and is not stored', async (_what, disturb, after) => {
    const { cache } = cacheWithClock();
    await cache.set('k', 'imported', { tags: ['t'] });
    const document = await cache.exportCacheData({ values: true });
    await cache.delete('k');
    const source = new ControlledSource<string>();
    const caller = cache.getOrSet('k', source.load, { tags: ['t'] });
    await disturb(cache, document);
    source.last.answer('old');
    expect(await caller).toBe('old');
    expect(await cache.get('k')).toBe(after);
    expect(cache.getStats().fencedLoads).toBe(1);
  });

  it('A2: who asks after the invalidation starts a new load, while the old one still runs', async () => {
    const { cache } = cacheWithClock();
    const source = new ControlledSource<string>();
    const before = cache.getOrSet('k', source.load);
    await cache.delete('k');
    const after = cache.getOrSet('k', source.load);
    source.calls[1].answer('new');
    expect(await after).toBe('new');
    source.calls[0].answer('old');
    expect([await before, await cache.get('k')]).toEqual(['old', 'new']);
  });

  it('A3: a million deletes of keys that nobody loads leave no trace, and a bounded one while a load runs', async () => {
    const world = new LoadingWorld();
    for (let i = 0; i < 1_000_000; i++) world.parts.core.delete(`absent-${i}`);
    expect(world.parts.fence.remembered).toBe(0);
    const source = new ControlledSource<string>();
    const caller = world.get('k', source.load);
    for (let i = 0; i < 100_000; i++) world.parts.core.delete(`absent-${i}`);
    expect(world.parts.fence.remembered).toBeLessThanOrEqual(10_000);
    source.last.answer('value');
    await caller;
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it.each([[new Error('down')], [undefined], [null], [0]])(
    'A4: 20 waiters on a source that rejects with %p get that very reason from one call, and nothing is cached',
    async (reason) => {
      const { cache } = cacheWithClock();
      const source = new ControlledSource<string>();
      const callers = Array.from({ length: 20 }, () => cache.getOrSet('k', source.load));
      source.last.fail(reason);
      for (const result of await Promise.allSettled(callers)) expect(result).toEqual({ status: 'rejected', reason });
      expect(source.calls).toHaveLength(1);
      expect(await cache.getOrSet('k', () => 'again')).toBe('again');
    },
  );

  it('A4: a loader that throws before it returns a promise is a load that failed', async () => {
    const { cache } = cacheWithClock();
    const thrower = (): string => {
      throw new RangeError('at once');
    };
    await expect(cache.getOrSet('k', thrower)).rejects.toThrow(RangeError);
    expect(await cache.getOrSet('k', () => 'again')).toBe('again');
  });

  it('A5: a source that hangs is given up for all waiters at the hard timeout, a retry runs, what comes late is fenced', async () => {
    const { cache, clock } = cacheWithClock({ loading: { hardTimeout: '1s' } });
    const source = new ControlledSource<string>();
    const callers = [1, 2, 3].map(() => cache.getOrSet('k', source.load));
    clock.advance(1000);
    for (const caller of callers) await expect(caller).rejects.toMatchObject({ code: 'CACHE_TIMEOUT' });
    const retry = cache.getOrSet('k', source.load);
    source.calls[1].answer('retried');
    expect(await retry).toBe('retried');
    source.calls[0].answer('late');
    await settled();
    expect(await cache.get('k')).toBe('retried');
    expect(cache.getStats()).toMatchObject({ loadTimeouts: 1, lateLoads: 1, fencedLoads: 1 });
  });

  it('A6: a slow source with a stale entry answers at the soft timeout, and one refresh ends behind', async () => {
    const { cache, clock } = cacheWithClock({ loading: { softTimeout: '100ms', staleIfError: 60 } });
    const source = new ControlledSource<string>();
    await cache.getOrSet('k', () => 'old', 1);
    clock.advance(1000);
    const callers = [1, 2, 3].map(() => cache.getOrSet('k', source.load));
    clock.advance(100);
    expect(await Promise.all(callers)).toEqual(['old', 'old', 'old']);
    source.last.answer('new');
    await settled();
    expect([source.calls.length, await cache.get('k')]).toEqual([1, 'new']);
    expect(cache.getStats().staleHits).toBe(3);
  });

  it('A7: a load that asks for its own key, itself or around, is an error and no deadlock', async () => {
    const { cache } = cacheWithClock();
    const other = new EnhancedCache({ clock: new FakeClock() });
    const code = { code: 'CACHE_RECURSIVE_LOAD' };
    await expect(cache.getOrSet('k', () => cache.getOrSet('k', () => 1))).rejects.toMatchObject(code);
    const around = cache.getOrSet('1', () =>
      cache.getOrSet('2', () => other.getOrSet('3', () => cache.getOrSet('1', () => 1))),
    );
    await expect(around).rejects.toMatchObject(code);
    const bulk = cache.getOrSetMany(['a', 'b'], async () => ({ a: await cache.getOrSet('b', () => 1) }));
    await expect(bulk).rejects.toMatchObject(code);
  });

  it('A8: a caller who leaves takes nobody along; when all ten have left the source is told and nothing is stored', async () => {
    const { cache } = cacheWithClock();
    const source = new ControlledSource<string>();
    const controllers = Array.from({ length: 10 }, () => new AbortController());
    const callers = controllers.map(({ signal }) => cache.getOrSet('k', source.load, { signal }));
    controllers[0].abort(new Error('left'));
    await expect(callers[0]).rejects.toThrow('left');
    expect(source.last.context.signal.aborted).toBe(false);
    for (const controller of controllers) controller.abort(new Error('left'));
    await Promise.allSettled(callers);
    expect(source.last.context.signal.aborted).toBe(true);
    source.last.answer('value');
    await settled();
    expect(await cache.has('k')).toBe(false);
  });

  it('A9: who changes what a hit or a wait returned changes nothing for others, in copy and in frozen mode', async () => {
    for (const isolation of ['copy', 'frozen'] as const) {
      const { cache } = cacheWithClock({ isolation });
      const source = new ControlledSource<{ list: number[] }>();
      const waiters = [cache.getOrSet('k', source.load), cache.getOrSet('k', source.load)];
      source.last.answer({ list: [1] });
      const values = [...(await Promise.all(waiters)), await cache.get<{ list: number[] }>('k')];
      for (const value of values) {
        const change = (): unknown => value?.list.push(2);
        if (isolation === 'frozen') expect(change).toThrow(TypeError);
        else change();
      }
      expect(await cache.get('k')).toEqual({ list: [1] });
    }
  });

  it('A10: each waiter keeps its own async context, and what began the load is not held by the entry', async () => {
    const { cache } = cacheWithClock();
    const request = new AsyncLocalStorage<{ id: string }>();
    const source = new ControlledSource<string>();
    const seen: unknown[] = [];
    const ask = (id: string): WeakRef<object> => {
      const store = { id };
      request.run(store, () => {
        void cache.getOrSet('k', source.load).then(() => seen.push(request.getStore()?.id));
      });
      return new WeakRef(store);
    };
    const references = [ask('alice'), ask('bob')];
    source.calls.splice(0)[0].answer('value');
    await settled();
    expect(seen).toEqual(['alice', 'bob']);
    collectGarbage();
    expect(references.map((reference) => reference.deref())).toEqual([undefined, undefined]);
    expect(await cache.get('k')).toBe('value');
  });

  it('A11: 100 reads of a due key are one refresh; its failure costs nobody anything, a delete is not undone', async () => {
    const { cache, clock } = cacheWithClock({ loading: { earlyRefresh: 0.5, errorBackoff: 5 } });
    await cache.getOrSet('k', () => 'old', 100);
    clock.advance(50_000);
    const source = new ControlledSource<string>();
    for (let i = 0; i < 100; i++) expect(await cache.getOrSet('k', source.load)).toBe('old');
    expect(source.calls).toHaveLength(1);
    source.last.fail(new Error('down'));
    await settled();
    clock.advance(4999);
    expect(await cache.getOrSet('k', source.load)).toBe('old');
    expect(source.calls).toHaveLength(1);
    clock.advance(1);
    expect(await cache.getOrSet('k', source.load)).toBe('old');
    expect(source.calls).toHaveLength(2);
    await cache.delete('k');
    source.last.answer('resurrected');
    await settled();
    expect(await cache.has('k')).toBe(false);
  });

  it('A12: listeners that throw or reject are counted, reported, and change nothing', async () => {
    const { cache } = cacheWithClock();
    const reported: string[] = [];
    cache.on('error', ({ operation }) => reported.push(operation));
    for (const event of ['hit', 'miss', 'set', 'load', 'delete'] as const) {
      cache.on(event, () => {
        throw new Error('a bad listener');
      });
      cache.on(event, (() => Promise.reject(new Error('another'))) as () => void);
    }
    expect(await cache.getOrSet('k', () => 1)).toBe(1);
    expect(await cache.get('k')).toBe(1);
    expect(await cache.delete('k')).toBe(true);
    await settled();
    expect(cache.getStats().listenerFailures).toBe(10);
    expect(reported).toHaveLength(10);
    expect(reported).toContain('listener of load');
  });

  it('A13: two caches load the same key each for itself', async () => {
    const [one, two] = [cacheWithClock().cache, cacheWithClock().cache];
    const source = new ControlledSource<string>();
    const callers = [one.getOrSet('k', source.load), two.getOrSet('k', source.load)];
    source.calls.forEach(({ answer }, i) => answer(`value ${i}`));
    expect(await Promise.all(callers)).toEqual(['value 0', 'value 1']);
    expect([await one.get('k'), await two.get('k')]).toEqual(['value 0', 'value 1']);
  });

  it('A14: in no schedule does who asks after an invalidation get what was true before it', async () => {
    const step = fc.tuple(
      fc.constantFrom('read', 'read', 'read', 'delete', 'tag', 'clear', 'expire', 'time'),
      fc.nat(15),
    );
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(step, { minLength: 3, maxLength: 30 }), async (scheduler, steps) => {
        const world = new LoadingWorld();
        const versions = new Map<string, number>();
        const ask = async (key: string): Promise<void> => {
          const atLeast = versions.get(key) ?? 0;
          const load = async (): Promise<number> => {
            const seen = versions.get(key) ?? 0;
            await scheduler.schedule(Promise.resolve(), `the source answers ${key}`);
            return seen;
          };
          expect(await world.get(key, load, { ttl: 10, tags: [key] })).toBeGreaterThanOrEqual(atLeast);
        };
        const change = (keys: string[]): void => keys.forEach((key) => versions.set(key, (versions.get(key) ?? 0) + 1));
        const everyKey = Array.from({ length: 16 }, (_, i) => `k${i}`);
        const asks = steps.map(([what, number]) =>
          scheduler.schedule(Promise.resolve(), what).then(() => {
            const key = everyKey[number];
            const { core } = world.parts;
            if (what === 'read') return ask(key);
            if (what === 'time') return world.clock.advance(4000);
            change(what === 'clear' ? everyKey : [key]);
            if (what === 'delete') core.delete(key);
            else if (what === 'expire') core.expire(key);
            else if (what === 'tag') void core.deleteByTags([key], 'any');
            else void core.clear();
          }),
        );
        await scheduler.waitFor(Promise.all(asks));
        await settled();
        expect(world.leftovers()).toEqual(NOTHING_LEFT);
        for (const key of everyKey) {
          const value = world.parts.core.read(key);
          if (value !== undefined) expect(value).toBe(versions.get(key) ?? 0);
        }
      }),
      { seed: 20260114, numRuns: 500 },
    );
  });
});
