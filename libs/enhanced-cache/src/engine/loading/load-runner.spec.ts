import { ControlledSource, settled } from '../../../test/support/controlled-source.js';
import { LoadingWorld, NOTHING_LEFT } from '../../../test/support/loading-world.js';
import type { CacheEventPayloads } from '../events.js';

const HARD = { hardTimeout: '1s' } as const;

describe('LoadRunner: the end of a load', () => {
  it('stores what the source brought, and leaves nothing of the load', async () => {
    const world = new LoadingWorld();
    const source = new ControlledSource<string>();
    const caller = world.get('k', source.load, { ttl: 60, tags: ['t'], priority: 3 });
    expect(world.leftovers()).toMatchObject({ joinable: 1, running: 1, openTokens: 1 });
    world.clock.advance(200);
    source.last.answer('value');
    expect(await caller).toBe('value');
    const { table } = world.parts.store;
    const slot = world.parts.store.find('k');
    expect([table.freshUntil(slot), table.loadTime(slot), table.cost(slot), table.priority(slot)]).toEqual([
      60_200, 200, 0.2, 3,
    ]);
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
    expect(world.parts.counters).toMatchObject({ loads: 1, loadTimeMs: 200, loadFailures: 0 });
  });

  it.each([[new Error('down')], [undefined], [null], [0], ['text']])(
    'hands every caller %p as the very reason of the failure, stores nothing, and lets the next one try',
    async (reason) => {
      const world = new LoadingWorld();
      const source = new ControlledSource<string>();
      const callers = [1, 2, 3].map(() => world.get('k', source.load));
      world.clock.advance(100);
      source.last.fail(reason);
      for (const result of await Promise.allSettled(callers)) expect(result).toEqual({ status: 'rejected', reason });
      expect(world.leftovers()).toEqual(NOTHING_LEFT);
      expect(world.parts.counters).toMatchObject({ loads: 1, loadFailures: 1, loadTimeMs: 100 });
      expect(await world.get('k', () => 'again')).toBe('again');
    },
  );

  it('takes a loader that throws at once as one that rejects', async () => {
    const world = new LoadingWorld();
    const thrown = world.get('k', () => {
      throw new RangeError('at once');
    });
    await expect(thrown).rejects.toThrow(RangeError);
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('does not store undefined, nor what the loader asks not to store', async () => {
    const world = new LoadingWorld();
    expect(await world.get('undefined', () => undefined)).toBeUndefined();
    const skipped = world.get('skipped', (context) => {
      context.skip();
      return 'mine alone';
    });
    expect(await skipped).toBe('mine alone');
    expect(world.parts.store.resident).toBe(0);
  });

  it('stores with the lifetime, tags and priority that the loader says', async () => {
    const world = new LoadingWorld({ loading: { jitter: 0 } });
    await world.get('k', (context) => {
      context.ttl(5);
      context.tags('mine');
      context.priority(9);
      return 1;
    });
    const slot = world.parts.store.find('k');
    expect([world.parts.store.table.freshUntil(slot), world.parts.store.table.priority(slot)]).toEqual([5000, 9]);
    expect([...world.parts.store.tags.members('mine')]).toEqual([slot]);
  });

  it('reports each load once, with its fate', async () => {
    const world = new LoadingWorld();
    const loads: CacheEventPayloads['load'][] = [];
    world.parts.events.on('load', (load) => loads.push(load));
    await world.get('stored', () => 1);
    await world.get('refused', () => Symbol('no value'));
    await world.get('failed', () => Promise.reject(new Error('down'))).catch(() => undefined);
    expect(loads).toEqual([
      { key: 'stored', durationMs: 0, stored: true, background: false },
      { key: 'refused', durationMs: 0, stored: false, background: false },
      { key: 'failed', durationMs: 0, stored: false, background: false, error: new Error('down') },
    ]);
  });
});

describe('LoadRunner: notModified', () => {
  it('gives the value that is there another lifetime', async () => {
    const world = new LoadingWorld({ loading: { staleIfError: 60 } });
    await world.get('k', () => ({ n: 1 }), 10);
    world.clock.advance(15_000);
    const renewed = await world.get<object>(
      'k',
      (context) => {
        expect(context.stale).toEqual({ n: 1 });
        return context.notModified();
      },
      10,
    );
    expect(renewed).toEqual({ n: 1 });
    world.clock.advance(9999);
    expect(world.parts.core.readFresh('k')).toEqual({ n: 1 });
  });

  it('is an error where there is nothing to keep', async () => {
    const world = new LoadingWorld();
    await expect(world.get('k', (context) => context.notModified())).rejects.toMatchObject({
      code: 'CACHE_INVALID_VALUE',
    });
  });

  it('keeps nothing that was invalidated while the source was asked', async () => {
    const world = new LoadingWorld({ loading: { staleIfError: 60 } });
    await world.get('k', () => 'old', 10);
    world.clock.advance(15_000);
    const source = new ControlledSource<string>();
    const caller = world.get('k', source.load);
    world.parts.core.delete('k');
    source.last.answer(source.last.context.notModified());
    expect(await caller).toBe('old');
    expect(world.parts.store.findKept('k')).toBe(-1);
  });
});

describe('LoadRunner: hardTimeout', () => {
  it('tells every caller, releases the key and leaves nothing to wait for', async () => {
    const world = new LoadingWorld();
    const hung = new ControlledSource<string>();
    const callers = [world.get('k', hung.load, HARD), world.get('k', hung.load, HARD)];
    world.clock.advance(999);
    await settled();
    expect(world.parts.counters.loadTimeouts).toBe(0);
    world.clock.advance(1);
    for (const caller of callers) {
      await expect(caller).rejects.toThrow('the load of "k" took more than 1000 ms');
      await expect(caller).rejects.toMatchObject({ code: 'CACHE_TIMEOUT' });
    }
    expect(hung.calls).toHaveLength(1);
    expect(world.leftovers()).toMatchObject({ joinable: 0, running: 0, placesHeld: 0 });
    expect(world.clock.pendingTimers).toBe(0);
    expect(await world.get('k', () => 'retried', HARD)).toBe('retried');
    expect(world.parts.counters).toMatchObject({ loadTimeouts: 1, loads: 2, loadFailures: 0 });
  });

  it('stores what comes late where nothing newer came, and counts it', async () => {
    const world = new LoadingWorld();
    const slow = new ControlledSource<string>();
    const caller = world.get('k', slow.load, HARD);
    world.clock.advance(1000);
    await expect(caller).rejects.toMatchObject({ code: 'CACHE_TIMEOUT' });
    expect(slow.last.context.signal.aborted).toBe(false);
    slow.last.answer('late');
    await settled();
    expect(world.parts.core.read('k')).toBe('late');
    expect(world.parts.counters.lateLoads).toBe(1);
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it.each<[string, (world: LoadingWorld) => unknown, unknown]>([
    ['a newer load', (world) => world.get('k', () => 'newer'), 'newer'],
    ['a set', (world) => world.parts.core.write('k', 'set', () => NEVER), 'set'],
    ['a delete', (world) => world.parts.core.delete('k'), undefined],
    ['an invalidated tag', (world) => world.parts.core.deleteByTags(['t'], 'any'), undefined],
    ['a clear', (world) => world.parts.core.clear(), undefined],
  ])('does not let what comes late undo %s', async (_what, disturb, after) => {
    const world = new LoadingWorld();
    const slow = new ControlledSource<string>();
    const caller = world.get('k', slow.load, { ...HARD, tags: ['t'] });
    world.clock.advance(1000);
    await expect(caller).rejects.toMatchObject({ code: 'CACHE_TIMEOUT' });
    await disturb(world);
    slow.last.answer('late');
    await settled();
    expect(world.parts.core.read('k')).toBe(after);
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('does not let a late failure hold off loads of what was loaded since', async () => {
    const world = new LoadingWorld({ loading: { staleIfError: 60, errorBackoff: 30 } });
    const slow = new ControlledSource<string>();
    const caller = world.get('k', slow.load, HARD);
    world.clock.advance(1000);
    await expect(caller).rejects.toMatchObject({ code: 'CACHE_TIMEOUT' });
    await world.get('k', () => 'newer', 1);
    slow.last.fail(new Error('late'));
    await settled();
    world.clock.advance(1000);
    expect(await world.get('k', () => 'newest')).toBe('newest');
  });

  it('holds off the next attempt by the back-off of the call, where a stale value stands in', async () => {
    const world = new LoadingWorld({ loading: { staleIfError: 60 } });
    await world.get('k', () => 'old', 1);
    world.clock.advance(1000);
    const hung = new ControlledSource<string>();
    const options = { ...HARD, errorBackoff: 5 };
    const first = world.get('k', hung.load, options);
    world.clock.advance(1000);
    expect(await first).toBe('old');
    world.clock.advance(4999);
    expect(await world.get('k', hung.load, options)).toBe('old');
    expect(hung.calls).toHaveLength(1);
    world.clock.advance(1);
    void world.get('k', hung.load, options);
    expect(hung.calls).toHaveLength(2);
  });
});

describe('LoadRunner: places', () => {
  const capped = (): LoadingWorld => new LoadingWorld({ loading: { maxConcurrentLoads: 2, maxQueuedLoads: 2 } });

  it('runs no more loads than allowed and starts the next in order, whether one answers or fails', async () => {
    const world = capped();
    const source = new ControlledSource<string>();
    const callers = ['a', 'b', 'c', 'd'].map((key) => world.get(key, source.load));
    const keys = (): string[] => source.calls.map(({ context }) => context.key);
    expect([keys(), world.parts.gate.queued]).toEqual([['a', 'b'], 2]);
    source.calls[1].answer('b');
    await settled();
    expect(keys()).toEqual(['a', 'b', 'c']);
    source.calls[0].fail(new Error('down'));
    await expect(callers[0]).rejects.toThrow('down');
    expect(keys()).toEqual(['a', 'b', 'c', 'd']);
    for (const { answer } of source.calls) answer('done');
    await Promise.all(callers.slice(1));
    expect(world.parts.counters).toMatchObject({ queuedLoads: 2, loads: 4 });
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('turns away at once what would wait behind too many, without asking the source', async () => {
    const world = capped();
    const source = new ControlledSource<string>();
    const callers = ['a', 'b', 'c', 'd'].map((key) => world.get(key, source.load));
    await expect(world.get('e', source.load)).rejects.toMatchObject({ code: 'CACHE_BUSY' });
    expect(world.parts.counters).toMatchObject({ queuedLoads: 2, loadFailures: 0, loads: 2 });
    for (let i = 0; i < 4; i++) {
      source.calls[i].answer('done');
      await settled();
    }
    await Promise.all(callers);
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('gives the place of a load that hangs to the next at its hard timeout', async () => {
    const world = new LoadingWorld({ loading: { maxConcurrentLoads: 1, hardTimeout: '1s' } });
    const hung = new ControlledSource<string>();
    const first = world.get('hangs', hung.load);
    world.clock.advance(500);
    const next = world.get('next', () => 'mine');
    world.clock.advance(500);
    await expect(first).rejects.toMatchObject({ code: 'CACHE_TIMEOUT' });
    expect(await next).toBe('mine');
    hung.last.answer('late');
    await settled();
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('takes a load whose hard timeout comes first out of the queue, and never asks the source for it', async () => {
    const world = new LoadingWorld({ loading: { maxConcurrentLoads: 1 } });
    const source = new ControlledSource<string>();
    const holder = world.get('holder', source.load);
    const queued = world.get('queued', source.load, HARD);
    world.clock.advance(1000);
    await expect(queued).rejects.toMatchObject({ code: 'CACHE_TIMEOUT' });
    source.last.answer('done');
    await holder;
    expect(source.calls).toHaveLength(1);
    expect(world.parts.counters).toMatchObject({ loadTimeouts: 1, lateLoads: 0 });
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('takes a load out of the queue when its last caller leaves', async () => {
    const world = new LoadingWorld({ loading: { maxConcurrentLoads: 1 } });
    const source = new ControlledSource<string>();
    const holder = world.get('holder', source.load);
    const controller = new AbortController();
    const queued = world.get('queued', source.load, { signal: controller.signal });
    controller.abort(new Error('gone'));
    await expect(queued).rejects.toThrow('gone');
    expect(world.parts.gate.queued).toBe(0);
    source.last.answer('done');
    await holder;
    expect(source.calls).toHaveLength(1);
  });

  it('does not hold back a load that another load asks for, nor one that it joins in the queue', async () => {
    const world = new LoadingWorld({ loading: { maxConcurrentLoads: 1 } });
    const outer = world.get('outer', async () => {
      await settled();
      return `${await world.get('inner', () => 'new')} and ${await world.get('queued', () => 'never called')}`;
    });
    const queued = world.get('queued', () => 'joined');
    expect(world.parts.gate.queued).toBe(1);
    expect(await outer).toBe('new and joined');
    expect(await queued).toBe('joined');
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });
});

const NEVER = { ttlMs: Infinity, staleMs: 0, loadMs: 0, tags: [], priority: 0, cost: 1, metadata: undefined };
