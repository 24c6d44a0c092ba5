import type { PressureLevel } from '../pressure/pressure-gauge.js';
import type { PressureReport } from '../reports.js';
import { Counters } from '../analytics/counters.js';
import type { ScratchCache } from '../benchmark/benchmark.js';
import { FakeClock } from '../ports/fake-clock.js';
import { type CacheFacts, HealthCheck } from './health-check.js';
import { RECENT_MS } from './recent-increase.js';
import { ROUND_TRIP_DEADLINE_MS } from './round-trip.js';

class MapScratch implements ScratchCache {
  readonly values = new Map<string, unknown>();
  closed = false;
  set(key: string, value: unknown): void {
    this.values.set(key, structuredClone(value));
  }
  get(key: string): unknown {
    return this.values.get(key);
  }
  delete(key: string): boolean {
    return this.values.delete(key);
  }
  close(): void {
    this.closed = true;
  }
}

function pressureReport(level: PressureLevel | 'off', processMemoryPercent: number | null = null): PressureReport {
  return {
    effectiveLimitBytes: 1000,
    estimatedErrorPercent: null,
    pressure: { level, heapUsedPercent: 40.5, processMemoryPercent, shedBytes: 0 },
  };
}

function setUp(given: Partial<CacheFacts> = {}) {
  const clock = new FakeClock({ wallNow: Date.UTC(2026, 0, 1) });
  const counters = new Counters();
  const scratches: MapScratch[] = [];
  const facts: CacheFacts = {
    counters,
    isClosed: () => false,
    entryCount: () => 10,
    maxEntries: () => 10,
    chargedBytes: () => 1000,
    maxBytes: () => 1000,
    listenerFailures: () => 0,
    pressure: () => pressureReport('ok'),
    tier: () => null,
    createScratch: () => {
      scratches.push(new MapScratch());
      return scratches[scratches.length - 1];
    },
    ...given,
  };
  return { clock, counters, scratches, health: new HealthCheck(facts, clock) };
}

