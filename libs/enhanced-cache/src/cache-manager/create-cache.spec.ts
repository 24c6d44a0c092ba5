import { createCache as createOriginal } from 'cache-manager';
import Keyv from 'keyv';
import { createCache } from './create-cache.js';
import type { CacheManager, CacheStore, CreateCacheOptions } from './cache-manager.types.js';

type Create = (options?: CreateCacheOptions) => CacheManager;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const failing = (): CacheStore => {
  const keyv = new Keyv({ emitErrors: false, throwOnErrors: true } as never);
  const fail = () => Promise.reject(new Error('down'));
  return Object.assign(keyv, {
    get: fail,
    getMany: fail,
    set: fail,
    setMany: fail,
    delete: fail,
    clear: fail,
  }) as never;
};

/** Every sentence holds for both: ours is compared with the original, which is in the same room. */
describe.each<[string, Create]>([
  ['here', createCache as Create],
  ['in cache-manager', createOriginal as unknown as Create],
])('createCache() %s', (_where, create) => {
  it('gets what was set, and undefined for what was not', async () => {
    const cache = create();
    expect(await cache.set('k', { a: 1 })).toEqual({ a: 1 });
    expect(await cache.get('k')).toEqual({ a: 1 });
    expect(await cache.get('absent')).toBeUndefined();
  });

  it.each([[null], [false], [0], ['']])('keeps %j as a value', async (value) => {
    const cache = create();
    await cache.set('k', value);
    expect(await cache.get('k')).toBe(value);
  });

  it('keeps class instances what they are', async () => {
    class Point {
      constructor(readonly x: number) {}
    }
    const cache = create();
    await cache.set('k', new Point(1));
    expect(await cache.get('k')).toBeInstanceOf(Point);
  });

  it('takes lifetimes in milliseconds, 0 for ever', async () => {
    const cache = create({ ttl: 20 });
    await cache.set('default', 1);
    await cache.set('own', 2, 10_000);
    await cache.set('ever', 3, 0);
    const before = Date.now();
    expect(await cache.ttl('own')).toBeGreaterThan(before + 9000);
    expect(await cache.ttl('own')).toBeLessThanOrEqual(before + 10_100);
    expect([await cache.ttl('ever'), await cache.ttl('absent')]).toEqual([undefined, undefined]);
    await wait(40);
    expect(await cache.mget(['default', 'own', 'ever'])).toEqual([undefined, 2, 3]);
  });

  it('writes and deletes many', async () => {
    const cache = create();
    const list = [
      { key: 'a', value: 1 },
      { key: 'b', value: 2, ttl: 5000 },
    ];
    expect(await cache.mset(list)).toMatchObject(list);
    expect(await cache.mget(['b', 'none', 'a'])).toEqual([2, undefined, 1]);
    expect(await cache.mdel(['a', 'none'])).toBe(true);
    expect(await cache.mget(['a', 'b'])).toEqual([undefined, 2]);
    expect([await cache.del('b'), await cache.del('b')]).toEqual([true, true]);
    await cache.set('c', 3);
    expect(await cache.clear()).toBe(true);
    expect(await cache.get('c')).toBeUndefined();
  });

  it('wraps a function: once for all who ask at a time, and then from the cache', async () => {
    const cache = create();
    let runs = 0;
    const load = async () => {
      runs++;
      await wait(5);
      return { runs };
    };
    const both = await Promise.all([cache.wrap('k', load, 10_000), cache.wrap('k', load, 10_000)]);
    expect(both).toEqual([{ runs: 1 }, { runs: 1 }]);
    expect(await cache.wrap('k', load)).toEqual({ runs: 1 });
    expect(await cache.wrap('k', load, { ttl: 5, raw: true })).toMatchObject({ value: { runs: 1 } });
  });

  it('wraps with lifetimes by value, as options or one by one', async () => {
    const cache = create();
    await cache.wrap(
      'a',
      () => 5000,
      (value) => value,
    );
    await cache.wrap('b', () => 1, { ttl: (value) => value * 7000 });
    const now = Date.now();
    expect(await cache.ttl('a')).toBeLessThanOrEqual(now + 5000);
    expect(await cache.ttl('b')).toBeGreaterThan(now + 6000);
    const raw = await cache.wrap('c', () => 'x', { ttl: 1000, raw: true });
    expect(raw.value).toBe('x');
    expect(raw.expires).toBeGreaterThanOrEqual(now + 1000);
  });

  it('lets a failing function fail for all who wait, and keeps nothing', async () => {
    const cache = create();
    let runs = 0;
    const load = async () => {
      runs++;
      await wait(1);
      throw new Error(`run ${runs}`);
    };
    const outcomes = await Promise.allSettled([cache.wrap('k', load), cache.wrap('k', load)]);
    expect(outcomes.map((each) => (each as PromiseRejectedResult).reason.message)).toEqual(['run 1', 'run 1']);
    await expect(cache.wrap('k', load)).rejects.toThrow('run 2');
  });

  it('renews behind what has less to live than the threshold, and says so', async () => {
    const cache = create({ ttl: 1000, refreshThreshold: 2000 });
    const refreshed = new Promise((resolve) => cache.on('refresh', resolve));
    let n = 0;
    const load = () => ++n;
    expect(await cache.wrap('k', load)).toBe(1);
    expect(await cache.wrap('k', load)).toBe(1);
    expect(await refreshed).toMatchObject({ key: 'k', value: 2 });
    expect(await cache.get('k')).toBe(2);
  });

  it('says what it does', async () => {
    const cache = create();
    const heard: unknown[] = [];
    for (const event of ['get', 'set', 'del', 'clear', 'mset', 'mdel', 'mget'] as const) {
      cache.on(event, ((data: unknown) => void heard.push([event, data])) as never);
    }
    await cache.set('k', 1);
    await cache.get('k');
    await cache.mset([{ key: 'm', value: 2 }]);
    await cache.mget(['m']);
    await cache.del('k');
    await cache.mdel(['m']);
    await cache.clear();
    expect(heard).toEqual([
      ['set', { key: 'k', value: 1, store: 'primary' }],
      ['set', { key: 'k', value: 1 }],
      ['get', { key: 'k', value: 1, store: 'primary' }],
      ['mset', { list: [{ key: 'm', value: 2, ttl: undefined }] }],
      ['mget', { keys: ['m'], values: [2] }],
      ['del', { key: 'k' }],
      ['mdel', { keys: ['m'] }],
      ['clear', undefined],
    ]);
    const listener = (): number => heard.push('late');
    cache.on('set', listener as never);
    cache.off('set', listener as never);
    await cache.set('k', 1);
    expect(heard).not.toContain('late');
  });

  it('reads from the first store that has it, and fills those before it when it wraps', async () => {
    const [first, second] = [new Keyv(), new Keyv()] as unknown as CacheStore[];
    const cache = create({ stores: [first, second] });
    await second.set('k', 'deep');
    expect(await cache.get('k')).toBe('deep');
    expect(await cache.wrap('k', () => 'loaded')).toBe('deep');
    expect(await first.get('k')).toBe('deep');
    await cache.set('both', 1);
    expect([await first.get('both'), await second.get('both')]).toEqual([1, 1]);
    await cache.del('both');
    expect([await first.get('both'), await second.get('both')]).toEqual([undefined, undefined]);
  });

  it('reads past a store that fails, and rejects a write that fails', async () => {
    const second = new Keyv() as unknown as CacheStore;
    const cache = create({ stores: [failing(), second] });
    const errors: unknown[] = [];
    cache.on('get', ((data: { error?: unknown }) => data.error && errors.push(data.error)) as never);
    await second.set('k', 1);
    expect(await cache.get('k')).toBe(1);
    expect(errors).toHaveLength(1);
    await expect(cache.set('k', 2)).rejects.toThrow('down');
    await expect(cache.del('k')).rejects.toThrow('down');
    await expect(cache.clear()).rejects.toThrow('down');
  });

  it.each([
    ['del', (cache: CacheManager) => cache.del('k'), (error: Error) => ({ key: 'k', error })],
    ['mdel', (cache: CacheManager) => cache.mdel(['k']), (error: Error) => ({ keys: ['k'], error })],
    ['clear', (cache: CacheManager) => cache.clear(), (error: Error) => error],
    [
      'mset',
      (cache: CacheManager) => cache.mset([{ key: 'k', value: 1 }]),
      (error: Error) => ({ list: [{ key: 'k', value: 1 }], error }),
    ],
  ] as const)('says that %s failed, also where a store throws at once', async (event, call, said) => {
    const error = new Error('down');
    const store = failing();
    store.delete =
      store.clear =
      store.setMany =
        () => {
          throw error;
        };
    const cache = create({ stores: [store] });
    const heard: unknown[] = [];
    cache.on(event, (data: unknown) => heard.push(data));
    await expect(call(cache)).rejects.toBe(error);
    expect(heard).toEqual([said(error)]);
  });

  it('lists what its first store has', async () => {
    const cache = create();
    await cache.set('a', 1);
    await cache.set('b', { b: 2 });
    const listed = new Map<string, unknown>();
    for await (const [key, value] of cache.stores[0].iterator!({})) listed.set(key, value);
    expect(listed).toEqual(
      new Map<string, unknown>([
        ['a', 1],
        ['b', { b: 2 }],
      ]),
    );
  });

  it('does not wait for writes where told so', async () => {
    const cache = create({ nonBlocking: true });
    expect(await cache.set('k', 1)).toBe(1);
    expect(await cache.get('k')).toBe(1);
    expect(await cache.mget(['k'])).toEqual([1]);
    expect([await cache.del('k'), await cache.mdel(['k']), await cache.clear()]).toEqual([true, true, true]);
  });

  it('has a name and stores, and lets go of them', async () => {
    const cache = create({ cacheId: 'mine' });
    expect([cache.cacheId(), cache.stores.length]).toEqual(['mine', 1]);
    expect(create().cacheId()).not.toBe(create().cacheId());
    expect(await cache.disconnect()).toBeUndefined();
  });

  it('can be taken apart', async () => {
    const { set, get } = create();
    await set('k', 1);
    expect(await get('k')).toBe(1);
  });
});

describe('createCache(), where the original is wrong,', () => {
  it('fails for all who wait, whatever the reason', async () => {
    const cache = createCache();
    const load = (): Promise<number> => Promise.reject(undefined as unknown as Error);
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => cache.wrap('k', load)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await cache.disconnect();
  });

  it('reports a failing write that nobody waits for, and leaves no rejection behind', async () => {
    const cache = createCache({ nonBlocking: true, stores: [failing()] });
    const errors: unknown[] = [];
    cache.on('set', (({ error }: { error?: Error }) => error && errors.push(error.message)) as never);
    await cache.set('k', 1);
    await new Promise(setImmediate);
    expect(errors).toEqual(['down']);
  });

  it('is bounded, and takes the options of the engine', async () => {
    const cache = createCache({ maxSize: 10, evictionPolicy: 'lru' });
    for (let i = 0; i < 100; i++) await cache.set(`k${i}`, i);
    const found = await cache.mget(Array.from({ length: 100 }, (_, i) => `k${i}`));
    expect(found.filter((value) => value !== undefined)).toHaveLength(10);
    await cache.disconnect();
  });
});
