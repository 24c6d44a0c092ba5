import { EnhancedCache } from '../enhanced-cache.js';
import { FakeClock } from '../ports/fake-clock.js';
import { ImmutableValue } from './immutable-value.js';

class Fixed extends ImmutableValue {
  constructor(
    readonly text: string,
    readonly heldBytes: number,
  ) {
    super();
    Object.freeze(this);
  }
  toPlain(): object {
    return { text: this.text };
  }
}

describe.each(['copy', 'frozen', 'shared'] as const)('an immutable value in %s mode', (isolation) => {
  it('is given to every reader as it is, and counts what it says', async () => {
    const cache = new EnhancedCache({ isolation });
    const value = new Fixed('a', 5000);
    await cache.set('k', value);
    expect(cache.getSync('k')).toBe(value);
    expect(cache.getSync('k')).toBe(value);
    expect(cache.getMemoryUsage().memoryUsageBytes).toBeGreaterThan(5000);
    expect(cache.verifyAccounting()).toEqual([]);
    await cache.close();
  });

  it('is shared by those who wait for its load', async () => {
    const cache = new EnhancedCache({ isolation });
    const value = new Fixed('a', 100);
    const load = async () => value;
    const got = await Promise.all([cache.getOrSet('k', load), cache.getOrSet('k', load)]);
    expect(got.every((each) => each === value)).toBe(true);
    await cache.close();
  });

  it('gives its place to another form, which counts its own size, keeps its lifetime and is nobody’s hit', async () => {
    const clock = new FakeClock();
    const cache = new EnhancedCache({ isolation, clock });
    const [small, large] = [new Fixed('a', 100), new Fixed('a', 9000)];
    await cache.set('k', small, { ttl: 10, tags: ['t'] });
    const before = cache.getMemoryUsage().memoryUsageBytes;
    clock.advance(4000);
    expect(cache.exchange('k', small, large)).toBe(true);
    expect(cache.getMemoryUsage().memoryUsageBytes - before).toBe(8900);
    expect(await cache.ttl('k')).toBe(6);
    expect(cache.getStats()).toMatchObject({ hits: 0, sets: 1 });
    expect(cache.exchange('k', small, large)).toBe(false);
    expect(cache.exchange('absent', small, large)).toBe(false);
    expect(cache.verifyAccounting()).toEqual([]);
    await cache.deleteByTags(['t']);
    expect(cache.exchange('k', large, small)).toBe(false);
    await cache.close();
  });

  it('makes room for a larger form, and takes none that is larger than an entry may be', async () => {
    const cache = new EnhancedCache({ isolation, maxMemoryMb: 1, maxValueMb: 0.5, evictionPolicy: 'lru' });
    const values = Array.from({ length: 9 }, (_, i) => new Fixed(String(i), 100_000));
    for (const value of values) await cache.set(value.text, value);
    expect(cache.exchange('8', values[8], new Fixed('8', 400_000))).toBe(true);
    const usage = cache.getMemoryUsage();
    expect(usage.memoryUsageBytes).toBeLessThanOrEqual(1024 * 1024);
    expect(await cache.has('0')).toBe(false);
    expect(await cache.has('8')).toBe(true);
    expect(cache.exchange('7', values[7], new Fixed('7', 700_000))).toBe(false);
    expect(cache.verifyAccounting()).toEqual([]);
    await cache.close();
  });

  it('is exported as plain data', async () => {
    const warnings: string[] = [];
    const cache = new EnhancedCache({ isolation, onWarning: (message) => warnings.push(message) });
    await cache.set('k', new Fixed('a', 100));
    const document = await cache.exportCacheData({ values: true });
    const other = new EnhancedCache({ isolation });
    await other.importCacheData(document);
    expect(other.getSync('k')).toEqual({ text: 'a' });
    expect(warnings).toEqual([]);
    await Promise.all([cache.close(), other.close()]);
  });
});