describe('HealthCheck', () => {
  it('finds a cache healthy that is full to the brim', async () => {
    const { health, clock } = setUp();
    expect(await health.run()).toEqual({
      status: 'healthy',
      checks: {
        lifecycle: { status: 'healthy', closed: false },
        memory: {
          status: 'healthy',
          usedBytes: 1000,
          limitBytes: 1000,
          utilizationPercent: 100,
          entryCount: 10,
          maxEntries: 10,
        },
        pressure: {
          status: 'healthy',
          level: 'ok',
          heapUsedPercent: 40.5,
          processMemoryPercent: null,
          effectiveLimitBytes: 1000,
        },
        efficiency: { status: 'healthy', hitRate: null, evictionRate: null },
        integrity: { status: 'healthy', corruptEntries: 0 },
        listeners: { status: 'healthy', listenerFailures: 0 },
        roundTrip: { status: 'healthy', durationMs: 0 },
      },
      errors: [],
      timestamp: new Date(clock.wallNow()),
    });
  });

  it.each(['high', 'critical'] as const)('is degraded while the process is short of memory: %s', async (level) => {
    const report = await setUp({ pressure: () => pressureReport(level, 94.2) }).health.run();
    expect(report).toMatchObject({
      status: 'degraded',
      checks: { pressure: { status: 'degraded', level } },
      errors: ['the process uses 40.5 % of its heap and 94.2 % of its memory'],
    });
    const alone = await setUp({ pressure: () => pressureReport(level) }).health.run();
    expect(alone.errors).toEqual(['the process uses 40.5 % of its heap']);
  });

  it('is healthy where the memory of the process is not watched', async () => {
    expect(await setUp({ pressure: () => pressureReport('off') }).health.run()).toMatchObject({ status: 'healthy' });
  });

  it('is unhealthy when closed, and tries no round trip then', async () => {
    const { health, scratches } = setUp({ isClosed: () => true });
    const report = await health.run();
    expect(report).toMatchObject({ status: 'unhealthy', errors: ['the cache is closed'] });
    expect(scratches).toHaveLength(0);
  });

  it.each<[string, Partial<CacheFacts>, string]>([
    ['bytes', { chargedBytes: () => 1001 }, '1001 bytes are held, the limit is 1000'],
    ['entries', { entryCount: () => 11 }, '11 entries are held, the limit is 10'],
  ])('is unhealthy above the limit of %s', async (_, facts, error) => {
    expect(await setUp(facts).health.run()).toMatchObject({
      status: 'unhealthy',
      checks: { memory: { status: 'unhealthy' } },
      errors: [error],
    });
  });

  it('is degraded while nearly every set evicts and hardly any read hits, and recovers', async () => {
    const { health, counters } = setUp();
    Object.assign(counters, { hits: 50, misses: 950, sets: 950, evictions: 900 });
    expect(await health.run()).toMatchObject({
      status: 'degraded',
      checks: { efficiency: { status: 'degraded', hitRate: 5, evictionRate: 94.74 } },
      errors: [expect.stringContaining('too small for its traffic')],
    });
    counters.hits += 900;
    counters.misses += 100;
    expect(await health.run()).toMatchObject({ status: 'healthy', checks: { efficiency: { hitRate: 90 } } });
  });

  it('keeps its verdict until enough further requests were seen', async () => {
    const { health, counters } = setUp();
    Object.assign(counters, { misses: 1000, sets: 1000, evictions: 1000 });
    expect((await health.run()).status).toBe('degraded');
    counters.hits += 999;
    expect((await health.run()).status).toBe('degraded');
    counters.hits += 1;
    expect((await health.run()).status).toBe('healthy');
  });

  it.each([
    ['evicts heavily but hits', { hits: 500, misses: 500, sets: 500, evictions: 500 }],
    ['misses but does not evict', { misses: 1000, sets: 1000, evictions: 0 }],
    ['has seen too little traffic', { misses: 999, sets: 999, evictions: 999 }],
  ])('is healthy where a cache %s', async (_, counts) => {
    const { health, counters } = setUp();
    Object.assign(counters, counts);
    expect((await health.run()).status).toBe('healthy');
  });

  it('is degraded for a while after stored bytes were corrupt', async () => {
    const { health, counters, clock } = setUp();
    counters.corruptEntries = 2;
    expect(await health.run()).toMatchObject({
      status: 'degraded',
      checks: { integrity: { status: 'degraded', corruptEntries: 2 } },
      errors: ['stored bytes were corrupt, 2 times so far'],
    });
    clock.advance(RECENT_MS - 1);
    expect((await health.run()).status).toBe('degraded');
    clock.advance(1);
    expect(await health.run()).toMatchObject({ status: 'healthy', checks: { integrity: { corruptEntries: 2 } } });
    counters.corruptEntries = 3;
    expect((await health.run()).status).toBe('degraded');
  });

  it('is degraded for a while after a listener failed', async () => {
    let failures = 1;
    const { health, clock } = setUp({ listenerFailures: () => failures });
    expect(await health.run()).toMatchObject({ status: 'degraded', checks: { listeners: { status: 'degraded' } } });
    clock.advance(RECENT_MS);
    expect((await health.run()).status).toBe('healthy');
    failures++;
    expect((await health.run()).status).toBe('degraded');
  });

  it('reports every problem and the worst status', async () => {
    const { health, counters } = setUp({ chargedBytes: () => 5000 });
    counters.corruptEntries = 1;
    const report = await health.run();
    expect(report.status).toBe('unhealthy');
    expect(report.errors).toHaveLength(2);
  });

  it.each<[string, Partial<ScratchCache>, string]>([
    ['loses values', { get: () => undefined }, 'did not come back as it was'],
    ['alters values', { get: () => ({ text: 'x' }) }, 'did not come back as it was'],
    ['cannot delete', { delete: () => false }, 'could not be deleted'],
    ['throws', { set: () => Promise.reject(new Error('no memory')) }, 'a round trip failed: no memory'],
  ])('is unhealthy where the cache %s', async (_, broken, error) => {
    const scratch = Object.assign(new MapScratch(), broken);
    const report = await setUp({ createScratch: () => scratch }).health.run();
    expect(report).toMatchObject({ status: 'unhealthy', checks: { roundTrip: { status: 'unhealthy' } } });
    expect(report.errors).toEqual([expect.stringContaining(error)]);
    expect(scratch.closed).toBe(true);
  });

  it('is unhealthy where a deleted value comes back', async () => {
    const scratch = Object.assign(new MapScratch(), { delete: () => true });
    const report = await setUp({ createScratch: () => scratch }).health.run();
    expect(report.errors).toEqual(['a value that was deleted came back']);
  });

  it('is unhealthy where the round trip does not end in time, and leaves no timer behind', async () => {
    const scratch = Object.assign(new MapScratch(), { get: () => new Promise(() => undefined) });
    const { health, clock } = setUp({ createScratch: () => scratch });
    const running = health.run();
    clock.advance(ROUND_TRIP_DEADLINE_MS);
    expect(await running).toMatchObject({
      status: 'unhealthy',
      checks: { roundTrip: { durationMs: ROUND_TRIP_DEADLINE_MS } },
      errors: ['a round trip did not end within 1000 ms'],
    });
    await setUp().health.run();
    expect(clock.pendingTimers).toBe(0);
  });

  it('leaves no timer and no scratch cache behind', async () => {
    const { health, clock, scratches } = setUp();
    await health.run();
    expect(clock.pendingTimers).toBe(0);
    expect(scratches.map((scratch) => scratch.closed)).toEqual([true]);
    expect(scratches[0].values.size).toBe(0);
  });
});
