import { AsyncLocalStorage } from 'node:async_hooks';
import { ControlledSource, settled } from '../../../test/support/controlled-source.js';
import { LoadingWorld, NOTHING_LEFT } from '../../../test/support/loading-world.js';
import { RecursiveLoadError } from '../errors.js';

const down = (): Promise<string> => Promise.reject(new Error('down'));

/** A world where `k` was loaded as `old` for 10 s, `ageMs` ago. */
async function aged(ageMs: number, loading: object): Promise<LoadingWorld> {
  const world = new LoadingWorld({ loading });
  await world.get('k', () => 'old', { ttl: 10 });
  world.clock.advance(ageMs);
  return world;
}

describe('ReadThrough: one load for all', () => {
  it('joins who asks meanwhile, and gives each a value of its own in copy mode', async () => {
    const world = new LoadingWorld();
    const source = new ControlledSource<{ list: number[] }>();
    const callers = Array.from({ length: 1000 }, () => world.get('k', source.load));
    source.last.answer({ list: [1] });
    const values = await Promise.all(callers);
    expect(source.calls).toHaveLength(1);
    expect(new Set(values).size).toBe(1000);
    values[0].list.push(2);
    values[1].list.push(3);
    expect(values[2]).toEqual({ list: [1] });
    expect(world.parts.counters).toMatchObject({ joinedLoads: 999, misses: 1000, hits: 0 });
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it.each<[string, (world: LoadingWorld) => unknown]>([
    ['delete', (world) => world.parts.core.delete('k')],
    ['expire', (world) => world.parts.core.expire('k')],
    ['deleteByTags', (world) => world.parts.core.deleteByTags(['t'], 'any')],
    ['expireTags', (world) => world.parts.core.expireTags(['t'])],
    ['clear', (world) => world.parts.core.clear()],
  ])('starts a new load for who asks after a %s', async (_what, invalidate) => {
    const world = new LoadingWorld();
    const source = new ControlledSource<string>();
    const before = world.get('k', source.load, { tags: ['t'] });
    await invalidate(world);
    const after = world.get('k', source.load, { tags: ['t'] });
    expect(source.calls).toHaveLength(2);
    source.calls[1].answer('new');
    expect(await after).toBe('new');
    source.calls[0].answer('old');
    expect(await before).toBe('old');
    expect(world.parts.core.read('k')).toBe('new');
    expect(world.parts.counters.fencedLoads).toBe(1);
  });

  it('loads again for who came after the invalidation of a tag that only the loader knew', async () => {
    const world = new LoadingWorld();
    const source = new ControlledSource<string>();
    const before = world.get('k', source.load);
    await world.parts.core.deleteByTags(['secret'], 'any');
    const after = world.get('k', source.load);
    expect(source.calls).toHaveLength(1);
    source.calls[0].context.tags('secret');
    source.calls[0].answer('old');
    expect(await before).toBe('old');
    await settled();
    source.calls[1].answer('new');
    expect(await after).toBe('new');
  });

  it('leaves the load to the callers who stay, and aborts it when the last one has left', async () => {
    const world = new LoadingWorld();
    const source = new ControlledSource<string>();
    const controllers = Array.from({ length: 10 }, () => new AbortController());
    const callers = controllers.map(({ signal }) => world.get('k', source.load, { signal }));
    controllers[0].abort(new Error('first'));
    await expect(callers[0]).rejects.toThrow('first');
    expect(source.last.context.signal.aborted).toBe(false);
    controllers.slice(1).forEach((controller) => controller.abort(new Error('last')));
    for (const caller of callers.slice(1)) await expect(caller).rejects.toThrow('last');
    expect(source.last.context.signal.aborted).toBe(true);
    const next = world.get('k', source.load);
    expect(source.calls).toHaveLength(2);
    source.calls[0].answer('unheard');
    source.calls[1].answer('heard');
    expect(await next).toBe('heard');
    expect(world.parts.core.read('k')).toBe('heard');
    expect(world.parts.counters).toMatchObject({ lateLoads: 0, loadFailures: 0 });
  });

  it('does not store what an aborted loader returns all the same', async () => {
    const world = new LoadingWorld();
    const source = new ControlledSource<string>();
    const controller = new AbortController();
    const caller = world.get('k', source.load, { signal: controller.signal });
    controller.abort('gone');
    await expect(caller).rejects.toBe('gone');
    source.last.answer('value');
    await settled();
    expect(world.parts.store.resident).toBe(0);
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('does not take a load that was aborted for a failure of the source', async () => {
    const world = await aged(15_000, { staleIfError: 60, errorBackoff: 30 });
    const source = new ControlledSource<string>();
    const controller = new AbortController();
    const caller = world.get('k', source.load, { signal: controller.signal });
    controller.abort('gone');
    await expect(caller).rejects.toBe('gone');
    source.last.fail(new Error('aborted'));
    await settled();
    expect(world.parts.counters.loadFailures).toBe(0);
    expect(await world.get('k', () => 'new')).toBe('new');
  });
});

describe('ReadThrough: values past their lifetime', () => {
  it('serves within staleWhileRevalidate at once and renews behind, once for all who ask', async () => {
    const world = await aged(15_000, { staleWhileRevalidate: 60 });
    const source = new ControlledSource<string>();
    const served = await Promise.all(Array.from({ length: 100 }, () => world.get('k', source.load)));
    expect(new Set(served)).toEqual(new Set(['old']));
    expect(source.calls).toHaveLength(1);
    world.parts.core.store.settle();
    expect(world.parts.counters).toMatchObject({ hits: 100, staleHits: 100, misses: 1, backgroundLoads: 1 });
    source.last.answer('new');
    await settled();
    expect(await world.get('k', source.load)).toBe('new');
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('serves on when renewing behind fails, and tries again after the back-off', async () => {
    const world = await aged(15_000, { staleWhileRevalidate: 60, errorBackoff: 5 });
    let calls = 0;
    const failing = (): Promise<string> => {
      calls++;
      return down();
    };
    const ask = async (): Promise<string> => {
      const value = await world.get('k', failing);
      await settled();
      return value;
    };
    expect([await ask(), await ask(), calls]).toEqual(['old', 'old', 1]);
    world.clock.advance(4999);
    expect([await ask(), calls]).toEqual(['old', 1]);
    world.clock.advance(1);
    expect([await ask(), calls]).toEqual(['old', 2]);
  });

  it('does not bring back what was deleted while it was renewed behind', async () => {
    const world = await aged(15_000, { staleWhileRevalidate: 60 });
    const source = new ControlledSource<string>();
    await world.get('k', source.load);
    expect(world.parts.core.delete('k')).toBe(true);
    source.last.answer('resurrected');
    await settled();
    expect(world.parts.store.findKept('k')).toBe(-1);
  });

  it('stands in for a load that fails within staleIfError, one attempt for each back-off', async () => {
    const world = await aged(15_000, { staleIfError: 60, errorBackoff: 5 });
    expect(await world.get('k', down)).toBe('old');
    expect(world.parts.counters).toMatchObject({ loadFailures: 1, staleHits: 1, hits: 0, misses: 2 });
    expect(await world.get('k', () => 'not asked')).toBe('old');
    world.clock.advance(5000);
    expect(await world.get('k', () => 'recovered')).toBe('recovered');
  });

  it('rejects where the old value is too old to stand in', async () => {
    const world = await aged(70_000, { staleIfError: 60 });
    await expect(world.get('k', down)).rejects.toThrow('down');
  });

  it('does not let a value stand in that was deleted, or whose overwrite failed', async () => {
    for (const remove of ['delete', 'failed set'] as const) {
      const world = await aged(15_000, { staleIfError: 60, staleWhileRevalidate: 30 });
      if (remove === 'delete') world.parts.core.delete('k');
      else expect(() => world.parts.core.write('k', Symbol('x'), () => never())).toThrow();
      await expect(world.get('k', down)).rejects.toThrow('down');
    }
  });

  it('does not let a value stand in whose tag is invalidated while the load runs', async () => {
    const world = new LoadingWorld({ loading: { staleIfError: 60 } });
    await world.get('k', () => 'old', { ttl: 10, tags: ['t'] });
    world.clock.advance(15_000);
    const source = new ControlledSource<string>();
    const caller = world.get('k', source.load);
    await world.parts.core.deleteByTags(['t'], 'any');
    source.last.fail(new Error('down'));
    await expect(caller).rejects.toThrow('down');
  });

  it('does not let a value stand in whose tag was invalidated, before its memory is reclaimed either', async () => {
    const world = new LoadingWorld({ maxSize: 20_000, enableAnalytics: false, loading: { staleIfError: 60 } });
    const keys = Array.from({ length: 10_000 }, (_, i) => `k${i}`);
    for (const key of keys) await world.get(key, () => 'old', { ttl: 10, tags: ['t'] });
    world.clock.advance(15_000);
    void world.parts.core.deleteByTags(['t'], 'any');
    const unreclaimed = keys.filter((key) => world.parts.store.slotOf(key) !== undefined);
    expect(unreclaimed.length).toBeGreaterThan(0);
    await expect(world.get(unreclaimed[0], down)).rejects.toThrow('down');
    expect(unreclaimed.filter((key) => world.parts.store.findKept(key) !== -1)).toEqual([]);
  });

  it('serves what was expired by hand, within its stale time, and loads it anew', async () => {
    const world = await aged(1000, { staleIfError: 60 });
    expect(world.parts.core.expire('k')).toBe(true);
    expect(world.parts.core.read('k')).toBeUndefined();
    expect(await world.get('k', down)).toBe('old');
    world.clock.advance(1000);
    expect(await world.get('k', () => 'new')).toBe('new');
  });

  it('serves what an expired tag was on, and removes at once what may not stand in', async () => {
    const world = new LoadingWorld();
    await world.get('kept', () => 'old', { tags: ['t'], staleIfError: 60 });
    await world.get('gone', () => 'old', { tags: ['t'] });
    expect(await world.parts.core.expireTags(['t'])).toBe(2);
    expect(world.parts.store.findKept('gone')).toBe(-1);
    expect(await world.get('kept', down, { staleIfError: 60 })).toBe('old');
  });
});

describe('ReadThrough: softTimeout', () => {
  it('serves the old value when the load is slow, and the load goes on behind', async () => {
    const world = await aged(15_000, { staleIfError: 60, softTimeout: '100ms' });
    const source = new ControlledSource<string>();
    const caller = world.get('k', source.load);
    world.clock.advance(99);
    await settled();
    world.clock.advance(1);
    expect(await caller).toBe('old');
    expect(world.parts.counters).toMatchObject({ misses: 2, hits: 0, staleHits: 1 });
    source.last.answer('new');
    await settled();
    expect(await world.get('k', source.load)).toBe('new');
    expect(source.calls).toHaveLength(1);
    expect(world.clock.pendingTimers).toBe(1); // the sweep of expired entries
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('does not abort the load when a caller who was served leaves', async () => {
    const world = await aged(15_000, { staleIfError: 60, softTimeout: '100ms' });
    const source = new ControlledSource<string>();
    const controller = new AbortController();
    const caller = world.get('k', source.load, { signal: controller.signal });
    world.clock.advance(100);
    expect(await caller).toBe('old');
    controller.abort();
    await settled();
    expect(source.last.context.signal.aborted).toBe(false);
  });

  it('waits on where there is nothing to serve', async () => {
    const world = new LoadingWorld({ loading: { staleIfError: 60, softTimeout: '100ms' } });
    const source = new ControlledSource<string>();
    const caller = world.get('k', source.load);
    world.clock.advance(5000);
    source.last.answer('new');
    expect(await caller).toBe('new');
  });

  it('waits for the load where the old value is invalidated before the time is over', async () => {
    const world = await aged(15_000, { staleIfError: 60, softTimeout: '100ms' });
    const source = new ControlledSource<string>();
    const caller = world.get('k', source.load);
    world.parts.core.delete('k');
    world.clock.advance(100);
    await settled();
    source.last.answer('new');
    expect(await caller).toBe('new');
  });

  it('leaves no timer when the load is quick', async () => {
    const world = await aged(15_000, { staleIfError: 60, softTimeout: '100ms', hardTimeout: '1s' });
    const before = world.clock.pendingTimers;
    await world.get('k', () => 'new');
    await settled();
    expect(world.clock.pendingTimers).toBe(before);
  });
});

describe('ReadThrough: earlyRefresh and jitter', () => {
  it('renews behind by a fraction of the lifetime, once, while the value is fresh', async () => {
    const world = await aged(7999, { earlyRefresh: 0.8 });
    const source = new ControlledSource<string>();
    await world.get('k', source.load);
    expect(source.calls).toHaveLength(0);
    world.clock.advance(1);
    for (let i = 0; i < 100; i++) expect(await world.get('k', source.load)).toBe('old');
    expect(source.calls).toHaveLength(1);
    source.last.answer('new');
    await settled();
    expect(await world.get('k', source.load)).toBe('new');
    expect(world.parts.counters).toMatchObject({ staleHits: 0, misses: 1 });
  });

  it('shortens lifetimes of what is loaded by its jitter', async () => {
    const world = new LoadingWorld({ loading: { jitter: 0.5 }, random: () => 0.5 });
    await world.get('k', () => 1, 100);
    expect(world.parts.store.table.freshUntil(0)).toBe(75_000);
  });
});

describe('ReadThrough: loads inside of loads', () => {
  it('refuses a load that asks for itself, over other loads and other caches', async () => {
    const [one, two] = [new LoadingWorld(), new LoadingWorld()];
    const itself = one.get('k', () => one.get('k', () => 1));
    await expect(itself).rejects.toThrow(RecursiveLoadError);
    const around = one.get('a', () => two.get('b', () => one.get('a', () => 1)));
    await expect(around).rejects.toThrow('the load of "a" waits for itself');
    expect([one.leftovers(), two.leftovers()]).toEqual([NOTHING_LEFT, NOTHING_LEFT]);
  });

  it('refuses a load that invalidates its own key and asks for it again', async () => {
    const world = new LoadingWorld();
    const again = world.get('k', () => {
      world.parts.core.delete('k');
      return world.get('k', () => 'of an endless chain');
    });
    await expect(again).rejects.toThrow(RecursiveLoadError);
  });

  it('refuses the second of two loads that wait for each other', async () => {
    const world = new LoadingWorld();
    const crossing = (other: string) => async (): Promise<string> => {
      await settled();
      return world.get(other, () => 'never called');
    };
    const results = await Promise.allSettled([world.get('a', crossing('b')), world.get('b', crossing('a'))]);
    for (const { status, reason } of results as PromiseRejectedResult[]) {
      expect([status, (reason as Error).name]).toEqual(['rejected', 'RecursiveLoadError']);
    }
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('lets the same key of another cache be asked for, and the same key after the load', async () => {
    const [one, two] = [new LoadingWorld(), new LoadingWorld()];
    expect(await one.get('k', () => two.get('k', () => 'of the other'))).toBe('of the other');
    expect(await one.get('k', () => 'not asked')).toBe('of the other');
  });
});

describe('ReadThrough: the context of callers', () => {
  it('leaves each caller its own, and renews behind with none of them', async () => {
    const request = new AsyncLocalStorage<string>();
    const world = await aged(15_000, { staleWhileRevalidate: 60 });
    const source = new ControlledSource<string>();
    const seen: unknown[] = [];
    const ask = (name: string): Promise<unknown> =>
      request.run(name, async () => {
        await world.get('fresh', source.load);
        return request.getStore();
      });
    const callers = [ask('alice'), ask('bob')];
    source.last.answer('value');
    expect(await Promise.all(callers)).toEqual(['alice', 'bob']);
    await request.run('carol', () =>
      world.get('k', () => {
        seen.push(request.getStore());
        return 'new';
      }),
    );
    await settled();
    expect(seen).toEqual([undefined]);
  });
});

function never(): never {
  throw new Error('attributes are judged after the value');
}
