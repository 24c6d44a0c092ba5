import fc from 'fast-check';
import { Counters } from './counters.js';
import { type CacheGauges, cacheStats, memoryReport } from './statistics.js';

const MIB = 1024 * 1024;

const gauges: CacheGauges = {
  entryCount: 50,
  maxEntries: 200,
  originalBytes: 4000,
  storedBytes: 1000,
  chargedBytes: 5 * MIB,
  maxBytes: 10 * MIB,
  listenerFailures: 3,
  averageAccessTimeMs: 0.000_123_456_7,
  evictionPolicy: 'hybrid',
  evictionDetail: null,
  compressionLevel: 6,
  uptimeMs: 61_234.5,
};
const empty: CacheGauges = { ...gauges, entryCount: 0, originalBytes: 0, storedBytes: 0, chargedBytes: 0 };

function counted(counts: Partial<Counters>): Counters {
  return Object.assign(new Counters(), counts);
}

describe('cacheStats', () => {
  it('derives every figure of a used cache', () => {
    const counters = counted({
      hits: 2,
      misses: 1,
      sets: 9,
      deletes: 8,
      evictions: 7,
      expirations: 6,
      loads: 5,
      loadFailures: 4,
      fencedLoads: 3,
      staleHits: 0,
      joinedLoads: 0,
      queuedLoads: 0,
      backgroundLoads: 0,
      loadTimeouts: 0,
      lateLoads: 0,
      corruptEntries: 2,
      hitCost: 9,
      missCost: 1,
    });
    expect(cacheStats(counters, gauges)).toEqual({
      hits: 2,
      misses: 1,
      totalRequests: 3,
      hitRate: 66.67,
      missRate: 33.33,
      sets: 9,
      deletes: 8,
      evictions: 7,
      expirations: 6,
      loads: 5,
      loadFailures: 4,
      fencedLoads: 3,
      staleHits: 0,
      joinedLoads: 0,
      queuedLoads: 0,
      backgroundLoads: 0,
      loadTimeouts: 0,
      lateLoads: 0,
      corruptEntries: 2,
      listenerFailures: 3,
      entryCount: 50,
      maxSize: 200,
      utilization: 50,
      totalSize: 4000,
      compressedSize: 1000,
      compressionRatio: 0.25,
      memoryEfficiency: 75,
      memoryUsageMb: 5,
      maxMemoryMb: 10,
      averageAccessTimeMs: 0.000_123,
      cacheEfficiencyScore: 76,
      loadSecondsSaved: 0,
      loadSecondsPaid: 0,
      loadSecondsByTag: [],
      evictionPolicy: 'hybrid',
      evictionDetail: null,
      compressionLevel: 6,
      tier: null,
      uptimeSeconds: 61.235,
    });
  });

  it('takes the fuller of the two limits as utilization', () => {
    const byEntries = { ...gauges, entryCount: 180 };
    expect(cacheStats(new Counters(), byEntries).utilization).toBe(90);
  });

  it('answers 0 for every share of nothing, and a compression ratio of 1', () => {
    expect(cacheStats(new Counters(), empty)).toMatchObject({
      hitRate: 0,
      missRate: 0,
      utilization: 0,
      compressionRatio: 1,
      memoryEfficiency: 0,
      cacheEfficiencyScore: 0,
    });
  });

  it('scores a cache by what its hits save, not by their number alone', () => {
    const cheapHits = cacheStats(counted({ hits: 90, misses: 10, hitCost: 9, missCost: 91 }), gauges);
    const dearHits = cacheStats(counted({ hits: 90, misses: 10, hitCost: 91, missCost: 9 }), gauges);
    expect(cheapHits.cacheEfficiencyScore).toBe(57.6);
    expect(dearHits.cacheEfficiencyScore).toBe(90.4);
  });

  it('never leaves the range from 0 to 100 with a rate or the score', () => {
    const count = fc.nat({ max: 1e9 });
    fc.assert(
      fc.property(count, count, fc.double({ min: 0, max: 1e9, noNaN: true }), (hits, misses, cost) => {
        const stats = cacheStats(counted({ hits, misses, hitCost: cost, missCost: misses }), gauges);
        for (const figure of [stats.hitRate, stats.missRate, stats.cacheEfficiencyScore]) {
          expect(figure).toBeGreaterThanOrEqual(0);
          expect(figure).toBeLessThanOrEqual(100);
        }
      }),
      { seed: 11 },
    );
  });
});

describe('memoryReport', () => {
  it('derives every figure of a used cache', () => {
    expect(memoryReport({ ...gauges, entryCount: 3, chargedBytes: 1_048_676 })).toEqual({
      totalEntries: 3,
      totalSizeBytes: 4000,
      compressedSizeBytes: 1000,
      compressionSavingsBytes: 3000,
      compressionRatio: 0.25,
      overheadBytes: 1_047_676,
      memoryUsageBytes: 1_048_676,
      memoryUsageMb: 1.0001,
      maxMemoryMb: 10,
      memoryUtilizationPercent: 10,
      averageEntrySizeBytes: 1333.33,
      averageCompressedSizeBytes: 333.33,
    });
  });

  it('answers 0 for the averages of an empty cache', () => {
    expect(memoryReport(empty)).toMatchObject({
      compressionRatio: 1,
      overheadBytes: 0,
      averageEntrySizeBytes: 0,
      averageCompressedSizeBytes: 0,
    });
  });
});
