import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import { FakeClock } from '../../src/engine/ports/fake-clock.js';

/** A listener that wrote to the cache heard of an entry before that had left: the write met it half removed. */
describe('a listener of evictions that writes to the cache', () => {
  it('finds every account in order', async () => {
    const cache = new EnhancedCache({
      clock: new FakeClock(),
      maxSize: 10,
      evictionPolicy: 'lru',
      isolation: 'shared',
    });
    const faults: string[] = [];
    let written = 0;
    cache.on('evict', ({ key }) => {
      faults.push(...cache.verifyAccounting());
      // Once for each entry that was not written here, or it would never end.
      if (key.startsWith('k')) {
        written++;
        void cache.set(`from listener: ${key}`, 1, { tags: ['t'] });
      }
    });
    cache.on('delete', () => faults.push(...cache.verifyAccounting()));
    for (let i = 0; i < 100; i++) await cache.set(`k${i}`, i, { tags: ['t'] });
    await cache.delete('k99');
    await cache.deleteByTags(['t']);
    expect(faults).toEqual([]);
    expect(written).toBeGreaterThan(50);
    expect(cache.verifyAccounting()).toEqual([]);
    expect(cache.getStats()).toMatchObject({ entryCount: 0 });
  });
});
