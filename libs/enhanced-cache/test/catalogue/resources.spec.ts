import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import { FakeClock } from '../../src/engine/ports/fake-clock.js';
import { settled } from '../support/controlled-source.js';
import { EngineProcesses } from '../support/engine-process.js';
import { LoadingWorld } from '../support/loading-world.js';

describe('D. Resources and leaks', () => {
  it('D1: a program that drops the cache without closing it ends by itself, and a closed one leaves no handle', async () => {
    const processes = new EngineProcesses();
    try {
      const use = `
        import { EnhancedCache } from './core.js';
        const cache = new EnhancedCache({ loading: { hardTimeout: '1h', staleIfError: '1h', softTimeout: '30m' } });
        await cache.set('k', 'x'.repeat(10_000), 3600);
        await cache.get('k');
        await cache.getOrSet('loaded', () => 1);
        void cache.getOrSet('hangs', () => new Promise(() => {})).catch(() => {});
        void cache.withLock('lock', () => new Promise(() => {}), { lease: '1h' });
        await cache.deleteByTags(['t']);
      `;
      const dropped = await processes.ended(processes.start(`${use} console.log('used');`));
      expect(dropped).toEqual({ code: 0, signal: null, stdout: 'used\n', stderr: '' });
      const closed = processes.start(`
        import { EnhancedCache } from './core.js';
        const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
        const caches = Array.from({ length: 10 }, () => new EnhancedCache({ loading: { hardTimeout: '1h' } }));
        for (const cache of caches) {
          await cache.set('k', 1, 3600);
          await cache.getOrSet('loaded', () => 1, 60);
          await cache.close();
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
        const after = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
        console.log(before, after);
      `);
      expect(await processes.ended(closed)).toEqual({ code: 0, signal: null, stdout: '0 0\n', stderr: '' });
    } finally {
      processes.remove();
    }
  }, 30_000);

  it('D2: a thousand caches that were opened and closed leave no timer and no listener on the process', async () => {
    const clock = new FakeClock();
    const listeners = (): number => process.eventNames().reduce((n, name) => n + process.listenerCount(name), 0);
    const before = listeners();
    for (let i = 0; i < 1000; i++) {
      const cache = new EnhancedCache({ clock, loading: { hardTimeout: 60, maxConcurrentLoads: 2 } });
      cache.on('hit', () => undefined);
      await cache.getOrSet('k', () => i, 60);
      await cache.get('k');
      await cache.close();
    }
    expect([listeners() - before, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('D4: 100,000 keys whose loads fail, hang, are aborted, turned away or answer late leave nothing', async () => {
    const world = new LoadingWorld({
      loading: {
        hardTimeout: '1s',
        maxConcurrentLoads: 300,
        maxQueuedLoads: 300,
        softTimeout: '500ms',
        staleIfError: 5,
      },
      enableAnalytics: false,
    });
    const outcomes = new Map<string, number>();
    const hang = (): Promise<number> => new Promise(() => undefined);
    const late: (() => void)[] = [];
    const attempts = [
      (key: string) => world.get(key, () => Promise.reject(new Error('down'))),
      (key: string) => world.get(key, hang),
      (key: string) => world.get(key, () => new Promise<number>((resolve) => late.push(() => resolve(1)))),
      (key: string) => {
        const controller = new AbortController();
        const caller = world.get(key, hang, { signal: controller.signal });
        controller.abort(new Error('aborted'));
        return caller;
      },
      (key: string) => world.get(key, () => 1, 1),
    ];
    for (let block = 0; block < 100; block++) {
      const callers = Array.from({ length: 1000 }, (_, i) => attempts[i % attempts.length](`k${block * 1000 + i}`));
      const results = Promise.allSettled(callers);
      await settled();
      world.clock.advance(1000);
      for (const result of await results) {
        const name = result.status === 'fulfilled' ? 'answered' : (result.reason as Error).constructor.name;
        outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
      }
      late.splice(0).forEach((answer) => answer());
      await settled();
    }
    expect([...outcomes.keys()].sort()).toEqual(['CacheBusyError', 'CacheTimeoutError', 'Error', 'answered']);
    world.clock.advance(3_700_000);
    await settled();
    const { joinable, running, placesHeld, queued } = world.leftovers();
    expect({ joinable, running, placesHeld, queued }).toEqual({ joinable: 0, running: 0, placesHeld: 0, queued: 0 });
    expect([world.clock.pendingTimers, world.parts.store.resident]).toEqual([0, 0]);
    await world.parts.core.clear();
    expect(world.leftovers()).toMatchObject({ openTokens: 0, remembered: 0 });
  }, 30_000);

  it.each<[string, object]>([
    ['maxSize', { maxSize: 0 }],
    ['maxMemoryMb', { maxMemoryMb: 0 }],
    ['maxValueMb', { maxValueMb: 0 }],
  ])(
    'D9: a limit of 0 is refused at the start: %s',
    (name, options) => {
      expect(() => new EnhancedCache(options)).toThrow(new RegExp(`^${name}: `));
    },
    120_000,
  );

  it('D9: a value above every limit is returned and not stored, evicts nobody, and one entry is a cache too', async () => {
    const cache = new EnhancedCache({ clock: new FakeClock(), maxSize: 1, maxMemoryMb: 0.1, compressionLevel: 0 });
    await cache.set('small', 1);
    const large = 'x'.repeat(1_000_000);
    expect(await cache.getOrSet('large', () => large)).toBe(large);
    await expect(cache.set('large', large)).rejects.toMatchObject({ code: 'CACHE_CAPACITY' });
    expect([await cache.get('small'), await cache.has('large')]).toEqual([1, false]);
    for (let i = 0; i < 100; i++) await cache.set(`k${i}`, '', { cost: 0 });
    expect(cache.getStats().entryCount).toBe(1);
    expect(cache.verifyAccounting()).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    ['a getter that throws', () => Object.defineProperty({}, 'x', { enumerable: true, get: refuse })],
    ['a Proxy that throws', () => new Proxy({}, { ownKeys: refuse })],
    ['a Proxy of itself without end', () => new Proxy({}, endless)],
    ['a function', () => refuse],
    ['a symbol inside', () => ({ deep: [Symbol('x')] })],
    ['nesting without end', () => nested(200_000)],
  ])(
    'D11: %s is returned to who loads it and either kept as it is or refused, and the cache goes on',
    async (_what, make) => {
      for (const isolation of ['copy', 'frozen'] as const) {
        const cache = new EnhancedCache({ clock: new FakeClock(), isolation, onWarning: () => undefined });
        const reports: string[] = [];
        cache.on('error', ({ operation }) => reports.push(operation));
        const value = make();
        const loaded = await cache.getOrSet('k', () => value);
        expect(loaded === value || isolation === 'frozen').toBe(true);
        const stored = await cache.has('k');
        expect(reports).toEqual(stored ? [] : ['store a loaded value']);
        expect(await cache.getOrSet('next', () => 'fine')).toBe('fine');
        expect(cache.verifyAccounting()).toEqual([]);
      }
    },
  );
});

function refuse(): never {
  throw new Error('refused');
}

const endless: ProxyHandler<object> = {
  ownKeys: () => ['more'],
  getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: new Proxy({}, endless) }),
  get: () => new Proxy({}, endless),
};

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}
