import { CacheBusyError, InvalidOptionsError } from '../errors.js';
import { FakeClock } from '../ports/fake-clock.js';
import { MAX_STEPS_PER_SLICE } from '../slices.js';
import { Benchmark, type ScratchCache } from './benchmark.js';

/** A Map whose sets take 2 ms and gets 1 ms of the fake time, every hundredth get 11. */
class FakeScratch implements ScratchCache {
  readonly values = new Map<string, unknown>();
  sets = 0;
  gets = 0;
  missed = 0;
  closed = 0;

  constructor(
    private readonly elapse: (ms: number) => void,
    private readonly asynchronous = false,
  ) {}

  set(key: string, value: unknown): void | Promise<void> {
    this.sets++;
    this.values.set(key, value);
    this.elapse(2);
    if (this.asynchronous) return Promise.resolve().then(() => this.elapse(3));
  }

  get(key: string): unknown {
    if (!this.values.has(key)) this.missed++;
    this.elapse(++this.gets % 100 === 0 ? 11 : 1);
    return this.values.get(key);
  }

  delete(key: string): boolean {
    return this.values.delete(key);
  }

  close(): void {
    this.closed++;
  }
}

function setUp({ asynchronous = false, frozen = false } = {}) {
  const clock = new FakeClock();
  // The time is moved without running deferred work, which belongs to later turns.
  let ms = 0;
  clock.now = () => ms;
  const scratch = new FakeScratch((by) => (ms += frozen ? 0 : by), asynchronous);
  return { scratch, benchmark: new Benchmark(() => scratch, clock) };
}

describe('Benchmark', () => {
  it('times each operation by itself', async () => {
    const { benchmark } = setUp();
    const report = await benchmark.run(200);
    expect(report.iterations).toBe(200);
    expect(report.setOperations).toEqual({
      count: 200,
      totalTimeMs: 400,
      averageTimeMs: 2,
      minTimeMs: 2,
      maxTimeMs: 2,
      p50TimeMs: 2,
      p99TimeMs: 2,
      operationsPerSecond: 500,
    });
    expect(report.getOperations).toMatchObject({ totalTimeMs: 220, averageTimeMs: 1.1, minTimeMs: 1, maxTimeMs: 11 });
    expect(report.getOperations.p50TimeMs).toBeCloseTo(1, 1);
  });

  it('counts the time until a promise is fulfilled', async () => {
    const { benchmark } = setUp({ asynchronous: true });
    expect((await benchmark.run(10)).setOperations.averageTimeMs).toBe(5);
  });

  it('reads only what it has set, under a bounded number of keys, and closes the scratch cache', async () => {
    const { benchmark, scratch } = setUp();
    await benchmark.run(2500);
    expect(scratch).toMatchObject({ sets: 2500, gets: 2500, missed: 0, closed: 1 });
    expect(scratch.values.size).toBe(1000);
  });

  it('uses values of about 200 bytes', async () => {
    const { benchmark, scratch } = setUp();
    await benchmark.run(1000);
    for (const value of scratch.values.values()) {
      expect(JSON.stringify(value).length).toBeGreaterThan(150);
      expect(JSON.stringify(value).length).toBeLessThan(250);
    }
  });

  it('answers 0 operations per second where no time passes', async () => {
    const { benchmark } = setUp({ frozen: true });
    expect((await benchmark.run(5)).getOperations).toMatchObject({ totalTimeMs: 0, operationsPerSecond: 0 });
  });

  it.each([0, -1, 1.5, 100_001, NaN, Infinity, '10', undefined, null])('refuses %p iterations', async (iterations) => {
    const { benchmark, scratch } = setUp();
    await expect(benchmark.run(iterations as number)).rejects.toThrow(InvalidOptionsError);
    expect(scratch.sets).toBe(0);
  });

  it('lets the loop turn and refuses a second run meanwhile', async () => {
    const { benchmark, scratch } = setUp({ frozen: true });
    const running = benchmark.run(2 * MAX_STEPS_PER_SLICE);
    expect(scratch.sets).toBe(MAX_STEPS_PER_SLICE);
    await expect(benchmark.run(1)).rejects.toThrow(CacheBusyError);
    await running;
    await expect(benchmark.run(1)).resolves.toBeDefined();
  });

  it('ends when the signal aborts, closes the scratch cache and can run again', async () => {
    const { benchmark, scratch } = setUp({ frozen: true });
    const abort = new AbortController();
    const running = benchmark.run(100_000, abort.signal);
    abort.abort(new Error('closing'));
    await expect(running).rejects.toThrow('closing');
    expect(scratch).toMatchObject({ closed: 1, gets: 0 });
    await expect(benchmark.run(1)).resolves.toBeDefined();
  });

  it('rejects with the error of an operation and can run again', async () => {
    const { benchmark, scratch } = setUp();
    const { get } = scratch;
    scratch.get = () => {
      throw new Error('get failed');
    };
    await expect(benchmark.run(1)).rejects.toThrow('get failed');
    expect(scratch.closed).toBe(1);
    scratch.get = get;
    await expect(benchmark.run(1)).resolves.toBeDefined();
  });

  it('can run again where no scratch cache could be made', async () => {
    let attempts = 0;
    const benchmark = new Benchmark(() => {
      throw new Error(`attempt ${++attempts}`);
    }, new FakeClock());
    await expect(benchmark.run(1)).rejects.toThrow('attempt 1');
    await expect(benchmark.run(1)).rejects.toThrow('attempt 2');
  });
});
