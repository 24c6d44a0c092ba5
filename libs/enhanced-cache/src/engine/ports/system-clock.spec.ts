import { jest } from '@jest/globals';
import { COARSE_RESOLUTION_MS, SystemClock } from './system-clock.js';

describe('SystemClock', () => {
  afterEach(() => jest.useRealTimers());

  it('reads the exact clock at most once per resolution while the event loop turns', () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const clock = new SystemClock();
    const first = clock.coarseNow();
    jest.advanceTimersByTime(COARSE_RESOLUTION_MS - 1);
    expect(clock.coarseNow()).toBe(first);
    jest.advanceTimersByTime(1);
    expect(clock.coarseNow()).toBeGreaterThan(first);
  });

  it('sees time pass in a loop that never lets the event loop turn', () => {
    const clock = new SystemClock();
    const first = clock.coarseNow();
    let readings = 0;
    while (clock.coarseNow() === first) if (++readings > 1_000_000) break;
    expect(readings).toBeLessThanOrEqual(1024);
  });

  it('has one wall time for one moment, and follows the wall clock when it is set', () => {
    const clock = new SystemClock();
    // Anew where the machine did something else between the readings.
    const offset = (): number => {
      const before = clock.now();
      const wall = clock.wallNow();
      return clock.now() - before < 0.2 ? wall - before : offset();
    };
    const first = offset();
    for (let i = 0; i < 1000; i++) expect(Math.abs(offset() - first)).toBeLessThan(0.9);
    expect(Math.abs(clock.wallNow() - Date.now())).toBeLessThan(5);
    const realNow = Date.now;
    try {
      Date.now = () => realNow() + 3_600_000;
      expect(clock.wallNow() - realNow()).toBeGreaterThan(3_599_000);
    } finally {
      Date.now = realNow;
    }
  });

  it('has no timer left once it is not asked any more', () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const clock = new SystemClock();
    clock.coarseNow();
    jest.runAllTimers();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('keeps a delay that is longer than a timer can be from firing at once', () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    let fired = false;
    new SystemClock().schedule(() => (fired = true), 2 ** 40);
    jest.advanceTimersByTime(2 ** 31 - 2);
    expect(fired).toBe(false);
  });
});
