import { randomBytes } from 'node:crypto';
import { joined, RedisWorld, sleep, until } from './redis-world.js';

const PATIENT = { deadline: '5s', heartbeat: '2s' } as const;

describe('instances that share a Redis', () => {
  let world: RedisWorld;

  beforeAll(async () => {
    // Nothing fails here, however busy the machine is.
    world = await RedisWorld.start(3, PATIENT);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.instances[0].cache.clear();
    await until(() => world.instances.every(({ cache }) => cache.getSync('any') === undefined));
  });

  const caches = () => world.instances.map(({ cache }) => cache);
  /** All have `key` in memory. */
  async function everywhere(key: string, value: unknown, tags: string[] = []): Promise<void> {
    await caches()[0].set(key, value, { tags });
    for (const cache of caches()) {
      await cache.get(key);
      await until(() => cache.getSync(key) !== undefined);
    }
  }
  const nowhere = (key: string, except = -1) =>
    until(() => caches().every((cache, i) => i === except || cache.getSync(key) === undefined));

  it('finds in Redis what another instance set, with all that is known of it', async () => {
    const [a, b] = caches();
    const value = { map: new Map([[1, new Date(5)]]), big: 12n, bytes: Buffer.from([0, 255]), none: null };
    await a.set('whole', value, {
      ttl: 60,
      tags: ['x', 'ÿ', '__proto__'],
      priority: -3,
      cost: 2.5,
      metadata: { by: 'a' },
    });
    const entry = await b.getEntry('whole');
    expect(entry).toMatchObject({ tags: ['x', 'ÿ', '__proto__'], priority: -3, cost: 2.5, metadata: { by: 'a' } });
    expect(entry?.value).toEqual(value);
    expect(entry?.ttlRemaining).toBeGreaterThan(58);
    expect(entry?.ttlRemaining).toBeLessThanOrEqual(60);
  });

  it.each([
    '__proto__',
    'constructor',
    '../clear',
    '*',
    '[x]',
    ':',
    'a|b',
    '{x}y',
    '}',
    'é',
    'é',
    '\0\r\n',
    '🎈',
    'k'.repeat(1024),
  ])('keeps %j as a key of its own', async (key) => {
    const [a, b] = caches();
    await a.set(key, { key }, { ttl: 60 });
    expect(await b.get(key)).toEqual({ key });
    expect(await b.delete(key)).toBe(true);
    await nowhere(key);
    expect(await a.get(key)).toBeUndefined();
  });

  it('drops the copies of the others when a value is set, and keeps its own', async () => {
    await everywhere('k', 1);
    await caches()[1].set('k', 2);
    await nowhere('k', 1);
    expect(caches()[1].getSync('k')).toBe(2);
    expect(await Promise.all(caches().map((cache) => cache.get('k')))).toEqual([2, 2, 2]);
  });

  it.each<[string, (at: number) => Promise<unknown>]>([
    ['delete', (at) => caches()[at].delete('k')],
    ['mdelete', (at) => caches()[at].mdelete(['other', 'k'])],
    ['deleteByTags', (at) => caches()[at].deleteByTags(['t'])],
    ['deleteByTags of all', (at) => caches()[at].deleteByTags(['t', 'u'], { match: 'all' })],
    ['expire', (at) => caches()[at].expire('k')],
    ['expireTags', (at) => caches()[at].expireTags(['u'])],
    ['evictAfter', (at) => caches()[at].evictAfter(Promise.resolve(), { tags: ['t'] })],
    ['clear', (at) => caches()[at].clear()],
  ])('%s of one is that of all, in memory and in Redis', async (_verb, invalidate) => {
    await everywhere('k', 'old', ['t', 'u']);
    await invalidate(2);
    await nowhere('k');
    expect(await Promise.all(caches().map((cache) => cache.get('k')))).toEqual([undefined, undefined, undefined]);
  });

  it('leaves what carries only some of the tags where all are asked for', async () => {
    await everywhere('some', 1, ['u']);
    await caches()[0].deleteByTags(['t', 'u'], { match: 'all' });
    expect(await caches()[1].get('some')).toBe(1);
  });

  it('hears of a delete of what only memory has', async () => {
    const [a, b] = caches();
    await everywhere('k', 1);
    // Evicted in Redis, say, while the push about it is under way: what is not there pushes nothing when it is deleted.
    await world.server.command('DEL', 'world|v|k');
    await nowhere('k');
    await b.set('k', 2);
    await a.delete('k');
    await nowhere('k');
  });

  it('hears of what another program does', async () => {
    const name = 'world|v|k';
    for (const command of [
      ['DEL', name],
      ['SET', name, 'something'],
      ['PEXPIRE', name, '1'],
      ['RENAME', name, 'elsewhere'],
      ['FLUSHALL'],
      ['FLUSHDB'],
    ]) {
      await everywhere('k', command.join(' '));
      await world.server.command(...command);
      await nowhere('k');
      await until(async () => (await caches()[0].get('k')) === undefined);
      await world.server.command('DEL', name, 'elsewhere');
    }
  });

  it('loads once for all instances and all their callers', async () => {
    let loads = 0;
    const load = async (): Promise<number> => {
      await sleep(30);
      return ++loads;
    };
    const asked = caches().flatMap((cache) =>
      Array.from({ length: 20 }, () => cache.getOrSet('cold', load, { tags: ['c'] })),
    );
    expect(new Set(await Promise.all(asked))).toEqual(new Set([1]));
    expect(loads).toBe(1);
    for (const cache of caches()) await until(() => cache.getSync('cold') === 1);
  });

  it('stays in the memory of who loaded it, also where a dead record stood', async () => {
    const [a] = caches();
    const hold = async (): Promise<void> => {
      await a.getOrSet('held', () => 1, { tags: ['h'] });
      // Its own push has come by the time that a later reply has.
      await a.get('absent');
      await a.get('absent');
      expect(a.getSync('held')).toBe(1);
    };
    await hold();
    await a.clear();
    await hold();
    await a.deleteByTags(['h']);
    await hold();
  });

  it('loads once again after a clear, and after its tag was deleted', async () => {
    let loads = 0;
    const load = async (): Promise<number> => {
      await sleep(20);
      return ++loads;
    };
    const ask = () => Promise.all(caches().map((cache) => cache.getOrSet('again', load, { tags: ['c'] })));
    await ask();
    await caches()[1].clear();
    await nowhere('again');
    expect(await ask()).toEqual([2, 2, 2]);
    await caches()[2].deleteByTags(['c']);
    await nowhere('again');
    expect(await ask()).toEqual([3, 3, 3]);
  });

  it('lets another load where the one that was waited for fails', async () => {
    const [a, b] = caches();
    const failing = a.getOrSet('k', async () => {
      await sleep(30);
      throw new Error('no source');
    });
    failing.catch(() => undefined);
    await sleep(10);
    expect(await b.getOrSet('k', () => 'from b')).toBe('from b');
    await expect(failing).rejects.toThrow('no source');
  });

  it('takes over what a loader says late', async () => {
    const [a, b] = caches();
    const load = () => a.getOrSet('late', ({ tags, ttl }) => (tags('late-tag'), ttl(30), 1));
    await load();
    expect(a.getSync('late')).toBe(1);
    // Nobody can tell whether a tag that was not known before was deleted meanwhile.
    expect(await b.get('late')).toBeUndefined();
    await a.delete('late');
    await load();
    expect(await b.get('late')).toBe(1);
    await b.deleteByTags(['late-tag']);
    await nowhere('late');
    expect(await a.get('late')).toBeUndefined();
  });

  it('renews early in one place, and the others take it over', async () => {
    const [a, b] = caches();
    const options = { ttl: '60s', earlyRefresh: 1e-6 } as const;
    await a.getOrSet('early', () => 1, options);
    expect(await b.get('early')).toBe(1);
    await a.getOrSet('early', () => 2, options);
    await until(() => a.getSync('early') === 2);
    await until(async () => (await b.get('early')) === 2);
  });

  it('brings in what an import and a warm-up bring', async () => {
    const [a, b, c] = caches();
    await a.warmUp({ warm: 1 }, { tags: ['w'] });
    expect(await b.get('warm')).toBe(1);
    const exported = await a.exportCacheData({ values: true });
    await a.clear();
    // Its reply comes after the message about the clear: an import that began before that would be overtaken by it.
    expect(await c.get('warm')).toBeUndefined();
    expect(await c.importCacheData(exported)).toMatchObject({ imported: 1 });
    expect(await b.get('warm')).toBe(1);
  });

  it('gives an entry another lifetime everywhere', async () => {
    await everywhere('k', 1);
    expect(await caches()[0].touch('k', 5)).toBe(true);
    await nowhere('k', 0);
    expect(await caches()[1].ttl('k')).toBeLessThanOrEqual(5);
    expect(await caches()[0].touch('k', null)).toBe(true);
    await nowhere('k', 0);
    expect(await caches()[1].ttl('k')).toBeNull();
    expect(await caches()[0].touch('absent', 5)).toBe(false);
  });

  it('keeps a value in memory no longer than Redis does', async () => {
    await everywhere('k', 1);
    await world.server.command('PEXPIRE', 'world|v|k', '3000');
    await nowhere('k');
    expect(await caches()[1].ttl('k')).toBeLessThanOrEqual(3);
    await world.server.command('PERSIST', 'world|v|k');
    await nowhere('k');
    expect(await caches()[1].ttl('k')).toBeNull();
  });

  it('keeps it for memoryTtl at most, where that is less', async () => {
    const short = await world.join({ ...PATIENT, memoryTtl: '2s' });
    const { cache } = short;
    await caches()[0].set('k', 1, { ttl: 60 });
    expect(await cache.ttl('k')).toBeLessThanOrEqual(2);
    await cache.set('own', 1, { ttl: 60 });
    expect(await cache.ttl('own')).toBeLessThanOrEqual(2);
    expect(await caches()[0].ttl('own')).toBeGreaterThan(50);
    await world.leave(short);
  });

  it.each(['copy', 'frozen'] as const)(
    'tells of what this memory does not keep as of the rest (isolation %s)',
    async (isolation) => {
      const small = await world.join(PATIENT, { maxValueMb: 0.001, isolation });
      const { cache } = small;
      const value = { text: randomBytes(4000).toString('base64') };
      await caches()[0].set('large', value, { ttl: 60, tags: ['t'], priority: 2, cost: 3, metadata: { by: 'a' } });
      expect(await cache.get('large')).toEqual(value);
      expect(cache.getSync('large')).toBeUndefined();
      expect(await cache.has('large')).toBe(true);
      expect(await cache.ttl('large')).toBeGreaterThan(58);
      const entry = await cache.getEntry('large');
      const known = { key: 'large', tags: ['t'], priority: 2, cost: 3, metadata: { by: 'a' }, accessCount: 0 };
      expect(entry).toMatchObject({ ...known, value });
      expect(entry!.expiresAt!.getTime() - entry!.createdAt.getTime()).toBeGreaterThan(58_000);
      expect(entry!.sizeBytes).toBeGreaterThan(0);
      expect(await cache.has('absent')).toBe(false);
      expect(await cache.ttl('absent')).toBeUndefined();
      await world.leave(small);
    },
  );

  it('does not take over another namespace when it clears its own', async () => {
    const others = await Promise.all(
      ['worlds', 'world:b', 'worl'].map((keyPrefix) => world.join({ ...PATIENT, keyPrefix })),
    );
    for (const { cache } of others) await cache.set('k', 'theirs', { ttl: 60 });
    await caches()[0].set('k', 'ours');
    await caches()[0].clear();
    for (const other of others) {
      expect(other.cache.getSync('k')).toBe('theirs');
      await world.leave(other);
    }
    const later = await world.join({ ...PATIENT, keyPrefix: 'worlds' });
    expect(await later.cache.get('k')).toBe('theirs');
    await world.leave(later);
  });

  it('reads what is written for people, and writes it', async () => {
    const readable = await world.join({ ...PATIENT, format: 'json' });
    const { cache } = readable;
    await cache.set('readable', { text: 'é', list: [1, 2] }, { tags: ['t'], metadata: { a: 1 } });
    expect(await world.server.command('GET', 'world|v|readable')).toContain('"value":{"text":"é","list":[1,2]}}');
    expect(await caches()[0].getEntry('readable')).toMatchObject({
      value: { text: 'é', list: [1, 2] },
      metadata: { a: 1 },
    });
    await cache.set('odd', new Set([1n]));
    expect(await caches()[0].get('odd')).toEqual(new Set([1n]));
    await caches()[0].set('binary', 'text');
    expect(await cache.get('binary')).toBe('text');
    await world.leave(readable);
  });

  it('stores nothing of a foreign or damaged record, and replaces it', async () => {
    const [a] = caches();
    for (const text of ['', 'L', 'Lxxxxxxxxxxxxx', '{"v":1}', '\u0001garbage', 'x'.repeat(1000)]) {
      await world.server.command('SET', 'world|v|bad', text);
      expect(await a.get('bad')).toBeUndefined();
      expect(await a.getOrSet('bad', () => text.length)).toBe(text.length);
      await a.delete('bad');
    }
  });

  it('is back in step after its connection was reset, and has missed nothing', async () => {
    const [a, b] = world.instances;
    await everywhere('k', 1);
    b.proxy.cut();
    await a.cache.set('k', 2);
    await joined(b.cache);
    await until(async () => (await b.cache.get('k')) === 2);
  });
});
