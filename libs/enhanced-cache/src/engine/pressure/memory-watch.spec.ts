import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MIB, PressedProcess, pressureOf } from '../../../test/support/pressed-process.js';
import { LOOK_INTERVAL_MS } from './memory-watch.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('MemoryWatch', () => {
  it('has a timer and a listener only while a cache holds something', async () => {
    const process = new PressedProcess();
    const cache = process.cache();
    const armed = (): [number, number] => [process.clock.pendingTimers, process.probe.listeners];
    expect(armed()).toEqual([0, 0]);
    await cache.set('k', 1, null);
    expect(armed()).toEqual([1, 1]);
    process.clock.advance(10 * LOOK_INTERVAL_MS);
    expect(armed()).toEqual([1, 1]);
    await cache.delete('k');
    process.clock.advance(LOOK_INTERVAL_MS);
    expect(armed()).toEqual([0, 0]);
    await cache.set('k', 1, null);
    expect(armed()).toEqual([1, 1]);
    await cache.close();
    expect(armed()).toEqual([0, 0]);
  });

  it('is shared by the caches of a process and counts all that they hold', async () => {
    const process = new PressedProcess();
    const [one, two] = [process.cache(), process.cache()];
    await process.fill(one, 0, 10);
    await process.fill(two, 0, 10);
    // Lifetimes of an hour: one sweep timer each, and the one of the watch.
    expect([process.clock.pendingTimers, process.probe.listeners]).toEqual([3, 1]);
    process.elseBytes = 84 * MIB;
    process.live(LOOK_INTERVAL_MS);
    expect(pressureOf(one).level).toBe('ok');
    await process.fill(two, 10, 110);
    process.live(LOOK_INTERVAL_MS);
    expect([pressureOf(one).level, pressureOf(two).level]).toEqual(['high', 'high']);
    await one.close();
    expect([pressureOf(one).level, process.probe.listeners]).toEqual(['off', 1]);
    await process.close();
    expect(process.probe.listeners).toBe(0);
  });

  it('does not take garbage for pressure', async () => {
    const process = new PressedProcess();
    const cache = process.cache();
    await process.fill(cache, 0, 100);
    process.elseBytes = 60 * MIB;
    process.live(0);
    process.probe.heapUsedBytes = 98 * MIB;
    process.clock.advance(LOOK_INTERVAL_MS);
    expect(pressureOf(cache)).toMatchObject({ level: 'ok', heapUsedPercent: expect.closeTo(61, 0), shedBytes: 0 });
    process.probe.collect(90 * MIB);
    process.clock.advance(LOOK_INTERVAL_MS);
    expect(pressureOf(cache).level).toBe('high');
  });

  it('does not take what came after a collection for what it left, but for what caches took', async () => {
    const process = new PressedProcess();
    const cache = process.cache();
    await process.fill(cache, 0, 100);
    process.live(0);
    process.probe.youngBytes = 30 * MIB;
    process.probe.collect(95 * MIB);
    expect(pressureOf(cache)).toMatchObject({ level: 'ok', heapUsedPercent: expect.closeTo(65, 1) });
    const before = pressureOf(cache).memoryUsageBytes;
    await process.fill(cache, 100, 1100);
    const takenMib = (pressureOf(cache).memoryUsageBytes - before) / MIB;
    expect(takenMib).toBeGreaterThan(9);
    process.probe.collect(95 * MIB);
    expect(pressureOf(cache).heapUsedPercent).toBeCloseTo(65 + takenMib, 1);
  });

  it('counts what caches took since the last collection', async () => {
    const process = new PressedProcess();
    const cache = process.cache();
    await process.fill(cache, 0, 1);
    process.elseBytes = 80 * MIB;
    process.live(0);
    process.probe.heapUsedBytes = 99 * MIB;
    await process.fill(cache, 1, 801);
    expect(pressureOf(cache).level).toBe('high');
  });

  it('looks when a cache grows by megabytes though no time passes', async () => {
    const process = new PressedProcess();
    const cache = process.cache();
    await process.fill(cache, 0, 1);
    process.probe.collect(80 * MIB);
    process.probe.heapUsedBytes = 99 * MIB;
    for (let i = 1; i < 10_000; i++) {
      await process.fill(cache, i, i + 1);
      expect(80 * MIB + cache.getMemoryUsage().memoryUsageBytes).toBeLessThan(90 * MIB);
    }
  });

  it('goes by the limit of the process where that is nearer', async () => {
    const process = new PressedProcess(1024 * MIB);
    const cache = process.cache();
    await process.fill(cache, 0, 100);
    process.probe.processMemory = { usedBytes: 95 * MIB, limitBytes: 100 * MIB };
    process.clock.advance(LOOK_INTERVAL_MS);
    expect(pressureOf(cache)).toMatchObject({ level: 'critical', processMemoryPercent: expect.any(Number) });
    process.probe.processMemory = undefined;
    process.clock.advance(LOOK_INTERVAL_MS);
    expect(pressureOf(cache)).toMatchObject({ level: 'ok', processMemoryPercent: null });
  });

  it('gives the process time to collect what was shed, but not for ever', async () => {
    const process = new PressedProcess(1024 * MIB);
    const cache = process.cache();
    await process.fill(cache, 0, 1000);
    const before = pressureOf(cache).memoryUsageBytes;
    // One step brings it below the mark; the system does not see that until something is collected.
    process.probe.processMemory = { usedBytes: 85.5 * MIB, limitBytes: 100 * MIB };
    process.clock.advance(9000);
    const once = pressureOf(cache);
    expect(once).toMatchObject({ level: 'high', shedBytes: before - once.memoryUsageBytes });
    expect(once.shedBytes).toBeLessThan(0.11 * before);
    process.clock.advance(3000);
    expect(pressureOf(cache).shedBytes).toBeGreaterThan(0.15 * before);
  });

  it('does not keep a cache alive that was dropped without being closed', async () => {
    const process = new PressedProcess();
    await (async () => {
      await process.fill(process.cache({ defaultTtl: null }), 0, 1);
      process.caches.length = 0;
    })();
    expect(process.probe.listeners).toBe(1);
    // A weak reference is kept until the turn in which it was looked at is over.
    await new Promise((resolve) => setTimeout(resolve));
    collectGarbage();
    process.clock.advance(LOOK_INTERVAL_MS);
    expect([process.probe.listeners, process.clock.pendingTimers]).toEqual([0, 0]);
  });
});
