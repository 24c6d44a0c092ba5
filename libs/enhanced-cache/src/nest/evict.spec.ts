import { EnhancedCache } from '../engine/enhanced-cache.js';
import { variantTag } from '../http/request-key.js';
import { evict } from './evict.js';

describe('evict', () => {
  let cache: EnhancedCache;
  beforeEach(async () => {
    cache = new EnhancedCache();
    await cache.mset([
      { key: 'a', value: 1 },
      { key: 'a|user=n1', value: 2, tags: [variantTag('a')] },
      { key: 'b', value: 3, tags: ['t'] },
      { key: 'c', value: 4 },
    ]);
  });
  afterEach(() => cache.close());
  const left = async () => (await cache.listEntries()).entries.map(({ key }) => key).sort();

  it('deletes keys with all their variants', async () => {
    await evict(cache, { all: false, keys: ['a'], tags: [] });
    expect(await left()).toEqual(['b', 'c']);
  });

  it('deletes by tags', async () => {
    await evict(cache, { all: false, keys: [], tags: ['t'] });
    expect(await left()).toEqual(['a', 'a|user=n1', 'c']);
  });

  it('clears', async () => {
    await evict(cache, { all: true, keys: [], tags: [] });
    expect(await left()).toEqual([]);
  });

  it('lets a failure be heard', async () => {
    await expect(evict(cache, { all: false, keys: [], tags: [''] })).rejects.toThrow('tags[0]');
  });

  it('has nothing to do in a closed cache', async () => {
    await cache.close();
    await expect(evict(cache, { all: true, keys: ['a'], tags: ['t'] })).resolves.toBeUndefined();
  });
});
