import { RedisServer } from '../../../../scripts/support/redis-server.mjs';
import { FakeClock } from '../../src/engine/ports/fake-clock.js';
import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import { redisTier } from '../../src/redis/redis-tier-factory.js';
import { away, joined, RedisWorld, sleep, stateOf, until } from './redis-world.js';

const HEARTBEAT_MS = 500;
const PATIENT = { deadline: '5s', heartbeat: `${HEARTBEAT_MS}ms`, lease: '10s' } as const;

describe('an instance whose Redis is not there', () => {
  it('starts without it, keeps what it is told, and joins when it appears (B1, B16)', async () => {
    const server = await RedisServer.start();
    await server.kill();
    const tier = redisTier({ url: server.url, keyPrefix: 'app', heartbeat: '200ms' });
    const cache = new EnhancedCache({ tier, memoryPressure: false });
    const announced: boolean[] = [];
    cache.on('invalidate', ({ propagated }) => announced.push(propagated));
    await cache.set('k', 1, { ttl: 60 });
    expect(cache.getSync('k')).toBe(1);
    // Nobody tells it of changes: it keeps nothing for long.
    expect(await cache.ttl('k')).toBeLessThanOrEqual(10);
    expect(await cache.getOrSet('loaded', () => 2)).toBe(2);
    await cache.delete('k');
    expect(announced).toEqual([false]);
    expect(await cache.healthCheck()).toMatchObject({ status: 'degraded', checks: { tier: { status: 'degraded' } } });
    await server.launch();
    await joined(cache);
    expect(await cache.healthCheck()).toMatchObject({ status: 'healthy', checks: { tier: { status: 'healthy' } } });
    expect(cache.getStats().tier?.pendingInvalidations).toBe(0);
    await cache.close();
    await server.close();
  });
});

