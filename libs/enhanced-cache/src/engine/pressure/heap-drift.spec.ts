import * as fc from 'fast-check';
import { HeapDrift } from './heap-drift.js';

const MIB = 1024 * 1024;
const SECOND_MS = 1000;

/** A process whose caches say `trackedMb` one after the other, a second apart, and take `ratio` times that, and what else there is. */
function driftAfter(
  trackedMb: readonly number[],
  ratio: number,
  elseMb: (index: number) => number = () => 50,
): HeapDrift {
  const drift = new HeapDrift();
  trackedMb.forEach((tracked, index) =>
    drift.observe({
      heldBytes: (tracked * ratio + elseMb(index)) * MIB,
      trackedBytes: tracked * MIB,
      at: index * SECOND_MS,
    }),
  );
  return drift;
}

describe('HeapDrift', () => {
  it('knows nothing before three moves agree', () => {
    expect(driftAfter([0, 20, 40], 1.3).ratio).toBeUndefined();
    expect(driftAfter([0, 20, 40, 60], 1.3).ratio).toBeCloseTo(1.3);
    expect(driftAfter([0, 20, 40], 1.3).correction).toBe(1);
  });

  it('learns from shrinking as from growing', () => {
    expect(driftAfter([100, 60, 20, 80, 30], 0.9).ratio).toBeCloseTo(0.9);
  });

  it('learns nothing from small moves, nor from slow ones', () => {
    expect(driftAfter([0, 7, 0, 7, 0, 7, 0], 2).ratio).toBeUndefined();
    expect(driftAfter([1000, 1050, 1000, 1050, 1000], 2).ratio).toBeUndefined();
    const slow = new HeapDrift();
    for (let i = 0; i < 10; i++) {
      slow.observe({ heldBytes: i * 40 * MIB, trackedBytes: i * 20 * MIB, at: i * 61 * SECOND_MS });
    }
    expect(slow.ratio).toBeUndefined();
  });

  it('adds small moves up to a large one', () => {
    expect(driftAfter([0, 4, 8, 12, 16, 20, 24], 1.25).ratio).toBeCloseTo(1.25);
  });

  it('does not mind one move at which the rest of the process moved too', () => {
    expect(driftAfter([0, 20, 40, 60, 80], 1, (index) => (index < 2 ? 50 : 300)).ratio).toBeCloseTo(1);
  });

  it('believes nothing where moves disagree', () => {
    const drift = driftAfter([0, 20, 40, 60, 80, 100, 120], 1, (index) => [0, 30, 0, 30, 0, 30, 0][index]);
    expect([drift.ratio, drift.correction]).toEqual([undefined, 1]);
  });

  it('knows a large ratio from moves that agree as shares of it', () => {
    const drift = driftAfter([0, 10, 20, 30, 40], 8, (index) => [0, 4, 0, 4, 0][index]);
    expect(drift.ratio).toBeCloseTo(8);
    expect(drift.correction).toBe(1.5);
  });

  it('forgets what was true long ago', () => {
    const drift = driftAfter([0, 20, 40, 60], 1.4);
    for (let i = 0; i < 12; i++) {
      const trackedBytes = (i % 2 === 0 ? 100 : 50) * MIB;
      drift.observe({ heldBytes: trackedBytes, trackedBytes, at: (10 + i) * SECOND_MS });
    }
    expect(drift.ratio).toBeCloseTo(1);
  });

  it.each([
    [0.5, 1],
    [1, 1],
    [1.19, 1],
    [1.3, 1.3],
    [4, 1.5],
  ])('where %f times the tracked bytes are taken, a limit is divided by %f', (ratio, correction) => {
    expect(driftAfter([0, 20, 40, 60], ratio).correction).toBeCloseTo(correction);
  });

  it('keeps the correction within its bounds whatever it is told', () => {
    const samples = fc.array(
      fc.record({ held: fc.integer({ min: 0, max: 4000 }), tracked: fc.integer({ min: 0, max: 2000 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(samples, (given) => {
        const drift = new HeapDrift();
        given.forEach(({ held, tracked }, i) => {
          drift.observe({ heldBytes: held * MIB, trackedBytes: tracked * MIB, at: i * SECOND_MS });
          expect(drift.correction).toBeGreaterThanOrEqual(1);
          expect(drift.correction).toBeLessThanOrEqual(1.5);
          expect(drift.ratio ?? 1).toBeGreaterThan(0);
        });
      }),
    );
  });
});
