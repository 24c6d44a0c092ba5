import { EnhancedCache } from '../src/engine/enhanced-cache.js';
import type { EnhancedCacheOptions } from '../src/engine/options/options.js';
import { FakeClock } from '../src/engine/ports/fake-clock.js';
import { EngineProcesses } from './support/engine-process.js';
import { payloadKinds } from './support/payload-kinds.js';
import { difference } from './support/same-value.js';

/** Some 250 KB of JSON. */
const rows = (seed = 0) =>
  Array.from({ length: 5000 }, (_, i) => ({ id: i * 7919 + seed, name: `row ${i}`, active: i % 3 === 0 }));

/** Values that take long to compress, in every form in which they are stored. */
const LARGE: [string, () => unknown][] = [
  ['JSON of one byte a character', () => rows()],
  ['JSON with other characters', () => rows().map((row) => ({ ...row, name: `Zeile ${row.id}, žluť` }))],
  ['a text', () => JSON.stringify(rows())],
  ['a text with other characters', () => JSON.stringify(rows()).replaceAll('row', 'ряд')],
  ['a Buffer', () => Buffer.from(JSON.stringify(rows()))],
  ['a Map', () => new Map(rows().map((row) => [row.id, row]))],
  ['an array with an error', () => [...rows(), new RangeError('too much')]],
];

function setUp(options: EnhancedCacheOptions = {}) {
  const clock = new FakeClock();
  const cache = new EnhancedCache({ clock, ...options });
  const errors: unknown[] = [];
  cache.on('error', ({ error }) => errors.push(error));
  const count = (name: string): number => {
    const analytics = cache.getAnalytics();
    return analytics.enabled ? analytics.performanceMetrics[name] : NaN;
  };
  /** Lets other threads and what waits for them come to an end. */
  const until = async (isDone: () => boolean): Promise<void> => {
    while (!isDone()) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1);
    }
  };
  const compressed = (times: number) =>
    until(() => count('backgroundCompressions') + count('lateCompressions') === times);
  return { cache, clock, errors, count, until, compressed };
}

