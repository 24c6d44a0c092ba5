import { jest } from '@jest/globals';
import { Cacheable } from 'cacheable';
import { Keyv } from 'keyv';
import { givenStores } from './given-stores.js';

describe('givenStores()', () => {
  it('leaves stores as they are, in the order in which they were given', async () => {
    const [keyv, cacheable] = [new Keyv(), new Cacheable()];
    expect(await givenStores([keyv as never, cacheable as never], {})).toEqual([keyv, cacheable]);
    expect(await givenStores(keyv as never, {})).toEqual([keyv]);
  });

  it('puts a Keyv around a storage adapter', async () => {
    const adapter = new Map<string, unknown>();
    const [store] = await givenStores(adapter, { ttl: 5000, namespace: 'shop' });
    expect(store).toBeInstanceOf(Keyv);
    await store.set('k', 1);
    expect([...adapter.keys()]).toEqual(['shop:k']);
    expect((await store.get('k', { raw: true }))?.expires).toBeGreaterThan(Date.now());
  });

  it.each([['memory'], [null], [undefined], [{ get: () => 1 }]])('names what is no store: %j', async (store) => {
    const stores = [new Map(), store] as never;
    await expect(givenStores(stores, {})).rejects.toThrow('stores[1]: expected a Keyv, or an object with get');
  });

  it('says what is missing where keyv is not installed', async () => {
    jest.resetModules();
    jest.unstable_mockModule('keyv', () => {
      throw new Error("Cannot find package 'keyv'");
    });
    const { givenStores: withoutKeyv } = await import('./given-stores.js');
    await expect(withoutKeyv(new Map(), {})).rejects.toThrow('npm install keyv');
  });
});
