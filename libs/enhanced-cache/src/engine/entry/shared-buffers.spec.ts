import * as fc from 'fast-check';
import { EnhancedCache } from '../enhanced-cache.js';
import { FakeClock } from '../ports/fake-clock.js';
import { SharedBuffers } from './shared-buffers.js';

const KIB = 1024;

describe('SharedBuffers', () => {
  it('knows what is counted more than once, whoever comes and goes', () => {
    const pool = [new ArrayBuffer(8 * KIB), new ArrayBuffer(100), new ArrayBuffer(100 * KIB)];
    const step = fc.record({ slot: fc.nat(5), buffers: fc.subarray(pool) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const shared = new SharedBuffers();
        const held = new Map<number, ArrayBuffer[]>();
        for (const { slot, buffers } of steps) {
          shared.remove(slot);
          held.delete(slot);
          if (buffers.length === 0) continue;
          shared.add(slot, buffers);
          held.set(slot, buffers);
        }
        expect(shared.recount(held.keys())).toBe(shared.surplusBytes);
        const links = [...held.values()].flat();
        const whole = links.reduce((sum, buffer) => sum + buffer.byteLength, 0);
        const once = [...new Set(links)].reduce((sum, buffer) => sum + buffer.byteLength, 0);
        // Besides their contents, buffers have heads that are counted with them, and links that are counted against them.
        expect(Math.abs(shared.surplusBytes - (whole - once))).toBeLessThanOrEqual(200 * links.length);
        for (const slot of held.keys()) shared.remove(slot);
        expect(shared.surplusBytes).toBe(0);
      }),
    );
  });
});

describe('a cache in shared mode', () => {
  const cacheOf = (options = {}) =>
    new EnhancedCache({ clock: new FakeClock(), isolation: 'shared', evictionPolicy: 'lru', ...options });

  it('counts a pool once for all Buffers that were taken from it', async () => {
    const cache = cacheOf();
    const pool = new ArrayBuffer(8 * KIB);
    for (let i = 0; i < 80; i++) await cache.set(`k${i}`, Buffer.from(pool, i * 100, 100));
    const { memoryUsageBytes } = cache.getMemoryUsage();
    expect(memoryUsageBytes).toBeGreaterThan(80 * 300);
    expect(memoryUsageBytes).toBeLessThan(80 * 800);
    expect(cache.verifyAccounting()).toEqual([]);
    for (let i = 0; i < 79; i++) await cache.delete(`k${i}`);
    expect(cache.getMemoryUsage().memoryUsageBytes).toBeGreaterThan(8 * KIB);
    await cache.set('k79', 1);
    expect(cache.getMemoryUsage().memoryUsageBytes).toBeLessThan(KIB);
    expect(cache.verifyAccounting()).toEqual([]);
  });

  it('goes by the whole buffer where one entry would take too much', async () => {
    const cache = cacheOf({ maxMemoryMb: 1 });
    await cache.set('other', 1);
    const view = new Uint8Array(new ArrayBuffer(500 * KIB), 0, 10);
    await expect(cache.set('large', view)).rejects.toMatchObject({ code: 'CACHE_CAPACITY' });
    expect(await cache.get('other')).toBe(1);
    expect(cache.verifyAccounting()).toEqual([]);
  });

  it('stays within its limit', async () => {
    const cache = cacheOf({ maxMemoryMb: 0.5 });
    for (let i = 0; i < 400; i++) {
      const pool = new ArrayBuffer(8 * KIB);
      for (let part = 0; part < 4; part++)
        await cache.set(`k${i}:${part}`, { bytes: Buffer.from(pool, part * 100, 100) });
      expect(cache.getMemoryUsage().memoryUsageBytes).toBeLessThanOrEqual(512 * KIB);
    }
    expect(cache.getStats().entryCount).toBeGreaterThan(150);
    expect(cache.verifyAccounting()).toEqual([]);
    await cache.clear();
    expect(cache.getMemoryUsage().memoryUsageBytes).toBe(0);
    expect(cache.verifyAccounting()).toEqual([]);
  });

  it('counts the views inside of frozen class instances too', async () => {
    class Packet {
      constructor(readonly bytes: Buffer) {}
    }
    const cache = cacheOf({ isolation: 'frozen' });
    const pool = new ArrayBuffer(8 * KIB);
    for (let i = 0; i < 80; i++) await cache.set(`k${i}`, new Packet(Buffer.from(pool, i * 100, 100)));
    expect(cache.getMemoryUsage().memoryUsageBytes).toBeLessThan(80 * 900);
    expect(cache.verifyAccounting()).toEqual([]);
  });
});
