import { LatencyHistogram } from '../analytics/latency-histogram.js';
import { round, roundMs, share } from '../analytics/statistics.js';
import { CacheBusyError, InvalidOptionsError } from '../errors.js';
import type { Clock } from '../ports/clock.js';
import type { BenchmarkReport, OperationTimings } from '../reports.js';
import { SLICE_BUDGET_MS, SliceBudget } from '../slices.js';

export const MAX_ITERATIONS = 100_000;
/** Keys in use; further iterations overwrite and read them again. */
const MAX_KEYS = 1000;
/** A step through the keys that visits all of them, in no order that a cache could profit from. */
const KEY_STRIDE = 7919;

/** A cache that nobody else uses, configured like the one that is being measured. */
export interface ScratchCache {
  set(key: string, value: unknown): void | Promise<void>;
  get(key: string): unknown;
  delete(key: string): boolean | Promise<boolean>;
  close(): void | Promise<void>;
}

/**
 * Measures `set` and `get` of a cache's configuration on a {@link ScratchCache}, never on live entries.
 *
 * First all sets, then all gets, one after the other, each timed by itself and awaited where it answers with a
 * promise: figures are what one caller sees, at an accuracy of some 50 ns, the cost of reading the clock. Values are
 * objects of about 200 bytes of JSON, under at most 1000 keys. The event loop turns between slices of
 * {@link SLICE_BUDGET_MS}; the pauses are not in the figures.
 */
export class Benchmark {
  #running = false;

  constructor(
    private readonly createScratch: () => ScratchCache,
    private readonly clock: Clock,
  ) {}

  /**
   * @param iterations operations of each kind, 1 to {@link MAX_ITERATIONS}.
   * @param signal ends the run between two slices; the promise rejects with its reason.
   * @throws {InvalidOptionsError} where `iterations` is out of bounds.
   * @throws {CacheBusyError} while another run is under way.
   */
  async run(iterations: number, signal?: AbortSignal): Promise<BenchmarkReport> {
    if (!Number.isInteger(iterations) || iterations < 1 || iterations > MAX_ITERATIONS) {
      throw new InvalidOptionsError('iterations', `an integer from 1 to ${MAX_ITERATIONS}`, iterations);
    }
    if (this.#running) throw new CacheBusyError('a benchmark is running; wait for its end');
    this.#running = true;
    try {
      const scratch = this.createScratch();
      try {
        const keys = Math.min(iterations, MAX_KEYS);
        const setOperations = await this.#measure(iterations, signal, (i) =>
          scratch.set(benchmarkKey(i % keys), benchmarkValue(i)),
        );
        const getOperations = await this.#measure(iterations, signal, (i) =>
          scratch.get(benchmarkKey((i * KEY_STRIDE) % keys)),
        );
        return { iterations, setOperations, getOperations };
      } finally {
        await scratch.close();
      }
    } finally {
      this.#running = false;
    }
  }

  async #measure(
    iterations: number,
    signal: AbortSignal | undefined,
    operation: (iteration: number) => unknown,
  ): Promise<OperationTimings> {
    const times = new LatencyHistogram();
    const budget = new SliceBudget(this.clock, SLICE_BUDGET_MS, 1);
    signal?.throwIfAborted();
    for (let iteration = 0; iteration < iterations; iteration++) {
      const startedAt = this.clock.now();
      const answer = operation(iteration);
      if (answer instanceof Promise) await answer;
      times.record(this.clock.now() - startedAt);
      if (budget.spent()) {
        await budget.renew();
        signal?.throwIfAborted();
      }
    }
    return timings(times);
  }
}

function timings(times: LatencyHistogram): OperationTimings {
  return {
    count: times.count,
    totalTimeMs: roundMs(times.totalMs),
    averageTimeMs: roundMs(times.meanMs),
    minTimeMs: roundMs(times.minMs),
    maxTimeMs: roundMs(times.maxMs),
    p50TimeMs: roundMs(times.quantile(0.5)),
    p99TimeMs: roundMs(times.quantile(0.99)),
    operationsPerSecond: round(share(times.count, times.totalMs / 1000), 2),
  };
}

function benchmarkKey(index: number): string {
  return `benchmark:user:${index}`;
}

/** About 200 bytes of JSON, different at each iteration so that an overwrite really changes the value. */
function benchmarkValue(iteration: number) {
  return {
    id: iteration,
    name: `User ${iteration}`,
    email: `user.${iteration}@example.com`,
    active: iteration % 2 === 0,
    score: iteration / 7,
    roles: ['reader', 'editor'],
    address: { street: `${iteration} Main Street`, city: 'Springfield', country: 'US' },
  };
}
