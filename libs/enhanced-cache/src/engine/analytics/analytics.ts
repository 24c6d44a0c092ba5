import type { Clock } from '../ports/clock.js';
import type { CacheAnalytics, CacheStats } from '../reports.js';
import type { Counters } from './counters.js';
import { KeyPatterns } from './key-patterns.js';
import { LatencyHistogram } from './latency-histogram.js';
import { percent, round, roundMs, share } from './statistics.js';
import { TopKeys } from './top-keys.js';

const REPORTED_KEYS = 20;
/** Samples that come faster than 1024 in this time are more than are needed. */
const CROWDED_MS = 500;
/** Samples that come slower than 1024 in this time are fewer than they could be. */
const SPARSE_MS = 5000;
/** While analytics is off the countdown is only renewed after so many reads: the largest small integer of V8. */
const NEVER = 2 ** 30 - 1;

export interface SamplingOptions {
  /** The thinnest sampling: one read of so many; a power of 2. @default 1024 */
  maxStride?: number;
  /** Samples taken before the stride may change, starting from every read. @default 1024 */
  samplesPerStride?: number;
  /** Random numbers from 0 to below 1. @default Math.random */
  random?: () => number;
}

/**
 * What is asked for and how fast it is answered, known from samples.
 *
 * The first 1024 reads are all sampled, so small figures are exact. Then one read of 2, of 4 and so on: the stride
 * doubles where 1024 samples came within {@link CROWDED_MS}, up to 1024, and halves where they took longer than
 * {@link SPARSE_MS}, so that a busy cache pays little and a quiet one still sees enough. Each sample stands for as many
 * reads as its stride, so that sums are unbiased estimates. Of every block of `stride` reads exactly one is taken, at a
 * random place, so that periodic access cannot hide from the samples or fill them.
 *
 * What is counted are reads that are over: a cache may tell of its hits in batches. Times are taken of as many reads,
 * each time of the one that comes after a sample.
 *
 * Cost: {@link tick} one subtraction and one branch; a sample about a microsecond, hence at most 1 ns for the mean read
 * of a busy cache. Memory: below 1 MB for keys of any number and length up to 1024 characters, see the bounds of
 * {@link TopKeys}, {@link KeyPatterns} and {@link LatencyHistogram}.
 *
 * ```ts
 * const startedAt = analytics.timesNext ? clock.now() : undefined;
 * // the lookup
 * if (startedAt !== undefined) analytics.recordTime(startedAt);
 * if (analytics.tick()) analytics.recordKey(key, hit);
 * ```
 */
export class Analytics {
  readonly #topKeys = new TopKeys();
  readonly #patterns = new KeyPatterns();
  readonly #accessTimes = new LatencyHistogram();
  readonly #maxStride: number;
  readonly #samplesPerStride: number;
  readonly #random: () => number;
  #enabled = false;
  #countdown = NEVER;
  /** Reads per sample, from the next sample on. */
  #stride = 1;
  /** Reads that the last sample stands for. */
  #weight = 1;
  #samplesLeft = 0;
  #strideSince = 0;
  /** Reads of the current block that come after its sample. */
  #restOfBlock = 0;
  /** Whether the next read is to be timed; see {@link recordTime}. */
  timesNext = false;