describe('instances that share a Redis, whatever happens', () => {
  let world: RedisWorld;
  beforeEach(async () => {
    world = await RedisWorld.start(2, PATIENT);
  });
  afterEach(() => world.close());

  it('never reads from Redis what it could not delete there (B16)', async () => {
    const [a, b] = world.instances;
    await a.cache.set('k', 'old', { ttl: 60, tags: ['t'] });
    await a.cache.set('tagged', 'old', { ttl: 60, tags: ['t'] });
    await b.cache.get('k');
    await a.proxy.down();
    await away(a.cache);
    await a.cache.delete('k');
    await a.cache.deleteByTags(['t']);
    expect(a.cache.getStats().tier?.pendingInvalidations).toBe(2);
    await a.proxy.up();
    // As soon as it reads from Redis again the deletes have been sent.
    await until(async () => (await a.cache.getOrSet('k', () => 'new')) === 'new' && stateOf(a.cache) === 'joined');
    expect(await a.cache.get('tagged')).toBeUndefined();
    await until(async () => (await b.cache.get('k')) !== 'old' && (await b.cache.get('tagged')) === undefined);
  });

  it('invalidates everything where more was deleted than it may keep (B16)', async () => {
    const [a, b] = world.instances;
    await b.cache.set('other', 'old', { ttl: 60 });
    await a.proxy.down();
    await away(a.cache);
    await a.cache.mdelete(Array.from({ length: 10_001 }, (_, i) => `key-${i}`));
    expect(a.cache.getStats().tier?.pendingInvalidations).toBe(1);
    await a.proxy.up();
    await joined(a.cache);
    await until(() => b.cache.getSync('other') === undefined);
    expect(await b.cache.get('other')).toBeUndefined();
  });

  it.each<[string, (world: RedisWorld) => Promise<unknown>]>([
    ['delete', ({ instances: [, b] }) => b.cache.delete('k')],
    ['set', ({ instances: [, b] }) => b.cache.set('k', 'newer')],
    ['deleteByTags', ({ instances: [, b] }) => b.cache.deleteByTags(['t'])],
    ['clear', ({ instances: [, b] }) => b.cache.clear()],
    ['DEL of another program', ({ server }) => server.command('DEL', 'world|v|k')],
    ['SET of another program', ({ server }) => server.command('SET', 'world|v|k', 'x')],
    ['FLUSHALL', ({ server }) => server.command('FLUSHALL')],
  ])('stores nothing that was loaded before a %s elsewhere (B17)', async (_verb, invalidate) => {
    const [a, b] = world.instances;
    const value = await a.cache.getOrSet(
      'k',
      async () => {
        await invalidate(world);
        return 'old';
      },
      { tags: ['t'], ttl: 60 },
    );
    expect(value).toBe('old');
    expect(a.cache.getSync('k')).not.toBe('old');
    expect([await a.cache.get('k'), await b.cache.get('k')]).not.toContain('old');
  });

  it('waits for a dead process no longer than its lease (B18)', async () => {
    const [, b] = await Promise.all([world.join(PATIENT), world.join({ ...PATIENT, lease: '400ms' })]);
    await world.server.command('SET', 'world|v|k', 'Ltokentoken12', 'PX', '400');
    const startedAt = performance.now();
    expect(await b.cache.getOrSet('k', () => 'mine')).toBe('mine');
    const tookMs = performance.now() - startedAt;
    expect(tookMs).toBeGreaterThan(300);
    expect(b.cache.getStats().tier?.awaitedLoads).toBe(1);
  });

  it('serves a stale value while another process loads, where that is allowed (B18)', async () => {
    const [, b] = world.instances;
    const options = { ttl: '100ms', staleWhileRevalidate: '1m', jitter: 0 } as const;
    await b.cache.getOrSet('k', () => 'stale', options);
    await sleep(150);
    await world.server.command('SET', 'world|v|k', 'Ltokentoken12', 'PX', '5000');
    // Its reply comes after the push about the lease.
    await b.cache.get('absent');
    await b.cache.get('absent');
    expect(await b.cache.getOrSet('k', () => 'loaded', options)).toBe('stale');
    // A change is something else: it takes what stands in, too.
    await world.server.command('SET', 'world|v|k', 'something');
    await b.cache.get('absent');
    await b.cache.get('absent');
    expect(await b.cache.getOrSet('k', () => 'loaded', options)).toBe('loaded');
  });

  it('prolongs its lease for as long as it loads', async () => {
    const holder = await world.join({ ...PATIENT, lease: '600ms' });
    const [a] = world.instances;
    let loads = 0;
    const slow = holder.cache.getOrSet('k', async () => {
      await sleep(1200);
      return ++loads;
    });
    await sleep(50);
    expect(await a.cache.getOrSet('k', () => ++loads)).toBe(1);
    expect(await slow).toBe(1);
  });

  it('agrees on what is invalid whatever the clocks of its hosts say (B21)', async () => {
    const wall = (offset: number) => {
      const clock = new FakeClock({ wallNow: Date.now() + offset });
      return { now: () => performance.now(), coarseNow: () => performance.now(), wallNow: () => clock.wallNow() };
    };
    const timers = {
      schedule: (task: () => void, ms: number) => {
        const timer = setTimeout(task, ms).unref();
        return { cancel: () => clearTimeout(timer) };
      },
      defer: (task: () => void) => void setImmediate(task),
    };
    const ahead = await world.join(PATIENT, { clock: { ...wall(10_000), ...timers } });
    const behind = await world.join(PATIENT, { clock: { ...wall(-10_000), ...timers } });
    await ahead.cache.set('k', 1, { ttl: 60, tags: ['t'] });
    expect(await behind.cache.get('k')).toBe(1);
    expect(await behind.cache.ttl('k')).toBeGreaterThan(59);
    await behind.cache.deleteByTags(['t']);
    await ahead.cache.set('k', 2, { ttl: 60, tags: ['t'] });
    expect(await behind.cache.get('k')).toBe(2);
    await ahead.cache.deleteByTags(['t']);
    expect(await behind.cache.get('k')).toBeUndefined();
  });

  it('never takes the record of another key for that of the one asked for (B24)', async () => {
    const [a, b] = world.instances;
    await a.cache.set('one', 'of one');
    await world.server.command('COPY', 'world|v|one', 'world|v|two');
    expect(await b.cache.get('two')).toBeUndefined();
    expect(b.cache.getStats().tier?.failures.MIXEDUP).toBe(1);
    // The connection is suspect, and not used any more.
    await joined(b.cache);
    expect(b.cache.getStats().tier?.distrusts).toBeGreaterThan(1);
  });

  it('notices a message that it has not heard (B10, B20)', async () => {
    const [a, b] = world.instances;
    await a.cache.set('k', 1);
    await b.cache.get('k');
    await until(() => b.cache.getSync('k') === 1);
    // As if a message had been lost: it was counted, and nobody heard it.
    await world.server.command('HINCRBY', 'world|s', 'seq', '1');
    await until(() => b.cache.getSync('k') === undefined && a.cache.getSync('k') === undefined);
  });

  it('takes a message that came twice for one (B19)', async () => {
    const [, b] = world.instances;
    await world.server.command('PUBLISH', 'world|c', '["somebody","k",false,["x"]]');
    await world.server.command('PUBLISH', 'world|c', '["somebody","k",false,["x"]]');
    // Two heartbeats put the count right.
    await sleep(3.5 * HEARTBEAT_MS);
    await b.cache.set('k', 1);
    expect(b.cache.getStats().tier?.distrusts).toBe(1);
    await world.server.command('HINCRBY', 'world|s', 'seq', '1');
    await until(() => b.cache.getSync('k') === undefined);
  });

  it('bears a flood of messages (B19)', async () => {
    const [a] = world.instances;
    for (let i = 0; i < 20_000; i++) void world.instances[1].cache.delete(`key-${i}`);
    await until(() => (a.cache.getStats().tier?.invalidationsReceived ?? 0) >= 20_000, 20_000);
    expect(a.cache.getStats().tier).toMatchObject({ state: 'joined', distrusts: 1 });
    expect(await world.instances[1].cache.get('still there')).toBeUndefined();
  });

  it('keeps a set that Redis has no memory for in memory, and what was there before is gone (B13)', async () => {
    const [a, b] = world.instances;
    await a.cache.set('k', 'old');
    await b.cache.get('k');
    await world.server.command('CONFIG', 'SET', 'maxmemory', '1');
    await a.cache.set('k', 'new');
    expect(a.cache.getSync('k')).toBe('new');
    await until(() => b.cache.getSync('k') === undefined);
    expect(await b.cache.get('k')).toBeUndefined();
    expect(a.cache.getStats().tier).toMatchObject({ state: 'joined', failedWrites: 1 });
    expect(a.cache.getStats().tier?.failures.OOM).toBeGreaterThan(0);
    await a.cache.delete('k');
    await world.server.command('CONFIG', 'SET', 'maxmemory', '0');
  });

  it('serves nothing once it is joined that it kept while it heard nothing (B10)', async () => {
    const own = await world.join({ ...PATIENT, awayTtl: '1h' });
    await own.proxy.down();
    await away(own.cache);
    expect(await own.cache.getOrSet('changed meanwhile', () => 1)).toBe(1);
    expect(own.cache.getSync('changed meanwhile')).toBe(1);
    await world.instances[0].cache.set('changed meanwhile', 2);
    await own.proxy.up();
    await joined(own.cache);
    expect(own.cache.getSync('changed meanwhile')).toBeUndefined();
    expect(await own.cache.get('changed meanwhile')).toBe(2);
  });

  it('keeps out of Redis what was given a tag late that was deleted elsewhere while it was loaded', async () => {
    const [own, other] = world.instances.map(({ cache }) => cache);
    let answer!: () => void;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    let begun!: () => void;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const loading = own.getOrSet('k', async ({ tags }) => {
      begun();
      await answered;
      tags('late');
      return 'of before';
    });
    await hasBegun;
    await other.deleteByTags(['late']);
    // By now the tag has another generation, and both know it.
    await other.set('another', 1, { tags: ['late'] });
    expect(await own.get('another')).toBe(1);
    answer();
    expect(await loading).toBe('of before');
    expect(await other.get('k')).toBeUndefined();
  });

  it('does not take its own standing still for a failure of Redis', async () => {
    const own = await world.join({ ...PATIENT, deadline: '50ms' });
    const { cache } = own;
    const before = cache.getStats().tier;
    for (let round = 0; round < 3; round++) {
      const asked = Array.from({ length: 20 }, (_, i) => cache.set(`busy ${i}`, 'x'.repeat(100_000)));
      const until = performance.now() + 200;
      while (performance.now() < until);
      await Promise.all(asked);
    }
    const after = cache.getStats().tier;
    expect([after?.state, after?.distrusts]).toEqual(['joined', before?.distrusts]);
  });

  it('never says who logs in where (B25)', async () => {
    const said: string[] = [];
    await world.server.command('ACL', 'SETUSER', 'app', 'on', '>hush-hush', 'allkeys', 'allchannels', '+@all');
    const url = (port: number, password: string) => `redis://app:${password}@127.0.0.1:${port}`;
    const good = new EnhancedCache({
      tier: redisTier({ url: url(world.server.port, 'hush-hush') }),
      onWarning: (text) => said.push(text),
    });
    const bad = new EnhancedCache({
      tier: redisTier({ url: url(world.server.port, 'hush-wrong') }),
      onWarning: (text) => said.push(text),
    });
    const gone = new EnhancedCache({
      tier: redisTier({ url: url(1, 'hush-gone') }),
      onWarning: (text) => said.push(text),
    });
    for (const cache of [good, bad, gone]) {
      cache.on('error', ({ error }) => said.push(String(error), JSON.stringify(error), (error as Error).stack ?? ''));
      cache.on('tier', (event) => said.push(JSON.stringify(event)));
      cache.on('distrust', (event) => said.push(JSON.stringify(event)));
    }
    await joined(good);
    await until(
      () => bad.getStats().tier?.reason !== 'not connected yet' && gone.getStats().tier?.reason !== 'not connected yet',
    );
    await world.server.command('CLIENT', 'KILL', 'USER', 'app');
    await away(good);
    for (const cache of [good, bad, gone]) {
      said.push(
        JSON.stringify([await cache.healthCheck(), cache.getStats(), await cache.exportCacheData({ values: true })]),
      );
      await cache.withLock('x', () => 1, { wait: '1ms' }).catch((error: unknown) => said.push(String(error)));
      await cache.close();
    }
    expect(said.length).toBeGreaterThan(6);
    expect(said.join('\n')).not.toContain('hush');
  });
});

