import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import { CompressionLevel, EvictionPolicyName } from '../../src/engine/options/enums.js';
import { FakeClock } from '../../src/engine/ports/fake-clock.js';

/** Of 1.5 KB as JSON text, and larger as an object, which is what is kept beside it where it is hit again. */
const value = (i: number) => ({ id: i, rows: Array.from({ length: 50 }, (_, row) => ({ row, text: `of ${i}` })) });

/**
 * A read that keeps a decoded form may have to evict for it, and the policy may choose the very entry that is being read: the hit
 * was noted afterwards, for a slot in which nothing stood any more. The policy then took the free slot for an entry, evicted
 * it once more, and two keys got one slot. Ten minutes of mixed load ended with `Cannot read properties of undefined` in
 * whatever looked at such a slot next.
 */
describe('a read that evicts what it reads', () => {
  it.each(Object.values(EvictionPolicyName))('counts the hit, and for nobody else: %s', async (evictionPolicy) => {
    const evicted: string[] = [];
    const cache = new EnhancedCache({
      clock: new FakeClock(),
      evictionPolicy,
      maxMemoryMb: 0.5,
      compressionLevel: CompressionLevel.NONE,
      memoryPressure: false,
    });
    cache.on('evict', ({ key }) => evicted.push(key));
    let filled = 0;
    while (evicted.length === 0) await cache.set(`key ${++filled}`, value(filled), { priority: 9 });
    await cache.delete(`key ${filled - 1}`);
    await cache.set('first to leave', value(0), { priority: 1 });
    evicted.length = 0;

    expect(cache.getSync('first to leave')).toEqual(value(0));
    expect(cache.getSync('first to leave')).toEqual(value(0));
    // HYBRID weighs the hit against the priority, and takes another.
    expect(evicted).toEqual([evictionPolicy === EvictionPolicyName.HYBRID ? expect.any(String) : 'first to leave']);
    expect(cache.verifyAccounting()).toEqual([]);
    expect(cache.getStats().hits).toBe(2);

    for (let i = 0; i < 50; i++) await cache.set(`next ${i}`, value(i), { priority: 9 });
    expect(cache.verifyAccounting()).toEqual([]);
    await cache.close();
  });
});
