import { FakeClock } from '../ports/fake-clock.js';
import type { EnabledAnalytics } from '../reports.js';
import { Analytics, type SamplingOptions } from './analytics.js';
import { Counters } from './counters.js';
import { cacheStats } from './statistics.js';

const gauges = {
  entryCount: 1,
  maxEntries: 10,
  originalBytes: 10,
  storedBytes: 5,
  chargedBytes: 100,
  maxBytes: 1000,
  listenerFailures: 0,
  evictionPolicy: 'lru',
  evictionDetail: null,
  compressionLevel: 6,
  uptimeMs: 0,
};

/** Seeded, evenly spread numbers from 0 to below 1. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

function setUp(sampling: SamplingOptions = {}, enabled = true) {
  const clock = new FakeClock();
  const counters = new Counters();
  const analytics = new Analytics(clock, enabled, { random: randomOf(42), ...sampling });
  const read = (key: string, hit = true, takesMs = 0): boolean => {
    const startedAt = analytics.timesNext ? clock.now() : -1;
    if (takesMs > 0) clock.advance(takesMs);
    if (startedAt >= 0) analytics.recordTime(startedAt);
    if (hit) counters.hits++;
    else counters.misses++;
    const isSample = analytics.tick();
    if (isSample) analytics.recordKey(key, hit);
    return isSample;
  };
  const report = () =>
    analytics.report(
      cacheStats(counters, { ...gauges, averageAccessTimeMs: analytics.averageAccessTimeMs }),
      counters,
    ) as EnabledAnalytics;
  return { analytics, clock, counters, read, report };
}

describe('Analytics', () => {
  it('is exact for the first 1024 reads', () => {
    const { read, report } = setUp();
    for (let index = 0; index < 1024; index++) read(`user:${index % 4}`, index % 4 !== 0);
    expect(report().accessPatterns).toEqual({ 'user:*': { requests: 1024, hits: 768, misses: 256, hitRate: 75 } });
    expect(report().topKeys).toContainEqual({ key: 'user:3', count: 256 });
    expect(report().performanceMetrics.sampleRate).toBe(1 / 2);
  });

  it('thins out to one read of 1024 while its sums stay true', () => {
    const { read, report } = setUp();
    const reads = 3_000_000;
    let sampled = 0;
    for (let index = 0; index < reads; index++) if (read(`user:${index % 10}`)) sampled++;
    const { sampleRate, sampledReads } = report().performanceMetrics;
    expect(sampleRate).toBe(1 / 1024);
    // The read that is timed is the one after a sample.
    expect(Math.abs(sampledReads - sampled)).toBeLessThanOrEqual(1);
    expect(sampled).toBeLessThan(10 * 1024 + reads / 1024);
    // One sample of every block: off by less than the block that is under way.
    expect(Math.abs(report().accessPatterns['user:*'].requests - reads)).toBeLessThan(1024);
  });

  it('samples more densely again when fewer reads come', () => {
    const { clock, read, report } = setUp();
    for (let index = 0; index < 1024 * 16; index++) read('busy:1');
    const dense = report().performanceMetrics.sampleRate;
    for (let index = 0; index < 1024 * 64; index++) {
      read('quiet:1');
      clock.advance(10);
    }
    expect(dense).toBeLessThan(1 / 4);
    expect(report().performanceMetrics.sampleRate).toBe(1);
    expect(report().accessPatterns['quiet:*'].requests / (1024 * 64)).toBeCloseTo(1, 1);
  });

  it('is not fooled by access whose period is that of the sampling', () => {
    const { read, report } = setUp({ maxStride: 128 });
    const reads = 2 ** 20;
    for (let index = 0; index < reads; index++) read(index % 128 === 0 ? 'rare:one' : 'usual:one');
    const { requests } = report().accessPatterns['rare:one'];
    expect(requests).toBeGreaterThan(reads / 128 / 2);
    expect(requests).toBeLessThan((reads / 128) * 2);
  });

  it('estimates hit rates by pattern', () => {
    const { read, report } = setUp();
    const random = randomOf(7);
    for (let index = 0; index < 200_000; index++) read(`city:${index}`, random() < 0.8);
    expect(report().accessPatterns['city:*'].hitRate / 80).toBeCloseTo(1, 1);
  });

  it('times the sampled reads from begin to end', () => {
    const { analytics, read, report } = setUp();
    for (let index = 0; index < 100; index++) read('key', true, index < 99 ? 1 : 51);
    expect(analytics.averageAccessTimeMs).toBe(1.5);
    expect(report()).toMatchObject({ averageAccessTime: 1.5, performanceMetrics: { maxAccessTimeMs: 51 } });
    expect(report().accessTimePercentiles.p50).toBeCloseTo(1, 1);
    expect(report().accessTimePercentiles.p999 / 51).toBeCloseTo(1, 1);
  });

  it('repeats the figures of the statistics and derives the rates of loading and evicting', () => {
    const { counters, read, report } = setUp();
    read('a', true);
    read('b', false);
    Object.assign(counters, { sets: 8, evictions: 2, loads: 4, loadFailures: 1, loadTimeMs: 10, hitCost: 2.5 });
    expect(report()).toMatchObject({
      enabled: true,
      totalRequests: 2,
      hitRate: 50,
      missRate: 50,
      evictionRate: 25,
      compressionRatio: 0.5,
      memoryEfficiency: 50,
      performanceMetrics: { averageLoadTimeMs: 2.5, loadFailureRate: 25, timeSavedSeconds: 2.5, trackedKeys: 2 },
    });
  });

  it('reports 20 keys at most', () => {
    const { read, report } = setUp();
    for (let index = 0; index < 500; index++) read(`key:${index % 50}`);
    expect(report().topKeys).toHaveLength(20);
  });

  it('stays bounded for a million keys', () => {
    const { read, report } = setUp({ maxStride: 1 });
    for (let index = 0; index < 1_000_000; index++) read(`user:${index}:${'x'.repeat(index % 7)}`);
    const { trackedKeys, trackedPatterns } = report().performanceMetrics;
    expect(trackedKeys).toBeLessThanOrEqual(256);
    expect(trackedPatterns).toBeLessThanOrEqual(512);
  });

  it('samples nothing and reports nothing while it is off', () => {
    const { analytics, read, report } = setUp({}, false);
    for (let index = 0; index < 5000; index++) expect(read('key')).toBe(false);
    expect(report()).toEqual({ enabled: false });
    expect(analytics.averageAccessTimeMs).toBe(0);
  });

  it('can be switched on live, begins densely and drops what it knew when it is switched off', () => {
    const { analytics, read, report } = setUp({}, false);
    read('before');
    analytics.enabled = true;
    read('during');
    expect(report().topKeys).toEqual([{ key: 'during', count: 1 }]);
    analytics.enabled = false;
    analytics.enabled = true;
    expect(report().topKeys).toEqual([]);
  });

  it('ignores a read that ends after it was switched off', () => {
    const { analytics, report } = setUp();
    expect(analytics.timesNext).toBe(true);
    analytics.enabled = false;
    analytics.recordTime(-5);
    expect(analytics.averageAccessTimeMs).toBe(0);
    analytics.enabled = true;
    expect(report().topKeys).toEqual([]);
  });

  it('keeps what it knows when it is switched on again while on', () => {
    const { analytics, read, report } = setUp();
    read('key');
    analytics.enabled = true;
    expect(report().topKeys).toEqual([{ key: 'key', count: 1 }]);
  });
});
