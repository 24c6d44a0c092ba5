import { jest } from '@jest/globals';
import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import { FakeClock } from '../../src/engine/ports/fake-clock.js';
import { MAX_STEPS_PER_SLICE } from '../../src/engine/slices.js';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('C. Time', () => {
  it.each([
    ['an hour ahead', () => 3_600_000],
    ['an hour back', () => -3_600_000],
    ['to NaN', () => NaN],
  ])('C1: a wall clock that steps %s neither kills nor revives what lives on real time', async (_what, step) => {
    const cache = new EnhancedCache();
    await cache.set('lives', 1, 60);
    await cache.set('dies', 1, '1ms');
    const wall = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => wall + step());
    // The coarse clock is told by a timer of 5 ms; one that is armed later and is as long fires after it.
    await new Promise((resolve) => setTimeout(resolve, 8));
    expect([await cache.has('lives'), await cache.has('dies')]).toEqual([true, false]);
    const left = (await cache.ttl('lives')) as number;
    expect(left).toBeGreaterThan(50);
    expect(left).toBeLessThanOrEqual(60);
    await cache.close();
  });

  it('C2: what remained of a lifetime is kept, whether the exporting host lives in the past or in the future', async () => {
    for (const yearsAhead of [-10, 0, 10]) {
      const exporting = new FakeClock({ wallNow: Date.UTC(2026 + yearsAhead, 0, 1) });
      const source = new EnhancedCache({ clock: exporting });
      await source.set('k', 'value', 100);
      exporting.advance(40_000);
      const document = await source.exportCacheData({ values: true });
      const clock = new FakeClock({ wallNow: Date.UTC(2026 + Math.max(yearsAhead, 0) - yearsAhead, 0, 1) - 1 });
      if (yearsAhead < 0) clock.stepWall(exporting.wallNow() - clock.wallNow());
      const target = new EnhancedCache({ clock });
      await target.importCacheData(document);
      expect(await target.ttl('k')).toBe(60);
      expect(Date.parse((await target.getEntry('k'))?.createdAt.toISOString() ?? '')).toBeLessThanOrEqual(
        clock.wallNow(),
      );
    }
  });

  it('C3: 100,000 entries that are due at once, as after a stopped process, leave in bounded slices', async () => {
    const clock = new FakeClock();
    const cache = new EnhancedCache({ clock, maxSize: 100_000, enableAnalytics: false, compressionLevel: 0 });
    for (let i = 0; i < 100_000; i++) await cache.set(`k${i}`, i, 5);
    let expired = 0;
    cache.on('expire', () => expired++);
    const turns: number[] = [];
    const defer = clock.defer.bind(clock);
    clock.defer = (task) => {
      turns.push(expired);
      defer(task);
    };
    clock.advance(5000);
    expect([expired, cache.getStats().entryCount]).toEqual([100_000, 0]);
    const largest = Math.max(...turns.map((total, i) => total - (turns[i - 1] ?? 0)));
    expect(largest).toBeLessThanOrEqual(MAX_STEPS_PER_SLICE);
  });

  it('C4: lifetimes beyond what a timer can hold are kept, and no timer warns', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const cache = new EnhancedCache();
    const clock = new FakeClock();
    const onFakeTime = new EnhancedCache({ clock });
    for (const ttl of ['25d', 10 * 365 * 86_400, 2 ** 53]) {
      await cache.set(`k${ttl}`, 1, ttl);
      await onFakeTime.set(`k${ttl}`, 1, ttl);
      expect(await cache.has(`k${ttl}`)).toBe(true);
    }
    clock.advance(24 * 86_400_000);
    expect(onFakeTime.getStats().entryCount).toBe(3);
    clock.advance(86_400_000);
    expect(onFakeTime.getStats().entryCount).toBe(2);
    expect(warn).not.toHaveBeenCalled();
    await cache.close();
  });

  it('C5: an entry lives for its lifetime and not a moment longer', async () => {
    const clock = new FakeClock();
    const cache = new EnhancedCache({ clock });
    await cache.set('k', 1, '250ms');
    clock.advance(249.999);
    expect(await cache.has('k')).toBe(true);
    clock.advance(0.001);
    expect([await cache.has('k'), await cache.get('k'), await cache.ttl('k')]).toEqual([false, undefined, undefined]);
  });

  it('C6: everything that waits waits on the clock that was passed in', async () => {
    const real = [jest.spyOn(globalThis, 'setTimeout'), jest.spyOn(globalThis, 'setInterval')];
    const clock = new FakeClock();
    const cache = new EnhancedCache({ clock, loading: { softTimeout: 1, hardTimeout: 5, staleIfError: 60 } });
    const hang = (): Promise<never> => new Promise(() => undefined);
    await cache.getOrSet('k', () => 'old', 1);
    clock.advance(1000);
    const soft = cache.getOrSet('k', hang);
    clock.advance(1000);
    expect(await soft).toBe('old');
    const hard = cache.getOrSet('other', hang);
    const lock = cache.withLock('l', hang, { lease: 2 });
    const next = cache.withLock('l', () => 'mine', { wait: 3 });
    const closing = cache.getOrSet('third', hang, { hardTimeout: null });
    clock.advance(5000);
    expect(await next).toBe('mine');
    await expect(hard).rejects.toMatchObject({ code: 'CACHE_TIMEOUT' });
    const closed = cache.close();
    clock.advance(5000);
    await closed;
    await expect(closing).rejects.toMatchObject({ code: 'CACHE_CLOSED' });
    expect(real.flatMap((timer) => timer.mock.calls)).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
    void lock;
  });
});