describe('Large values', () => {
  it.each(LARGE)('are there at once and smaller later: %s', async (_, make) => {
    const { cache, errors, compressed } = setUp();
    const value = make();
    void cache.set('k', value);
    expect(difference(value, cache.getSync('k'))).toBeUndefined();
    expect(cache.getStats().compressionRatio).toBe(1);
    const before = cache.getMemoryUsage();
    await compressed(1);
    const after = cache.getMemoryUsage();
    expect(after.totalSizeBytes).toBe(before.totalSizeBytes);
    expect(after.compressedSizeBytes).toBeLessThan(before.compressedSizeBytes / 2);
    expect(after.memoryUsageBytes).toBeLessThan(before.memoryUsageBytes / 2);
    expect(difference(value, cache.getSync('k'))).toBeUndefined();
    expect([cache.verifyAccounting(), errors]).toEqual([[], []]);
    await cache.close();
  });

  it('are not changed by what the caller does with its bytes while they are compressed', async () => {
    const { cache, compressed } = setUp();
    const bytes = Buffer.from(JSON.stringify(rows()));
    const before = Buffer.from(bytes);
    void cache.set('k', bytes);
    bytes.fill(0);
    await compressed(1);
    expect(Buffer.compare(cache.getSync('k') as Buffer, before)).toBe(0);
    await cache.close();
  });

  it('do not come back once another value or none stands in their place', async () => {
    const { cache, compressed } = setUp();
    for (const key of ['overwritten', 'overwritten by the like', 'deleted', 'kept']) void cache.set(key, rows(1));
    void cache.set('overwritten', 'small');
    void cache.set('overwritten by the like', rows(2));
    void cache.delete('deleted');
    await compressed(5);
    expect(cache.getSync('overwritten')).toBe('small');
    expect(cache.getSync('overwritten by the like')).toEqual(rows(2));
    expect(cache.getSync('deleted')).toBeUndefined();
    expect(cache.getSync('kept')).toEqual(rows(1));
    expect(cache.verifyAccounting()).toEqual([]);
    void cache.set('cleared', rows(3));
    await cache.clear();
    await compressed(6);
    expect([cache.getStats().entryCount, cache.verifyAccounting()]).toEqual([0, []]);
    await cache.close();
  });

  it('keep their lifetime, hits and tags', async () => {
    const { cache, clock, compressed } = setUp();
    void cache.set('k', rows(), { ttl: 60, tags: ['t'], metadata: { of: 'May' } });
    cache.getSync('k');
    const before = await cache.getEntry('k');
    await compressed(1);
    const after = await cache.getEntry('k');
    expect(after).toMatchObject({ accessCount: 1, tags: ['t'], metadata: { of: 'May' }, expiresAt: before?.expiresAt });
    clock.advance(60_000);
    expect(cache.getSync('k')).toBeUndefined();
    await cache.close();
  });

  it('that are hot keep what was decoded of them', async () => {
    const { cache, compressed } = setUp();
    void cache.set('k', rows());
    for (let hit = 0; hit < 5; hit++) cache.getSync('k');
    await new Promise((resolve) => setImmediate(resolve));
    const [first, second] = [cache.getSync('k'), cache.getSync('k')];
    await compressed(1);
    expect([first, second, cache.getSync('k'), cache.verifyAccounting()]).toEqual([rows(), rows(), rows(), []]);
    expect(cache.getStats().compressionRatio).toBeLessThan(0.5);
    await cache.close();
  });

  it('are compressed at once where they would not fit otherwise', async () => {
    const { cache, count } = setUp({ maxValueMb: 0.1 });
    await cache.set('k', rows());
    expect(cache.getStats().compressionRatio).toBeLessThan(0.5);
    expect([cache.getSync('k'), count('backgroundCompressions')]).toEqual([rows(), 0]);
    const noise = payloadKinds.noise(250_000, 1);
    await expect(cache.set('k', noise)).rejects.toMatchObject({ code: 'CACHE_CAPACITY' });
    expect(cache.getSync('k')).toBeUndefined();
    await cache.close();
  });

  it('are compressed at once where too many wait, and counted', async () => {
    const { cache, count } = setUp({ maxMemoryMb: 10, maxValueMb: 10 });
    for (let i = 0; i < 10; i++) void cache.set(`k${i}`, rows(i));
    const { compressedSize } = cache.getStats();
    // A sixteenth of 10 MB has room for two of them.
    expect(count('undeferredCompressions')).toBe(8);
    expect(compressedSize).toBeLessThan(3 * JSON.stringify(rows()).length + 7 * 100_000);
    for (let i = 0; i < 10; i++) expect(cache.getSync(`k${i}`)).toEqual(rows(i));
    await cache.close();
  });

  it('are compressed as hard as it was said when they were set', async () => {
    const { cache, compressed, count } = setUp();
    void cache.set('before', rows());
    await cache.configure({ compressionLevel: 0 });
    void cache.set('after', rows());
    await compressed(1);
    const [before, after] = [await cache.getEntry('before'), await cache.getEntry('after')];
    expect(before?.compressionRatio).toBeLessThan(0.5);
    expect(after?.compressionRatio).toBe(1);
    await cache.configure({ compressionLevel: 1 });
    void cache.set('later', rows());
    await compressed(2);
    expect(count('backgroundCompressions')).toBe(2);
    await cache.close();
  });

  it('that do not shrink stay as they are, and are left alone after a few', async () => {
    const { cache, until, count } = setUp();
    for (let i = 0; i < 5; i++) {
      void cache.set('k', payloadKinds.noise(250_000, i));
      await until(() => count('skippedCompressions') >= i - 1);
    }
    expect(cache.getStats().compressionRatio).toBe(1);
    expect(count('skippedCompressions')).toBeGreaterThan(0);
    await cache.close();
  });

  it('are given up when the cache is closed', async () => {
    const { cache, clock, errors, count } = setUp();
    for (let i = 0; i < 8; i++) void cache.set(`k${i}`, rows(i));
    await cache.close();
    for (let turn = 0; turn < 50; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1);
    }
    expect([errors, count('backgroundCompressions'), count('failedCompressions')]).toEqual([[], 0, 0]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('keep a process alive for no longer than those take that are under way', async () => {
    const processes = new EngineProcesses();
    try {
      const child = processes.start(`
        import { EnhancedCache } from './core.js';
        const cache = new EnhancedCache();
        const value = Array.from({ length: 5000 }, (_, i) => ({ id: i * 7919, name: 'row ' + i }));
        for (let i = 0; i < 20; i++) cache.set('k' + i, value);
        process.on('exit', () => console.log(cache.getAnalytics().performanceMetrics.backgroundCompressions));
      `);
      const ended = await processes.ended(child);
      expect([ended.code, ended.signal, ended.stderr]).toEqual([0, null, '']);
      // Two, or some more where the machine is so slow that a timer comes due before the loop looks whether it may end.
      expect(Number(ended.stdout)).toBeGreaterThanOrEqual(2);
      expect(Number(ended.stdout)).toBeLessThan(20);
    } finally {
      processes.remove();
    }
  }, 30_000);
});
