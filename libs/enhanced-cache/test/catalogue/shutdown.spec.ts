import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import { FakeClock } from '../../src/engine/ports/fake-clock.js';
import { ControlledSource, settled } from '../support/controlled-source.js';
import { EngineProcesses } from '../support/engine-process.js';
import { LoadingWorld, NOTHING_LEFT } from '../support/loading-world.js';

/** Asks under load until SIGTERM; then drains, closes and ends by having nothing left to do. */
const SERVER = `
  import { EnhancedCache } from './core.js';
  const cache = new EnhancedCache({ loading: { staleWhileRevalidate: 5, maxConcurrentLoads: 8 } });
  const counts = { asked: 0, answered: 0, failed: 0, abandoned: 0, unhandled: 0, refreshed: 0 };
  process.on('unhandledRejection', () => counts.unhandled++);
  const load = ({ key }) => new Promise((resolve, reject) =>
    setTimeout(() => (Math.random() < 0.2 ? reject(new Error('down')) : resolve(key)), 5 + Math.random() * 20));
  const traffic = setInterval(() => {
    for (let i = 0; i < 20; i++) {
      counts.asked++;
      const key = 'k' + Math.floor(Math.random() * 200);
      cache.getOrSet(key, load, '10ms').then(() => counts.answered++, ({ code }) => (code ? counts.abandoned++ : counts.failed++));
      if (i === 0) cache.deleteByTags(['t']);
    }
    if (counts.asked === 5000) console.log('under load');
  }, 1);
  process.once('SIGTERM', async () => {
    clearInterval(traffic);
    await cache.close();
    await new Promise((resolve) => setImmediate(resolve));
    counts.refreshed = cache.getStats().backgroundLoads;
    console.log(JSON.stringify(counts));
  });
`;

/** Renews a value behind, from a source that is down, while nobody waits for it. */
const FAILING_BEHIND = `
  import { EnhancedCache } from './core.js';
  let unhandled = 0;
  process.on('unhandledRejection', () => unhandled++);
  const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
  const cache = new EnhancedCache({ loading: { staleWhileRevalidate: 60 } });
  await cache.getOrSet('k', () => 'old', '1ms');
  await pause();
  const value = await cache.getOrSet('k', () => Promise.reject(new Error('down')), '1ms');
  await pause();
  console.log(JSON.stringify({ value, loadFailures: cache.getStats().loadFailures, unhandled }));
`;

