import { constants, monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks';
import { ThreadTime } from './thread-time.mjs';

/** Gaps that are shorter than this are not looked into, in milliseconds. */
const NOTED_MS = 1;
/** Of so many gaps it is told when they were. */
const TOLD_GAPS = 5;

const GC_KINDS = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weak callbacks'],
]);

/**
 * Watches the event loop through a chain of `setImmediate`: the time from one link to the next is a gap in which nobody
 * else was served.
 *
 * Of each gap that is worth it, what can be explained otherwise is taken off, and the rest is ours at most: garbage
 * collection, as `PerformanceObserver` tells; and time in which the process did not run because others had the cores,
 * see {@link ThreadTime}. Where both fall into one gap they may be the same time, so only the larger one is taken off.
 * Steps of incremental marking between two collections are told by nobody and count as ours. The histogram of
 * `monitorEventLoopDelay` is kept beside: it samples once a millisecond and sees what is longer than that.
 */
export class LoopWatch {
  #gaps = [];
  #calls = [];
  #collections = [];
  #histogram = monitorEventLoopDelay({ resolution: 1 });
  #observer = new PerformanceObserver((list) => this.#collections.push(...list.getEntries()));
  #time = new ThreadTime();
  #running = true;

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] });
    this.#histogram.enable();
    let last = this.#time.now();
    const link = () => {
      if (!this.#running) return;
      const now = this.#time.now();
      if (now.at - last.at >= NOTED_MS) this.#gaps.push({ from: last, to: now });
      last = now;
      setImmediate(link);
    };
    setImmediate(link);
  }

  /** Calls `operation`; how long it takes to return is part of what {@link end} tells. */
  timed(operation) {
    const from = this.#time.now();
    const result = operation();
    this.#calls.push({ from, to: this.#time.now() });
    return result;
  }

  /**
   * Ends the watch: how long the slowest of the timed calls took to return, `null` where none was, and the longest gap
   * since `since`, a time of `performance.now()`, as it was, as the histogram has it, and what of one was ours at most.
   * All in milliseconds.
   */
  async end(since) {
    this.#running = false;
    this.#histogram.disable();
    // Collections are told in a later turn.
    await new Promise((resolve) => setTimeout(resolve, 20));
    this.#observer.disconnect();
    this.#time.close();
    const gaps = this.#gaps.filter(({ to }) => to.at >= since).map((gap) => this.#explained(gap, since));
    const calls = this.#calls.map((call) => this.#explained(call, since));
    const longest = (spans, field) => spans.reduce((most, span) => Math.max(most, span[field]), 0);
    return {
      returnedMs: calls.length === 0 ? null : longest(calls, 'ownMs'),
      longestMs: longest(gaps, 'ms'),
      longestByHistogramMs: this.#histogram.max / 1e6,
      ownMs: longest(gaps, 'ownMs'),
      longestGaps: gaps.sort((a, b) => b.ownMs - a.ownMs).slice(0, TOLD_GAPS),
      collections: this.#longestCollections(since),
    };
  }

  #explained({ from, to }, since) {
    const ms = to.at - from.at;
    const waitedMs = to.waitedMs - from.waitedMs;
    const cpuMs = to.cpuMs - from.cpuMs;
    const collectedMs = this.#collectedMs(from.at, to.at);
    const ownMs = Math.min(ms - Math.max(collectedMs, waitedMs), cpuMs);
    return { atMs: from.at - since, ms, collectedMs, waitedMs, cpuMs, ownMs };
  }

  #collectedMs(from, to) {
    return this.#collections.reduce(
      (sum, { startTime, duration }) =>
        sum + Math.max(0, Math.min(to, startTime + duration) - Math.max(from, startTime)),
      0,
    );
  }

  /** The longest pause by kind. */
  #longestCollections(since) {
    const longest = {};
    for (const { startTime, duration, detail } of this.#collections) {
      if (startTime + duration < since) continue;
      const kind = GC_KINDS.get(detail.kind) ?? String(detail.kind);
      longest[kind] = Math.max(longest[kind] ?? 0, duration);
    }
    return longest;
  }
}
