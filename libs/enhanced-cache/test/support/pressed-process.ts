import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import type { EnhancedCacheOptions } from '../../src/engine/options/options.js';
import { FakeClock } from '../../src/engine/ports/fake-clock.js';
import type { MemoryPressureOptions } from '../../src/engine/pressure/pressure-options.js';
import { FakeMemoryProbe } from '../../src/engine/ports/fake-memory-probe.js';

export const MIB = 1024 * 1024;
/** What {@link PressedProcess.fill} stores under each key, all included. */
export const ENTRY_BYTES = 10_240;

/** Percent of the heap. */
const MARKS = { okPercent: 75, highPercent: 85, criticalPercent: 93 };

type PressedOptions = Omit<EnhancedCacheOptions, 'memoryPressure'> & { memoryPressure?: MemoryPressureOptions };

/** A process of which a test says what it takes besides its caches; what they hold is in its heap. */
export class PressedProcess {
  readonly clock = new FakeClock();
  readonly probe = new FakeMemoryProbe();
  readonly caches: EnhancedCache[] = [];
  elseBytes = 0;
  /** Bytes of the heap for each one that a cache says it holds. */
  ratio = 1;

  constructor(heapLimitBytes = 100 * MIB) {
    this.probe.heapLimitBytes = heapLimitBytes;
  }

  cache(options: PressedOptions = {}): EnhancedCache {
    const cache = new EnhancedCache({
      clock: this.clock,
      maxSize: 1_000_000,
      compressionLevel: 0,
      evictionPolicy: 'lru',
      ...options,
      memoryPressure: { probe: this.probe, heap: MARKS, ...options.memoryPressure },
    });
    this.caches.push(cache);
    return cache;
  }

  /** Stores entries of {@link ENTRY_BYTES} under `<from>` to `<to - 1>`. */
  async fill(cache: EnhancedCache, from: number, to: number): Promise<void> {
    for (let i = from; i < to; i++) await cache.set(String(i), 'x'.repeat(ENTRY_BYTES - 280));
  }

  /** What is in use: what the heap holds right after a collection. */
  get liveBytes(): number {
    const tracked = this.caches.reduce((sum, cache) => sum + cache.getMemoryUsage().memoryUsageBytes, 0);
    return this.elseBytes + this.ratio * tracked;
  }

  /** A collection of the whole heap, then `ms` in which nothing is collected. */
  live(ms: number): void {
    this.probe.collect(this.liveBytes);
    this.clock.advance(ms);
  }

  close(): Promise<void[]> {
    return Promise.all(this.caches.map((cache) => cache.close()));
  }
}

/** The part of the memory report that is about pressure. */
export function pressureOf(cache: EnhancedCache) {
  const { pressure, effectiveLimitBytes, memoryUsageBytes } = cache.getMemoryUsage();
  return { ...pressure, effectiveLimitBytes, memoryUsageBytes };
}