describe('K. Shutdown', () => {
  it('K1: SIGTERM under load answers everyone, closes, and the process ends by itself with code 0', async () => {
    const processes = new EngineProcesses();
    try {
      const child = processes.start(SERVER);
      const ended = await processes.ended(child, (text) => {
        if (text === 'under load\n') child.kill('SIGTERM');
      });
      expect([ended.code, ended.signal, ended.stderr]).toEqual([0, null, '']);
      const counts = JSON.parse(ended.stdout.trim().split('\n')[1]) as Record<string, number>;
      expect(counts.answered + counts.failed).toBe(counts.asked);
      expect([counts.abandoned, counts.unhandled]).toEqual([0, 0]);
      expect(counts.answered).toBeGreaterThan(0);
      expect(counts.refreshed).toBeGreaterThan(0);
    } finally {
      processes.remove();
    }
  }, 30_000);

  it('K1: a load that hangs is abandoned after five seconds: its caller is told, its signal aborted, no timer left', async () => {
    const clock = new FakeClock();
    const cache = new EnhancedCache({ clock, loading: { hardTimeout: '1h', maxConcurrentLoads: 1 } });
    const source = new ControlledSource<string>();
    const caller = cache.getOrSet('hangs', source.load);
    const queued = cache.getOrSet('queued', source.load);
    let isClosed = false;
    const closed = cache.close().then(() => (isClosed = true));
    clock.advance(4999);
    await settled();
    expect([isClosed, source.last.context.signal.aborted]).toEqual([false, false]);
    clock.advance(1);
    await closed;
    await expect(caller).rejects.toMatchObject({ code: 'CACHE_CLOSED' });
    await expect(queued).rejects.toMatchObject({ code: 'CACHE_CLOSED' });
    expect(source.last.context.signal.reason).toMatchObject({ code: 'CACHE_CLOSED' });
    expect([source.calls.length, clock.pendingTimers]).toEqual([1, 0]);
  });

  it('K1: a load that ends while the cache drains answers its callers and stores nothing', async () => {
    const clock = new FakeClock();
    const cache = new EnhancedCache({ clock });
    const source = new ControlledSource<string>();
    const callers = ['k', 'other', 'k'].map((key) => cache.getOrSet(key, source.load));
    const closed = cache.close();
    for (const { answer } of source.calls) answer('value');
    expect(await Promise.all(callers)).toEqual(['value', 'value', 'value']);
    await closed;
    expect(source.calls).toHaveLength(2);
    expect([await cache.get('k'), clock.pendingTimers]).toEqual([undefined, 0]);
  });

  it('K2: closing twice, in the middle of an import and of a warm-up, ends both without a throw', async () => {
    const donor = new EnhancedCache({ clock: new FakeClock(), maxSize: 10_000 });
    for (let i = 0; i < 10_000; i++) await donor.set(`k${i}`, i);
    const document = await donor.exportCacheData({ values: true });
    const cache = new EnhancedCache({ clock: new FakeClock(), maxSize: 10_000 });
    const imported = cache.importCacheData(document);
    const warmed = cache.warmUp(Array.from({ length: 10_000 }, (_, i) => ({ key: `w${i}`, value: i })));
    await settled();
    await Promise.all([cache.close(), cache.close()]);
    await cache.close();
    for (const result of await Promise.allSettled([imported, warmed])) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'CACHE_CLOSED' });
    }
    expect(cache.getStats().entryCount).toBe(0);
    expect(cache.verifyAccounting()).toEqual([]);
  });

  it('K3: after the end reads miss, loaders are called, writes reject by name, and nothing is kept', async () => {
    const clock = new FakeClock();
    const cache = new EnhancedCache({ clock, loading: { hardTimeout: 5, staleIfError: 60 } });
    await cache.set('k', 1, { tags: ['t'] });
    await cache.close();
    const closed = { code: 'CACHE_CLOSED' };
    expect([await cache.get('k'), cache.getSync('k'), await cache.has('k'), await cache.ttl('k')]).toEqual([
      undefined,
      undefined,
      false,
      undefined,
    ]);
    expect([await cache.getOrSet('k', () => 2), await cache.getOrSet('k', () => 3)]).toEqual([2, 3]);
    expect(await cache.getOrSetMany(['a'], () => ({ a: 4 }))).toEqual(new Map([['a', 4]]));
    await expect(cache.set('k', 1)).rejects.toMatchObject(closed);
    await expect(cache.mset([{ key: 'k', value: 1 }])).rejects.toMatchObject(closed);
    await expect(cache.warmUp({ k: 1 })).rejects.toMatchObject(closed);
    expect([await cache.delete('k'), await cache.deleteByTags(['t']), await cache.clear()]).toEqual([false, 0, 0]);
    expect([await cache.expire('k'), await cache.expireTags(['t']), await cache.touch('k', 5)]).toEqual([
      false,
      0,
      false,
    ]);
    expect(await cache.withLock('k', () => 'alone')).toBe('alone');
    expect((await cache.healthCheck()).status).toBe('unhealthy');
    expect([cache.getStats().entryCount, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('K5: a load that fails behind, with nobody waiting, is no unhandled rejection', async () => {
    const processes = new EngineProcesses();
    try {
      const { stdout } = await processes.ended(processes.start(FAILING_BEHIND));
      expect(JSON.parse(stdout)).toEqual({ value: 'old', loadFailures: 1, unhandled: 0 });
    } finally {
      processes.remove();
    }
  });

  it('K5: an error inside a timer of the cache is reported and goes nowhere else', async () => {
    const world = new LoadingWorld({ loading: { softTimeout: '100ms', hardTimeout: '1s', staleIfError: 60 } });
    const { parts, clock } = world;
    const reported: string[] = [];
    parts.events.on('error', ({ operation }) => reported.push(operation));
    for (const event of ['expire', 'load'] as const) {
      parts.events.on(event, () => {
        throw new Error('a bad listener');
      });
    }
    const remove = parts.store.remove.bind(parts.store);
    parts.store.remove = () => {
      parts.store.remove = remove;
      throw new Error('broken inside');
    };
    parts.core.write('k', 1, () => ({ ...PLAIN, ttlMs: 1000 }));
    const hung = world.get('hangs', () => new Promise<never>(() => undefined));
    clock.advance(1000);
    await expect(hung).rejects.toMatchObject({ code: 'CACHE_TIMEOUT' });
    clock.advance(1000);
    await settled();
    expect(reported).toEqual(['remove expired entries', 'listener of expire']);
    expect(parts.store.resident).toBe(0);
    await parts.core.clear();
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });
});

const PLAIN = { ttlMs: Infinity, staleMs: 0, loadMs: 0, tags: [], priority: 0, cost: 1, metadata: undefined };
