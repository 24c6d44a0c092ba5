import fc from 'fast-check';
import { LatencyHistogram } from './latency-histogram.js';

/** Nearest rank over the recorded times themselves. */
function exactQuantile(times: readonly number[], quantile: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(quantile * sorted.length)) - 1];
}

describe('LatencyHistogram', () => {
  it('answers 0 to everything while nothing was recorded', () => {
    const histogram = new LatencyHistogram();
    expect(histogram.percentiles()).toEqual({ p50: 0, p90: 0, p99: 0, p999: 0 });
    expect([histogram.count, histogram.meanMs, histogram.minMs, histogram.maxMs]).toEqual([0, 0, 0, 0]);
  });

  it('is within 2 percent of the exact quantile from nanoseconds to an hour', () => {
    const time = fc
      .tuple(fc.integer({ min: -19, max: 20 }), fc.double({ min: 1, max: 2, noNaN: true }))
      .map(([exponent, mantissa]) => 2 ** exponent * mantissa);
    fc.assert(
      fc.property(
        fc.array(time, { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0, 0.5, 0.9, 0.999, 1),
        (times, q) => {
          const histogram = new LatencyHistogram();
          for (const each of times) histogram.record(each);
          const exact = exactQuantile(times, q);
          expect(Math.abs(histogram.quantile(q) - exact)).toBeLessThanOrEqual(exact * 0.02);
        },
      ),
      { seed: 3 },
    );
  });

  it('keeps count, sum, mean, minimum and maximum exactly', () => {
    const histogram = new LatencyHistogram();
    for (const ms of [3, 1, 2.5]) histogram.record(ms);
    expect([histogram.count, histogram.totalMs, histogram.minMs, histogram.maxMs]).toEqual([3, 6.5, 1, 3]);
    expect(histogram.meanMs).toBeCloseTo(6.5 / 3, 12);
  });

  it('tells the percentiles of a thousand evenly spread times', () => {
    const histogram = new LatencyHistogram();
    for (let ms = 1; ms <= 1000; ms++) histogram.record(ms);
    const { p50, p90, p99, p999 } = histogram.percentiles();
    expect(p50 / 500).toBeCloseTo(1, 1);
    expect(p90 / 900).toBeCloseTo(1, 1);
    expect(p99 / 990).toBeCloseTo(1, 1);
    expect(p999 / 999).toBeCloseTo(1, 1);
  });

  it('takes times of 0 and beyond its range into its outermost buckets', () => {
    const histogram = new LatencyHistogram();
    histogram.record(0);
    expect(histogram.quantile(1)).toBe(0);
    histogram.record(1e12);
    histogram.record(1e-12);
    expect(histogram.count).toBe(3);
    expect(histogram.quantile(0.5)).toBe(0);
    expect(histogram.maxMs).toBe(1e12);
  });

  it('forgets everything on reset', () => {
    const histogram = new LatencyHistogram();
    histogram.record(5);
    histogram.reset();
    expect(histogram.count).toBe(0);
    histogram.record(1);
    expect([histogram.quantile(0.5), histogram.minMs, histogram.maxMs]).toEqual([1, 1, 1]);
  });
});
