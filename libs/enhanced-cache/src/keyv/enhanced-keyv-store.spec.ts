import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import keyvTestSuite, { keyvIteratorTests } from '@keyv/test-suite';
import Keyv from 'keyv';
import { EnhancedCache } from '../engine/enhanced-cache.js';
import { FakeClock } from '../engine/ports/fake-clock.js';
import { EnhancedKeyvStore } from './enhanced-keyv-store.js';

type Suite = Parameters<typeof keyvTestSuite>;
type Body = (t: { expect: typeof expect }) => unknown;

/** Vitest's `test`, for which the published suite is written, in terms of Jest. */
const vitest = {
  it: (name: string, body: Body) => it(name, async () => void (await body({ expect }))),
  beforeEach: (body: () => unknown) => beforeEach(async () => void (await body())),
  afterEach: (body: () => unknown) => afterEach(async () => void (await body())),
} as unknown as Suite[0];

/**
 * Keyv offers an iterator for the stores on a list of its own only (`_checkIterableAdapter`: redis, sqlite and other
 * databases), by their dialect or URL. The suite of iterators runs with the name of one of these; nothing is excluded.
 */
function iterable(cache: EnhancedCache): EnhancedKeyvStore {
  const store = new EnhancedKeyvStore(cache);
  Object.assign(store.opts, { dialect: 'redis' });
  return store;
}

describe("Keyv's own suite", () => {
  const cache = new EnhancedCache();
  afterAll(() => cache.close());

  // The tests of Keyv make several stores and expect them to be of one database.
  keyvTestSuite(vitest, Keyv as unknown as Suite[1], (() => new EnhancedKeyvStore(cache)) as unknown as Suite[2]);
});

describe("Keyv's own suite of iterators", () => {
  const cache = new EnhancedCache();
  afterAll(() => cache.close());

  keyvIteratorTests(vitest, Keyv as unknown as Suite[1], (() => iterable(cache)) as unknown as Suite[2]);
});

describe('EnhancedKeyvStore', () => {
  it('takes lifetimes in milliseconds, and none or 0 for ever', async () => {
    const clock = new FakeClock();
    const store = new EnhancedKeyvStore({ clock });
    await store.set('short', 'a', 1500);
    await store.set('zero', 'b', 0);
    await store.setMany([{ key: 'many', value: 'c', ttl: 1000 }]);
    expect([await store.cache.ttl('short'), await store.cache.ttl('zero')]).toEqual([1.5, null]);
    clock.advance(1200);
    expect(await store.getMany(['short', 'zero', 'many'])).toEqual(['a', 'b', undefined]);
    expect(await store.hasMany(['short', 'many'])).toEqual([true, false]);
    await store.disconnect();
  });

  it('clears what it wrote, and nothing that others keep in the same cache', async () => {
    const cache = new EnhancedCache();
    const keyv = new Keyv({ store: new EnhancedKeyvStore(cache) });
    await keyv.set('a', 1);
    await cache.set('mine', 2);
    await keyv.clear();
    expect([await keyv.get('a'), await cache.get('mine')]).toEqual([undefined, 2]);
    await keyv.disconnect();
    expect(await cache.get('mine')).toBe(2);
    await cache.close();
  });

  it('keeps the namespaces of two Keyvs apart that share it', async () => {
    const store = new EnhancedKeyvStore();
    const [one, two] = ['one', 'two'].map((namespace) => new Keyv({ store, namespace }));
    await one.set('k', 1);
    await two.set('k', 2);
    await two.clear();
    expect([await one.get('k'), await two.get('k')]).toEqual([1, undefined]);
    await store.disconnect();
  });

  it('goes through more entries than a page holds, each once', async () => {
    const store = new EnhancedKeyvStore({ maxSize: 5000 });
    for (let i = 0; i < 2500; i++) await store.set(`n:${i}`, i);
    const seen = new Set<string>();
    for await (const [key, value] of store.iterator<number>('n')) seen.add(`${key}=${value}`);
    expect(seen.size).toBe(2500);
    await store.disconnect();
  });
});
