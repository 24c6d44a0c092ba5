import type { EntryStore, StoreLimits } from '../entry/entry-store.js';
import type { Clock } from '../ports/clock.js';
import type { PressureReport } from '../reports.js';
import { runInSlices } from '../slices.js';
import { type MemoryCondition, type MemoryWatch, type WatchedCache, watchOf } from './memory-watch.js';
import { PressureGauge, type PressureLevel, worseOf } from './pressure-gauge.js';
import type { ResolvedMemoryPressure } from './pressure-options.js';

/** What one step sheds at most, as a share of what is held. */
const SHED_SHARE = { high: 0.1, critical: 0.25 } as const;
/** Steps are at least so far apart, in milliseconds. */
const SHED_INTERVAL_MS = 250;
const GROW_INTERVAL_MS = 1000;
/** A step back is a tenth more, and at least so many bytes. */
const GROW_FACTOR = 1.1;
const MIN_GROWTH_BYTES = 1024 * 1024;
/** While room is short, no entry may take more than this share of it: it would drive out the rest. */
const ENTRY_SHARE = 0.5;

/** Somebody has to hear of it: events, health, whoever runs the process. */
export interface PressureChange {
  readonly level: PressureLevel;
  readonly previous: PressureLevel;
  /** Percent of the heap's limit in use. */
  readonly heapUsedPercent: number;
  /** Percent of the process's limit in use; `null` where it has none. */
  readonly processMemoryPercent: number | null;
}

/** What the response has to know of its cache. */
export interface PressedCache {
  readonly store: EntryStore;
  readonly clock: Clock;
  /** The limits as configured. */
  configured(): StoreLimits;
  changed(change: PressureChange): void;
  failed(error: unknown): void;
}

/**
 * Lets one cache make room while its process is short of memory, and take it back afterwards.
 *
 * The configured limit stays what it is; below it moves a ceiling. While memory is short it falls in steps, each a share of
 * what is held, and entries leave in slices, by the order of the policy, until they fit. It never falls below
 * the least that the options grant. Between `okPercent` and `highPercent` it stands still; below, it rises step by step.
 *
 * Where bytes turn out to be larger than tracked (see `HeapDrift`), keys are copied first, as they may have been cut out of
 * large texts. Where that did not help, the ceiling puts the limit right.
 */
export class PressureResponse implements WatchedCache {
  /** {@link MemoryWatch} moves it; `Infinity` where nothing is watched. */
  alarmBytes = Infinity;
  readonly #watch: MemoryWatch | undefined;
  readonly #leave: () => void = () => undefined;
  readonly #heap: PressureGauge;
  readonly #container: PressureGauge;
  #level: PressureLevel = 'ok';
  #ceiling = Infinity;
  #shedBytes = 0;
  #shedding = false;
  /** Whether the limit of the store is the ceiling's and not the options'. */
  #holding = false;
  #steppedAt = -Infinity;
  #copiesKeys = false;
  #closed = false;

  constructor(
    private readonly cache: PressedCache,
    private readonly settings: ResolvedMemoryPressure,
  ) {
    this.#heap = new PressureGauge(settings.heap);
    this.#container = new PressureGauge(settings.container);
    if (settings.probe === undefined) return;
    this.#watch = watchOf(settings.probe, cache.clock);
    this.#leave = this.#watch.join(this);
  }

  get level(): PressureLevel {
    return this.#level;
  }

  get trackedBytes(): number {
    return this.cache.store.bytes;
  }

  get settled(): boolean {
    return this.#level === 'ok' && this.#ceiling >= this.cache.configured().maxBytes;
  }

