import type { Clock, ClockTimer } from '../ports/clock.js';
import type { HeapReading, MemoryProbe, ProcessReading } from '../ports/memory-probe.js';
import { HeapDrift } from './heap-drift.js';

/** How full the memory of the process is, as well as can be told at this moment. */
export interface MemoryCondition {
  /** Percent of the heap's limit that is in use, without what is known to be garbage. */
  readonly heapPercent: number;
  /** Percent of the process's limit; `undefined` where it has none. */
  readonly processPercent: number | undefined;
  /** Bytes really taken for each one tracked; `undefined` until it is known. */
  readonly driftRatio: number | undefined;
  /** By what limits of tracked bytes are to be divided, at least 1. */
  readonly correction: number;
}

/** One cache, as the watch sees it. */
export interface WatchedCache {
  readonly trackedBytes: number;
  /** Whether it needs no watching while it is empty. */
  readonly settled: boolean;
  /** The cache asks for a {@link MemoryWatch.look} when it tracks more than this. */
  alarmBytes: number;
  memoryRead(condition: MemoryCondition): void;
}

/** Time between two looks, in milliseconds, and where a limit is near. */
export const LOOK_INTERVAL_MS = 1000;
export const NEAR_LOOK_INTERVAL_MS = 250;
const NEAR_PERCENT = 70;
/** Looks that collections ask for are at least so far from the one before, and so old may a reading of the process be. */
const READING_MS = 100;
/** A cache that grows by this share of the heap's limit, or by so many bytes, does not wait for the next look. */
const ALARM_SHARE = 1 / 64;
const MIN_ALARM_BYTES = 1024 * 1024;
/** For so long what caches let go of counts as free for the process, though nobody has collected it yet. */
const UNCOLLECTED_MS = 10_000;

/** What was true at the last collection of the whole heap. */
interface Baseline {
  readonly heapBytes: number;
  readonly trackedBytes: number;
}

/**
 * Watches the memory of the process for all its caches.
 *
 * The heap's own figure is full of garbage: just before a collection a healthy process stands close to its limit. So what
 * is in use is taken from the moment after the last collection, and from then on moved by what the caches have taken and
 * let go of, but never above the figure itself. What caches shed so counts at once, and no one sheds twice for it.
 *
 * A look every second while a cache holds something, by an unref'd timer; more often near a limit, after collections, and
 * when a cache grows by megabytes between two looks, as it may without the event loop turning once. Caches are held
 * weakly: one that is dropped without being closed is not kept alive by being watched.
 */
export class MemoryWatch {
  readonly #caches = new Set<WeakRef<WatchedCache>>();
  #drift = new HeapDrift();
  #timer: ClockTimer | undefined;
  #stopListening: (() => void) | undefined;
  #baseline: Baseline | undefined;
  #process: { reading: ProcessReading | undefined; at: number } | undefined;
  /** What was tracked when the process was last known to hold no garbage of caches, and since when less is tracked. */
  #uncollected: { trackedBytes: number; since: number } | undefined;
  #looking = false;
  #lookedAt = -Infinity;

  constructor(
    private readonly probe: MemoryProbe,
    private readonly clock: Clock,
  ) {}

