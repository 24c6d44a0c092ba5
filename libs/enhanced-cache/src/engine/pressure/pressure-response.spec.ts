import * as fc from 'fast-check';
import { ENTRY_BYTES, MIB, PressedProcess, pressureOf } from '../../../test/support/pressed-process.js';
import { CapacityError } from '../errors.js';
import { EnhancedCache } from '../enhanced-cache.js';
import { FakeMemoryProbe } from '../ports/fake-memory-probe.js';

/** Ten steps down or more, or a dozen up. */
const LONG_MS = 12_000;

async function pressed(entries: number, elseMb: number, options = {}) {
  const process = new PressedProcess();
  const cache = process.cache(options);
  await process.fill(cache, 0, entries);
  // Past the look that filling the cache asked for.
  process.clock.advance(200);
  process.elseBytes = elseMb * MIB;
  return { process, cache, heldBytes: cache.getMemoryUsage().memoryUsageBytes };
}

describe('PressureResponse', () => {
  it('leaves a cache alone whose process has room', async () => {
    const { process, cache, heldBytes } = await pressed(1000, 50);
    process.live(LONG_MS);
    expect(pressureOf(cache)).toEqual({
      level: 'ok',
      heapUsedPercent: expect.closeTo(59.9, 0),
      processMemoryPercent: null,
      shedBytes: 0,
      effectiveLimitBytes: 100 * MIB,
      memoryUsageBytes: heldBytes,
    });
  });

  it('sheds a tenth at a time, the oldest entries first, until there is room', async () => {
    const { process, cache, heldBytes } = await pressed(2000, 70);
    const evicted: string[] = [];
    cache.on('evict', ({ key }) => evicted.push(key));
    process.live(0);
    const once = pressureOf(cache);
    expect(once.level).toBe('high');
    expect(once.memoryUsageBytes).toBeLessThanOrEqual(0.9 * heldBytes);
    expect(once.memoryUsageBytes).toBeGreaterThan(0.9 * heldBytes - 2 * ENTRY_BYTES);
    process.live(LONG_MS);
    const after = pressureOf(cache);
    expect(70 * MIB + after.memoryUsageBytes).toBeLessThan(85 * MIB);
    expect(70 * MIB + after.memoryUsageBytes).toBeGreaterThan(75 * MIB);
    expect(after.shedBytes).toBe(heldBytes - after.memoryUsageBytes);
    expect(evicted).toEqual(evicted.map((_, i) => String(i)));
    expect(cache.getStats().evictions).toBe(evicted.length);
    expect(cache.verifyAccounting()).toEqual([]);
  });

  it('sheds a quarter at a time where the process is about to die', async () => {
    const { process, cache, heldBytes } = await pressed(2000, 80);
    process.live(0);
    expect(pressureOf(cache).level).toBe('critical');
    expect(pressureOf(cache).memoryUsageBytes / heldBytes).toBeCloseTo(0.75, 2);
  });

  it('keeps the least that it was granted, whatever happens', async () => {
    const { process, cache: kept } = await pressed(1000, 95, { memoryPressure: { minMemoryMb: 3 } });
    process.live(60_000);
    expect(pressureOf(kept)).toMatchObject({ level: 'critical', effectiveLimitBytes: 3 * MIB });
    expect(pressureOf(kept).memoryUsageBytes).toBeGreaterThan(3 * MIB - 2 * ENTRY_BYTES);
    await process.fill(kept, 1000, 2000);
    expect(pressureOf(kept).memoryUsageBytes).toBeLessThanOrEqual(3 * MIB);
  });

  it('stands still between the marks and grows back below them, step by step', async () => {
    const { process, cache } = await pressed(2000, 80);
    process.live(LONG_MS);
    const { effectiveLimitBytes } = pressureOf(cache);
    process.elseBytes += 78 * MIB - process.liveBytes;
    process.live(LONG_MS);
    expect(pressureOf(cache)).toMatchObject({ level: 'high', effectiveLimitBytes });
    process.elseBytes = 10 * MIB;
    process.live(1000);
    const grown = pressureOf(cache);
    expect(grown.level).toBe('ok');
    expect(grown.effectiveLimitBytes).toBeGreaterThan(effectiveLimitBytes);
    expect(grown.effectiveLimitBytes).toBeLessThanOrEqual(effectiveLimitBytes * 1.1 + 2 * MIB);
    process.live(120_000);
    expect(pressureOf(cache).effectiveLimitBytes).toBe(100 * MIB);
    await process.fill(cache, 5000, 7000);
    expect(cache.getStats()).toMatchObject({ entryCount: expect.any(Number), maxMemoryMb: 100 });
    expect(pressureOf(cache).memoryUsageBytes).toBeGreaterThan(2000 * ENTRY_BYTES);
  });

  it('tells who listens of each change of the level', async () => {
    const { process, cache } = await pressed(1000, 30);
    const levels: string[] = [];
    cache.on('pressure', ({ previous, level, heapUsedPercent }) => {
      levels.push(`${previous} -> ${level} at ${Math.floor(heapUsedPercent)} %`);
    });
    process.live(1000);
    process.elseBytes = 86 * MIB;
    process.live(200);
    process.elseBytes = 30 * MIB;
    process.live(1000);
    expect(levels).toEqual(['ok -> critical at 95 %', 'critical -> ok at 37 %']);
  });

  it('refuses an entry that would drive out the rest of what it may keep', async () => {
    const { process, cache } = await pressed(1000, 95, { maxValueMb: 50 });
    process.live(LONG_MS);
    const before = cache.getStats().entryCount;
    await expect(cache.set('large', 'x'.repeat(900_000))).rejects.toThrow(CapacityError);
    expect(cache.getStats().entryCount).toBe(before);
    process.elseBytes = 10 * MIB;
    process.live(120_000);
    await cache.set('large', 'x'.repeat(900_000));
    expect(await cache.has('large')).toBe(true);
  });

  it('holds while the limits are changed, and a lower limit needs no pressure', async () => {
    const { process, cache } = await pressed(2000, 95);
    process.live(LONG_MS);
    const { effectiveLimitBytes } = pressureOf(cache);
    await cache.configure({ maxMemoryMb: 200 });
    expect(cache.getStats().maxMemoryMb).toBe(200);
    expect(pressureOf(cache).effectiveLimitBytes).toBe(effectiveLimitBytes);
    await process.fill(cache, 3000, 3500);
    expect(pressureOf(cache).memoryUsageBytes).toBeLessThanOrEqual(effectiveLimitBytes);
    await cache.configure({ maxMemoryMb: 0.5 });
    expect(pressureOf(cache)).toMatchObject({ effectiveLimitBytes: MIB / 2 });
    expect(pressureOf(cache).memoryUsageBytes).toBeLessThanOrEqual(MIB / 2);
    process.elseBytes = 1 * MIB;
    process.live(LONG_MS);
    await cache.configure({ maxMemoryMb: 200 });
    process.live(120_000);
    expect(pressureOf(cache)).toMatchObject({ level: 'ok', effectiveLimitBytes: 200 * MIB });
  });

  it('puts right a limit whose bytes take more than they say', async () => {
    const process = new PressedProcess(10_000 * MIB);
    process.ratio = 1.4;
    const cache = process.cache();
    const grow = async (from: number): Promise<void> => {
      for (let step = from; step < from + 4; step++) {
        await process.fill(cache, step * 1000, (step + 1) * 1000);
        process.live(1000);
      }
    };
    await grow(0);
    // It may be the keys: they are copied, and what was learned does not count any more.
    process.live(LONG_MS);
    expect(pressureOf(cache).effectiveLimitBytes).toBe(100 * MIB);
    await grow(4);
    expect(cache.getMemoryUsage()).toMatchObject({ estimatedErrorPercent: expect.closeTo(40, 1) });
    process.live(LONG_MS);
    await process.fill(cache, 8000, 16_000);
    const { effectiveLimitBytes, level } = pressureOf(cache);
    expect(level).toBe('ok');
    expect(effectiveLimitBytes / (100 * MIB)).toBeCloseTo(1 / 1.4, 2);
    expect(pressureOf(cache).memoryUsageBytes * 1.4).toBeLessThanOrEqual(100 * MIB);
  });

  it('is off where it is switched off', async () => {
    const cache = new EnhancedCache({ memoryPressure: false });
    await cache.set('k', 1);
    expect(cache.getMemoryUsage()).toMatchObject({
      effectiveLimitBytes: 100 * MIB,
      estimatedErrorPercent: null,
      pressure: { level: 'off', heapUsedPercent: null, processMemoryPercent: null, shedBytes: 0 },
    });
    expect((await cache.healthCheck()).checks.pressure).toMatchObject({ status: 'healthy', level: 'off' });
    await cache.close();
  });

  it('reads this process where nothing else is said', async () => {
    const cache = new EnhancedCache();
    const { pressure } = cache.getMemoryUsage();
    expect(pressure.heapUsedPercent).toBeGreaterThan(0);
    expect(pressure.heapUsedPercent).toBeLessThan(100);
    await cache.close();
    expect(cache.getMemoryUsage().pressure.level).toBe('off');
  });

  it('hears a failing listener without harm', async () => {
    const { process, cache } = await pressed(1000, 86);
    cache.on('pressure', () => {
      throw new Error('listener');
    });
    process.live(LONG_MS);
    expect(cache.getStats().listenerFailures).toBeGreaterThan(0);
    expect(cache.verifyAccounting()).toEqual([]);
  });

  it('keeps its promises whatever the process does', async () => {
    const step = fc.oneof(
      fc.record({ does: fc.constant('fill' as const), amount: fc.integer({ min: 1, max: 400 }) }),
      fc.record({ does: fc.constant('use' as const), amount: fc.integer({ min: 0, max: 120 }) }),
      fc.record({ does: fc.constant('wait' as const), amount: fc.integer({ min: 0, max: 5000 }) }),
      fc.record({ does: fc.constant('configure' as const), amount: fc.integer({ min: 1, max: 100 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const process = new PressedProcess();
        const cache = process.cache({ memoryPressure: { minMemoryMb: 2 } });
        let next = 0;
        for (const { does, amount } of steps) {
          const before = pressureOf(cache);
          if (does === 'fill') await process.fill(cache, next, (next += amount));
          if (does === 'use') process.elseBytes = amount * MIB;
          if (does === 'wait') process.live(amount);
          if (does === 'configure') await cache.configure({ maxMemoryMb: amount });
          const after = pressureOf(cache);
          const maxBytes = cache.getStats().maxMemoryMb * MIB;
          expect(after.memoryUsageBytes).toBeLessThanOrEqual(after.effectiveLimitBytes + ENTRY_BYTES);
          expect(after.effectiveLimitBytes).toBeLessThanOrEqual(maxBytes);
          expect(after.effectiveLimitBytes).toBeGreaterThanOrEqual(Math.min(2 * MIB, maxBytes));
          expect(after.shedBytes).toBeGreaterThanOrEqual(before.shedBytes);
        }
        expect(cache.verifyAccounting()).toEqual([]);
        process.elseBytes = 0;
        await cache.clear();
        process.live(300_000);
        expect(pressureOf(cache)).toMatchObject({ level: 'ok' });
        expect(pressureOf(cache).effectiveLimitBytes).toBe(cache.getStats().maxMemoryMb * MIB);
        expect(process.clock.pendingTimers).toBeLessThanOrEqual(1);
        await cache.close();
        expect([process.probe.listeners, process.clock.pendingTimers]).toEqual([0, 0]);
      }),
      {
        numRuns: 60,
        // A ceiling above the limit that was configured later is none: it kept the watch over an empty cache awake.
        examples: [
          [
            [
              { does: 'use', amount: 85 },
              { does: 'wait', amount: 0 },
              { does: 'fill', amount: 1 },
              { does: 'configure', amount: 1 },
            ],
          ],
        ],
      },
    );
  });
});

describe('FakeMemoryProbe', () => {
  it('is what a test says it is', () => {
    const probe = new FakeMemoryProbe();
    let collections = 0;
    const stop = probe.onCollection(() => collections++);
    probe.collect(5);
    stop();
    probe.collect();
    expect([probe.heap().usedBytes, probe.process(), collections]).toEqual([5, undefined, 1]);
  });
});
