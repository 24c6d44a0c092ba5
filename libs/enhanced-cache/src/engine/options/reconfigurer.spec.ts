import { EnhancedCache } from '../enhanced-cache.js';
import { FakeClock } from '../ports/fake-clock.js';

const ENTRIES = 10_000;

/** A clock that counts the slices which it is given. */
class SlicedClock extends FakeClock {
  slices = 0;

  override defer(task: () => void): void {
    this.slices++;
    super.defer(task);
  }
}

function filled(entries = ENTRIES) {
  const clock = new SlicedClock();
  const cache = new EnhancedCache({ clock, evictionPolicy: 'lfu', maxSize: 2 * entries, defaultTtl: null });
  for (let i = 0; i < entries; i++) void cache.set(`k${i}`, i);
  return { clock, cache };
}

describe('Reconfigurer', () => {
  it.each([
    ['another policy', { evictionPolicy: 'lru' }],
    ['fewer entries', { maxSize: 1 }],
    ['less memory', { maxMemoryMb: 0.01 }],
  ] as const)('lets the event loop turn while it goes over to %s', async (_what, changes) => {
    const { cache, clock } = filled();
    await cache.configure(changes);
    expect(clock.slices).toBeGreaterThanOrEqual(2);
  });

  it('hands over what is set while the order of the entries is found out', async () => {
    const many = 15 * ENTRIES;
    const { cache } = filled(many);
    const configured = cache.configure({ evictionPolicy: 'lru' });
    await Promise.resolve();
    for (let i = many; i < many + 500; i++) void cache.set(`k${i}`, i);
    await configured;
    expect(await cache.configure({ maxSize: 500 })).toMatchObject({ evicted: many });
    for (let i = many; i < many + 500; i++) expect(cache.getSync(`k${i}`)).toBe(i);
    expect(await cache.configure({ maxSize: 1 })).toMatchObject({ evicted: 499 });
    expect(cache.verifyAccounting()).toEqual([]);
  });

  it('is not disturbed by a clear', async () => {
    const { cache } = filled();
    const configured = cache.configure({ evictionPolicy: 'lru' });
    await Promise.resolve();
    void cache.clear();
    for (let i = 0; i < 100; i++) void cache.set(`new${i}`, i);
    await configured;
    expect(await cache.configure({ maxSize: 10 })).toMatchObject({ evicted: 90 });
    expect(cache.getStats()).toMatchObject({ entryCount: 10, evictionPolicy: 'lru' });
  });
});