describe('a lock over Redis', () => {
  let world: RedisWorld;
  beforeAll(async () => {
    world = await RedisWorld.start(3, PATIENT);
  });
  afterAll(() => world.close());

  it('is held by one at a time, and later holders have higher numbers', async () => {
    let holders = 0;
    let most = 0;
    const owners: number[] = [];
    const work = async ({ owner }: { owner: number }): Promise<void> => {
      most = Math.max(most, ++holders);
      owners.push(owner);
      await sleep(2);
      holders--;
    };
    const runs = Array.from({ length: 30 }, (_, i) => world.instances[i % 3].cache.withLock('shared', work));
    await Promise.all(runs);
    expect(most).toBe(1);
    expect(owners).toEqual([...owners].sort((a, b) => a - b));
    expect(new Set(owners).size).toBe(30);
  });

  it('goes to the next when its lease ends, and its holder is told', async () => {
    const [a, b] = world.instances;
    const told = new Promise((resolve) => {
      void a.cache.withLock(
        'leased',
        ({ signal }) =>
          new Promise<void>((done) => signal.addEventListener('abort', () => (resolve(true), setTimeout(done, 50)))),
        {
          lease: '50ms',
        },
      );
    });
    await sleep(10);
    expect(await b.cache.withLock('leased', () => 'mine')).toBe('mine');
    expect(await told).toBe(true);
  });

  it('is waited for as long as is asked, and not taken where Redis is away', async () => {
    const [a, b] = world.instances;
    const held = a.cache.withLock('busy', () => sleep(200));
    await sleep(20);
    await expect(b.cache.withLock('busy', () => 1, { wait: '20ms' })).rejects.toMatchObject({ code: 'CACHE_TIMEOUT' });
    await held;
    await a.proxy.down();
    await away(a.cache);
    await expect(a.cache.withLock('any', () => 1)).rejects.toMatchObject({ code: 'CACHE_TIER' });
    await a.proxy.up();
  });

  it('goes on to rise where the last number was lost', async () => {
    const [a] = world.instances;
    await joined(a.cache);
    const first = await a.cache.withLock('n', ({ owner }) => owner);
    await world.server.command('DEL', 'world|f');
    expect(await a.cache.withLock('n', ({ owner }) => owner)).toBeGreaterThan(first);
  });
});
