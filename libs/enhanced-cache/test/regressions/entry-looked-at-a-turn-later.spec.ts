import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import { FakeClock } from '../../src/engine/ports/fake-clock.js';

/**
 * `getEntry` and `ttl` found the place of an entry, let a turn of the microtask queue pass, and then described what stood in that
 * place: the entry of another key, where the first one had left meanwhile, with its value. Where nothing stood there, a place
 * that was free already was given back once more, and the accounts were off from then on: ten minutes of mixed load on an
 * idle machine ended with a corrupt entry and bytes that nobody held.
 */
describe('what is asked about an entry that leaves at once', () => {
  const newCache = () => new EnhancedCache({ clock: new FakeClock(), memoryPressure: false, maxSize: 10 });

  it('is answered from that entry, not from the one that takes its place', async () => {
    const cache = newCache();
    await cache.set('mine', 'my page', { ttl: 10, tags: ['a', 'b'] });
    const entry = cache.getEntry('mine');
    const ttl = cache.ttl('mine');
    void cache.delete('mine');
    void cache.set('theirs', { text: 'their page' }, { ttl: 99 });
    expect(await entry).toMatchObject({ key: 'mine', value: 'my page', ttlRemaining: 10 });
    expect(await ttl).toBe(10);
    expect(await cache.getEntry('theirs')).toMatchObject({ key: 'theirs', value: { text: 'their page' } });
    expect(cache.verifyAccounting()).toEqual([]);
    await cache.close();
  });

  it.each([
    ['deleted', (cache: EnhancedCache) => cache.delete('mine')],
    ['cleared', (cache: EnhancedCache) => cache.clear()],
  ])('is answered, and nothing is given back twice, where it is %s', async (_what, leave) => {
    const cache = newCache();
    await cache.set('other', { rows: [1, 2, 3] }, { tags: ['a'] });
    await cache.set('mine', { rows: [4, 5, 6] }, { ttl: 10 });
    const entry = cache.getEntry('mine');
    const ttl = cache.ttl('mine');
    void leave(cache);
    expect(await entry).toMatchObject({ key: 'mine', value: { rows: [4, 5, 6] } });
    expect(await ttl).toBe(10);
    expect(cache.getStats().corruptEntries).toBe(0);
    expect(cache.verifyAccounting()).toEqual([]);
    await cache.close();
  });
});