  /** `cache` is looked at from its first byte on. @returns what ends that. */
  join(cache: WatchedCache): () => void {
    const reference = new WeakRef(cache);
    this.#caches.add(reference);
    cache.alarmBytes = 0;
    return () => {
      this.#caches.delete(reference);
      cache.alarmBytes = Infinity;
      if (this.#isIdle()) this.#rest();
    };
  }

  /** Reads the memory, tells every cache, and comes back in a while as long as there is something to watch. */
  look(): void {
    // A cache may write while it is told: those who hear of its evictions can do anything.
    if (this.#looking) return;
    this.#looking = true;
    this.#lookedAt = this.clock.now();
    try {
      this.#baseline ??= this.#baselineNow();
      const condition = this.measure();
      for (const cache of this.#living()) cache.memoryRead(condition);
      if (this.#isIdle()) this.#rest();
      else this.#watch(condition);
    } finally {
      this.#looking = false;
    }
  }

  /** A cause of drift was removed: what was learned of it is no longer true. */
  forgetDrift(): void {
    this.#drift = new HeapDrift();
  }

  /** The condition now, which nobody is told. */
  measure(): MemoryCondition {
    const heap = this.probe.heap();
    const trackedBytes = this.#trackedBytes();
    const baseline = this.#baseline ?? { heapBytes: heap.usedBytes, trackedBytes };
    const expected = baseline.heapBytes + trackedBytes - baseline.trackedBytes;
    return {
      heapPercent: percentOf(Math.max(Math.min(heap.usedBytes, expected), 0), heap.limitBytes),
      processPercent: this.#processPercent(trackedBytes),
      driftRatio: this.#drift.ratio,
      correction: this.#drift.correction,
    };
  }

  readonly #collected = (): void => {
    const heap = this.probe.heap();
    const trackedBytes = this.#trackedBytes();
    const heapBytes = this.#leftBytes(heap, trackedBytes);
    const at = this.clock.now();
    this.#baseline = { heapBytes, trackedBytes };
    this.#uncollected = undefined;
    this.#drift.observe({ heldBytes: heapBytes + heap.externalBytes, trackedBytes, at });
    const dueMs = this.#lookedAt + READING_MS - at;
    if (dueMs <= 0) this.look();
    else this.#lookIn(dueMs);
  };

  /**
   * What a collection left, a moment later. What stands in the young generation by now came after it (on Node.js 24 that may
   * be 128 MiB and more) and counts as garbage, up to what caches have taken since the collection before.
   */
  #leftBytes({ usedBytes, youngBytes }: HeapReading, trackedBytes: number): number {
    const taken = Math.max(trackedBytes - (this.#baseline?.trackedBytes ?? 0), 0);
    return usedBytes - Math.max(youngBytes - taken, 0);
  }

  #baselineNow(): Baseline {
    return { heapBytes: this.probe.heap().usedBytes, trackedBytes: this.#trackedBytes() };
  }

  #processPercent(trackedBytes: number): number | undefined {
    const now = this.clock.now();
    if (this.#process === undefined || now - this.#process.at >= READING_MS) {
      this.#process = { reading: this.probe.process(), at: now };
    }
    const { reading } = this.#process;
    this.#uncollected ??= { trackedBytes, since: now };
    // Nothing was let go of, or long enough ago: from here on what the system says counts.
    if (trackedBytes >= this.#uncollected.trackedBytes || now - this.#uncollected.since > UNCOLLECTED_MS) {
      this.#uncollected = { trackedBytes, since: now };
    }
    if (reading === undefined) return undefined;
    const garbage = this.#uncollected.trackedBytes - trackedBytes;
    return percentOf(Math.max(reading.usedBytes - garbage, 0), reading.limitBytes);
  }

  #watch({ heapPercent, processPercent }: MemoryCondition): void {
    const step = Math.max(this.probe.heap().limitBytes * ALARM_SHARE, MIN_ALARM_BYTES);
    for (const cache of this.#living()) cache.alarmBytes = cache.trackedBytes + step;
    this.#stopListening ??= this.probe.onCollection(this.#collected);
    const isNear = Math.max(heapPercent, processPercent ?? 0) >= NEAR_PERCENT;
    this.#lookIn(isNear ? NEAR_LOOK_INTERVAL_MS : LOOK_INTERVAL_MS);
  }

  #lookIn(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.clock.schedule(() => this.look(), delayMs);
  }

  /** Until the first cache holds something again. */
  #rest(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#baseline = undefined;
    this.#process = undefined;
    this.#uncollected = undefined;
    for (const cache of this.#living()) cache.alarmBytes = 0;
  }

  #isIdle(): boolean {
    return this.#living().every((cache) => cache.trackedBytes === 0 && cache.settled);
  }

  #trackedBytes(): number {
    return this.#living().reduce((sum, cache) => sum + cache.trackedBytes, 0);
  }

  #living(): WatchedCache[] {
    const living: WatchedCache[] = [];
    for (const reference of this.#caches) {
      const cache = reference.deref();
      if (cache) living.push(cache);
      else this.#caches.delete(reference);
    }
    return living;
  }
}

const watches = new WeakMap<MemoryProbe, MemoryWatch>();

/** The one watch over what `probe` reads, shared by all who ask for it; it goes by the clock of the first. */
export function watchOf(probe: MemoryProbe, clock: Clock): MemoryWatch {
  let watch = watches.get(probe);
  if (watch === undefined) watches.set(probe, (watch = new MemoryWatch(probe, clock)));
  return watch;
}

function percentOf(part: number, whole: number): number {
  return (part / whole) * 100;
}
