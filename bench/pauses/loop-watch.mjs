import { closeSync, openSync, readSync } from 'node:fs';
import { constants, monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks';

/** Gaps that are shorter than this are not looked into, in milliseconds. */
const NOTED_MS = 1;

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
 * Of each gap that is worth it, what was garbage collection (as `PerformanceObserver` tells) and what was waiting for a
 * core that another process had (as the Linux scheduler tells, 0 elsewhere) is taken off; the rest is ours. Steps of
 * incremental marking between two collections are told by neither and count as ours. The histogram of
 * `monitorEventLoopDelay` is kept beside: it samples once a millisecond and sees what is longer than that.
 */
export class LoopWatch {
  #gaps = [];
  #collections = [];
  #histogram = monitorEventLoopDelay({ resolution: 1 });
  #observer = new PerformanceObserver((list) => this.#collections.push(...list.getEntries()));
  #queue = new RunQueue();
  #running = true;

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] });
    this.#histogram.enable();
    let last = performance.now();
    let lastWaitedMs = this.#queue.waitedMs();
    const link = () => {
      if (!this.#running) return;
      const now = performance.now();
      const waitedMs = this.#queue.waitedMs();
      if (now - last >= NOTED_MS) this.#gaps.push({ from: last, to: now, waitedMs: waitedMs - lastWaitedMs });
      last = performance.now();
      lastWaitedMs = waitedMs;
      setImmediate(link);
    };
    setImmediate(link);
  }

  /** Ends the watch. All in milliseconds; `longestAtMs` is counted from `since`, which is a time of `performance.now()`. */
  async end(since) {
    this.#running = false;
    this.#histogram.disable();
    // Collections are told in a later turn.
    await new Promise((resolve) => setTimeout(resolve, 20));
    this.#observer.disconnect();
    this.#queue.close();
    const gaps = this.#gaps
      .filter(({ to }) => to >= since)
      .map(({ from, to, waitedMs }) => {
        const collectedMs = this.#collectedMs(from, to);
        return { atMs: from - since, ms: to - from, collectedMs, waitedMs, ownMs: to - from - collectedMs - waitedMs };
      });
    const none = { atMs: 0, ms: 0, collectedMs: 0, waitedMs: 0, ownMs: 0 };
    const longestBy = (field) => gaps.reduce((most, gap) => (gap[field] > most[field] ? gap : most), none);
    return {
      longestMs: longestBy('ms').ms,
      longestByHistogramMs: this.#histogram.max / 1e6,
      ownMs: longestBy('ownMs').ownMs,
      ownAtMs: longestBy('ownMs').atMs,
      collections: this.#longestCollections(since),
    };
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

/** How long this thread was ready to run and did not, because another one had the core. */
class RunQueue {
  #file;
  #buffer = Buffer.alloc(64);

  constructor() {
    try {
      this.#file = openSync('/proc/self/schedstat', 'r');
    } catch {
      // Not Linux: what others took of the machine counts as ours.
      this.#file = undefined;
    }
  }

  waitedMs() {
    if (this.#file === undefined) return 0;
    const length = readSync(this.#file, this.#buffer, 0, this.#buffer.length, 0);
    return Number(this.#buffer.toString('latin1', 0, length).split(' ')[1]) / 1e6;
  }

  close() {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}