  constructor(
    private readonly clock: Clock,
    enabled: boolean,
    sampling: SamplingOptions = {},
  ) {
    this.#maxStride = sampling.maxStride ?? 1024;
    this.#samplesPerStride = sampling.samplesPerStride ?? 1024;
    this.#random = sampling.random ?? Math.random;
    this.enabled = enabled;
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  /** Takes effect at once. Switching off drops all that was collected; switching on begins anew. */
  set enabled(enabled: boolean) {
    if (enabled === this.#enabled) return;
    this.#enabled = enabled;
    this.reset();
  }

  /** Mean time of the sampled reads; 0 where none was sampled. */
  get averageAccessTimeMs(): number {
    return this.#accessTimes.meanMs;
  }

  /** To be called once per read: true where this one is to be handed to {@link recordKey}. */
  tick(): boolean {
    if (--this.#countdown > 0) return false;
    return this.#draw();
  }

  /**
   * {@link tick} for up to `reads` reads, in one step for those that are no samples.
   *
   * @returns which of them is the first sample, from 1 on, where it stops; 0 where none is.
   */
  ticks(reads: number): number {
    const until = this.#countdown;
    if (until > reads) {
      this.#countdown -= reads;
      return 0;
    }
    this.#countdown = 0;
    return this.#draw() ? until : 0;
  }

  recordKey(key: string, hit: boolean): void {
    this.#topKeys.record(key, this.#weight);
    this.#patterns.record(key, hit, this.#weight);
  }

  /** A read that began at `startedAt`, monotonic milliseconds, because {@link timesNext} asked for it, has just ended. */
  recordTime(startedAt: number): void {
    // A read may have been under way while analytics was switched off.
    if (!this.#enabled) return;
    this.timesNext = false;
    this.#accessTimes.record(this.clock.now() - startedAt);
  }

  /** Drops all that was collected and samples densely again. */
  reset(): void {
    this.#topKeys.reset();
    this.#patterns.reset();
    this.#accessTimes.reset();
    this.#stride = 1;
    this.#samplesLeft = this.#samplesPerStride;
    this.#strideSince = this.clock.now();
    this.#restOfBlock = 0;
    this.timesNext = this.#enabled;
    this.#countdown = this.#enabled ? 1 : NEVER;
  }

  /** `stats` and `counters` are of the same moment and cache. */
  report(stats: CacheStats, counters: Readonly<Counters>): CacheAnalytics {
    if (!this.#enabled) return { enabled: false };
    return {
      enabled: true,
      totalRequests: stats.totalRequests,
      hitRate: stats.hitRate,
      missRate: stats.missRate,
      evictionRate: percent(stats.evictions, stats.sets),
      compressionRatio: stats.compressionRatio,
      averageAccessTime: stats.averageAccessTimeMs,
      accessTimePercentiles: this.#accessTimes.percentiles(),
      memoryEfficiency: stats.memoryEfficiency,
      cacheEfficiencyScore: stats.cacheEfficiencyScore,
      topKeys: this.#topKeys.top(REPORTED_KEYS),
      accessPatterns: this.#patterns.report(),
      performanceMetrics: this.#performanceMetrics(counters),
    };
  }

  #performanceMetrics(counters: Readonly<Counters>) {
    return {
      /** Reads that were timed. */
      sampledReads: this.#accessTimes.count,
      /** Share of the reads that is sampled now, 0 to 1. */
      sampleRate: 1 / this.#stride,
      minAccessTimeMs: roundMs(this.#accessTimes.minMs),
      maxAccessTimeMs: roundMs(this.#accessTimes.maxMs),
      /** Mean time of a loader, failed ones included. */
      averageLoadTimeMs: round(share(counters.loadTimeMs, counters.loads), 3),
      /** Percent of the loaders run. */
      loadFailureRate: percent(counters.loadFailures, counters.loads),
      /** Seconds of recreating values that hits have spared: the sum of their costs. */
      timeSavedSeconds: round(counters.hitCost, 3),
      /** Large values that were made smaller after they were stored, on another thread. */
      backgroundCompressions: counters.backgroundCompressions,
      /** Those that had left or changed by then. */
      lateCompressions: counters.lateCompressions,
      /** Large values compressed on the calling thread because too many were waiting. */
      undeferredCompressions: counters.undeferredCompressions,
      /** Those that failed; the value stayed as it was. */
      failedCompressions: counters.failedCompressions,
      /** Values left as they are because others like them did not shrink. */
      skippedCompressions: counters.skippedCompressions,
      /** Counters in use, each kind within its fixed bound. */
      trackedKeys: this.#topKeys.size,
      trackedPatterns: this.#patterns.size,
    };
  }

  /** The countdown ran out: either this read is the sample of its block, or analytics is off. */
  #draw(): boolean {
    if (!this.#enabled) {
      this.#countdown = NEVER;
      return false;
    }
    this.#weight = this.#stride;
    this.timesNext = true;
    if (--this.#samplesLeft === 0) this.#adaptStride();
    const place = Math.floor(this.#random() * this.#stride);
    this.#countdown = this.#restOfBlock + place + 1;
    this.#restOfBlock = this.#stride - place - 1;
    return true;
  }

  #adaptStride(): void {
    const now = this.clock.now();
    const tookMs = now - this.#strideSince;
    if (tookMs < CROWDED_MS) this.#stride = Math.min(this.#stride * 2, this.#maxStride);
    else if (tookMs > SPARSE_MS) this.#stride = Math.max(this.#stride / 2, 1);
    this.#samplesLeft = this.#samplesPerStride;
    this.#strideSince = now;
  }
}