  /** What may be held at the moment, in bytes. */
  get limitBytes(): number {
    return Math.min(this.#ceiling, this.cache.configured().maxBytes);
  }

  /** Most that one entry may take at the moment, whatever the options say. */
  get maxEntryBytes(): number {
    return this.#ceiling * ENTRY_SHARE;
  }

  /** `limits` as far as they hold at the moment. */
  within(limits: StoreLimits): StoreLimits {
    if (this.#ceiling >= limits.maxBytes) return limits;
    return { maxEntries: limits.maxEntries, maxBytes: this.#ceiling };
  }

  /** The cache has stored something. Two reads and a comparison, but for every so many megabytes. */
  noticeWrite(): void {
    if (this.cache.store.bytes > this.alarmBytes) this.#watch?.look();
  }

  memoryRead({ heapPercent, processPercent, correction }: MemoryCondition): void {
    this.#heap.read(heapPercent);
    this.#container.read(processPercent ?? 0);
    this.#turnTo(worseOf(this.#heap.level, this.#container.level), heapPercent, processPercent);
    if (correction > 1) this.#copyKeys();
    const limit = this.cache.configured().maxBytes / correction;
    const now = this.cache.clock.now();
    const isPressing = this.#heap.isPressing || this.#container.isPressing;
    if (isPressing) this.#lower(this.#level === 'critical' ? 'critical' : 'high', 0, now);
    else if (this.limitBytes > limit) this.#lower('high', limit, now);
    else if (this.#level === 'ok' && this.limitBytes < limit) this.#raise(limit, now);
    this.#holdCeiling();
  }

  /** The part of the memory report that is known here. */
  report(): PressureReport {
    const condition = this.#closed ? undefined : this.#watch?.measure();
    return {
      effectiveLimitBytes: Math.floor(this.limitBytes),
      estimatedErrorPercent: condition?.driftRatio === undefined ? null : rounded((condition.driftRatio - 1) * 100),
      pressure: {
        level: condition ? this.#level : 'off',
        heapUsedPercent: condition ? rounded(condition.heapPercent) : null,
        processMemoryPercent: condition?.processPercent === undefined ? null : rounded(condition.processPercent),
        shedBytes: this.#shedBytes,
      },
    };
  }

  close(): void {
    this.#closed = true;
    this.#leave();
  }

  #turnTo(level: PressureLevel, heapPercent: number, processPercent: number | undefined): void {
    if (level === this.#level) return;
    const previous = this.#level;
    this.#level = level;
    this.cache.changed({
      level,
      previous,
      heapUsedPercent: rounded(heapPercent),
      processMemoryPercent: processPercent === undefined ? null : rounded(processPercent),
    });
  }

  /** One step down, to `least` at most. */
  #lower(share: keyof typeof SHED_SHARE, least: number, now: number): void {
    if (this.#shedding || now - this.#steppedAt < SHED_INTERVAL_MS) return;
    const { maxBytes } = this.cache.configured();
    const floor = Math.max(Math.min(this.settings.minBytes, maxBytes), least);
    const held = Math.min(this.cache.store.bytes, this.limitBytes);
    const ceiling = Math.max(held * (1 - SHED_SHARE[share]), floor);
    if (ceiling >= this.limitBytes) return;
    this.#steppedAt = now;
    this.#ceiling = ceiling;
  }

  /** One step up, to `most` at most. */
  #raise(most: number, now: number): void {
    if (now - this.#steppedAt < GROW_INTERVAL_MS) return;
    this.#steppedAt = now;
    const ceiling = Math.max(this.#ceiling * GROW_FACTOR, this.#ceiling + MIN_GROWTH_BYTES);
    const { maxBytes } = this.cache.configured();
    this.#ceiling = ceiling < most ? ceiling : most < maxBytes ? most : Infinity;
  }

  /** Keys that were cut out of large texts keep those alive: of what makes the heap drift, the part that can be mended. */
  #copyKeys(): void {
    if (this.#copiesKeys) return;
    this.#copiesKeys = true;
    this.#watch?.forgetDrift();
    runInSlices(this.cache.store.copyKeys(), this.cache.clock).catch(this.cache.failed);
  }

  /** Makes the store keep to the ceiling: at once where it fits, in slices where entries have to leave. */
  #holdCeiling(): void {
    const { clock, failed } = this.cache;
    // Without a ceiling the limit is that of the options, and changed by those who change them.
    if (this.#shedding || this.#closed || !(this.#holding || this.#ceiling < Infinity)) return;
    this.#shedding = true;
    runInSlices(this.#shed(), clock).catch(failed);
  }

  *#shed(): Generator<undefined, void, undefined> {
    const { store } = this.cache;
    try {
      while (store.bytes > this.limitBytes && !this.#closed) {
        // Meanwhile nothing is added: a write evicts for itself, and no write has to evict for all.
        this.#limitTo(store.bytes);
        const before = store.bytes;
        if (store.evictOne() === undefined) break;
        this.#shedBytes += before - store.bytes;
        yield;
      }
      this.#limitTo(this.limitBytes);
      this.#holding = this.#ceiling < Infinity;
    } finally {
      this.#shedding = false;
    }
  }

  #limitTo(maxBytes: number): void {
    const { store } = this.cache;
    if (store.limits.maxBytes !== maxBytes) store.limits = { ...store.limits, maxBytes };
  }
}

function rounded(percent: number): number {
  return Math.round(percent * 100) / 100;
}
