import type { Readable } from 'node:stream';
import { cacheStats, memoryReport } from './analytics/statistics.js';
import { type CacheAssembly, assembleCache } from './cache-assembly.js';
import type {
  BulkLoader,
  ConfigureResult,
  DeleteByTagsOptions,
  EntryInput,
  EntryPage,
  Eviction,
  ExportOptions,
  ImportResult,
  ListOptions,
  Loader,
  SetOptions,
  WarmUpResult,
  WarmUpSource,
  WrapOptions,
} from './cache-types.js';
import { type Duration, durationToMs } from './duration.js';
import { assertTags, resolveAttributes } from './entry/entry-attributes.js';
import { assertKey } from './entry/entry-key.js';
import { auditStore } from './entry/store-audit.js';
import type { CacheEntry, EntryInfo } from './entry/entry-view.js';
import type { ImmutableValue } from './codec/immutable-value.js';
import { CacheClosedError, InvalidOptionsError } from './errors.js';
import type { CacheEvent, CacheListener } from './events.js';
import { getMany } from './loading/bulk-load.js';
import type { HeldLock, LockOptions } from './loading/key-lock.js';
import { type LoadOptions, type ResolvedLoad, resolveLoad } from './loading/load-options.js';
import { wrapFunction } from './loading/wrap.js';
import type { EnhancedCacheOptions, Reconfiguration, ResolvedOptions } from './options/options.js';
import { configurationOf } from './options/reconfigurer.js';
import { resolveOptions } from './options/resolve-options.js';
import type { Clock, ClockTimer } from './ports/clock.js';
import type { BenchmarkReport, CacheAnalytics, CacheStats, HealthReport, MemoryReport } from './reports.js';

/** What every `set` returns: it has taken effect when the call returns, so there is nothing to wait for. */
const DONE = Promise.resolve();

/** How long {@link EnhancedCache.close} waits for running loads, in milliseconds. */
const CLOSE_DEADLINE_MS = 5000;

/**
 * A cache inside this process, bounded by entries and by bytes.
 *
 * Reads and writes take effect in the order of their calls, before the returned promise settles: after `set` was
 * called, a `get` sees it. An invalidation (`delete`, `deleteByTags`, `clear`, `set`) always wins over a load that was
 * running: its callers get what it brought, the cache does not.
 */
export class EnhancedCache {
  readonly #parts: CacheAssembly;

  /** @throws {InvalidOptionsError} naming the option, what was given and what is allowed. */
  constructor(options: EnhancedCacheOptions = {}) {
    this.#parts = assembleCache(resolveOptions(options), this, () => this.#scratch());
  }

  get name(): string {
    return this.#options.name;
  }

  /** Most entries held, as configured now. */
  get maxSize(): number {
    return this.#options.maxEntries;
  }

  /** The value under `key`; `undefined` is a miss, `null` is a cached null. Rejects only for what cannot be a key. */
  get<T = unknown>(key: string): Promise<T | undefined> {
    // Not an async function: what V8 makes for one costs as much as the lookup.
    try {
      return Promise.resolve(this.#parts.core.read(key) as T | undefined);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** {@link get} without a promise. */
  getSync<T = unknown>(key: string): T | undefined {
    return this.#parts.core.read(key) as T | undefined;
  }

  /**
   * {@link getSync} that does not count a miss: for those who go on with `getOrSet`, which counts it.
   *
   * @internal
   */
  getIfFresh(key: string): unknown {
    return this.#parts.core.readFresh(key);
  }

  /**
   * Puts another form of the same content in the place of `held`, with its new size and otherwise unnoticed.
   *
   * @returns whether `held` was still stored under `key`.
   * @internal
   */
  exchange(key: string, held: ImmutableValue, form: ImmutableValue): boolean {
    return this.#parts.core.exchange(key, held, form);
  }

  /** The entry with what is known of it. Neither a hit nor a use in the eyes of the eviction policy. */
  async getEntry<T = unknown>(key: string): Promise<CacheEntry<T> | undefined> {
    const slot = this.#find(key);
    if (slot === -1) return undefined;
    const info = this.#parts.entries.info(slot);
    const value = this.#parts.core.peek(slot) as T | undefined;
    return value === undefined ? undefined : { ...info, value };
  }

  async has(key: string): Promise<boolean> {
    return this.#find(key) !== -1;
  }

  /** Seconds left; `null`: never expires; `undefined`: absent. */
  async ttl(key: string): Promise<number | null | undefined> {
    const slot = this.#find(key);
    return slot === -1 ? undefined : this.#parts.entries.info(slot).ttlRemaining;
  }

  /** Gives the entry another lifetime, counted from now. False where it is absent. */
  async touch(key: string, ttl: Duration | null): Promise<boolean> {
    const ttlMs = durationToMs(ttl);
    const slot = this.#find(key);
    if (slot === -1) return false;
    this.#parts.store.retime(slot, ttlMs, this.#parts.store.keptFor(slot));
    this.#parts.sweeper.notice(this.#parts.store.table.expiresAt(slot));
    return true;
  }

  /**
   * Stores a value. Rejects where nothing was stored, and then the old entry is gone, never stale.
   *
   * @throws {InvalidKeyError | InvalidOptionsError | InvalidValueError | CapacityError | CacheClosedError}
   */
  set(key: string, value: unknown, options?: SetOptions | Duration | null): Promise<void> {
    try {
      this.#set(key, value, options);
      return DONE;
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /**
   * The value under `key`, or what `load` brings, which is then stored. Concurrent callers of a key share one `load`;
   * if it rejects, each of them rejects with its reason and the next caller loads anew. `undefined` is not stored. A
   * value that the cache cannot hold is returned all the same and reported as an `error` event.
   */
  async getOrSet<T>(key: string, load: Loader<T>, options?: LoadOptions | Duration | null): Promise<T> {
    return this.#parts.readThrough.get(key, load, this.#loadOptions(options));
  }

  /**
   * {@link getOrSet} for many keys, with one call of `loadMany` for those that are neither cached nor being loaded.
   *
   * @returns what there is, by key; keys that `loadMany` leaves out are not in it.
   */
  async getOrSetMany<T>(
    keys: readonly string[],
    loadMany: BulkLoader<T>,
    options?: LoadOptions | Duration | null,
  ): Promise<Map<string, T>> {
    const { readThrough, gate } = this.#parts;
    return getMany(keys, loadMany, this.#loadOptions(options), readThrough, gate);
  }

  /** What is cached of `keys`, each read counted. */
  async mget<T = unknown>(keys: readonly string[]): Promise<Map<string, T>> {
    const found = new Map<string, T>();
    for (const key of keys) {
      const value = this.#parts.core.read(key) as T | undefined;
      if (value !== undefined) found.set(key, value);
    }
    return found;
  }

  /** Sets each entry. Rejects with the first error after trying all of them; an entry that failed is not served. */
  async mset(entries: Iterable<EntryInput>): Promise<void> {
    const errors: unknown[] = [];
    for (const { key, value, ...options } of entries) {
      try {
        this.#set(key, value, options);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  /** How many of `keys` were there to be deleted. */
  async mdelete(keys: readonly string[]): Promise<number> {
    return keys.filter((key) => this.#parts.core.delete(key)).length;
  }

  /** Whether there was an entry. */
  async delete(key: string): Promise<boolean> {
    return this.#parts.core.delete(key);
  }

  /**
   * Removes the entries that carry the tags, from this moment on invisible; their memory is reclaimed in slices.
   *
   * @returns how many entries it removed.
   */
  async deleteByTags(tags: readonly string[], { match = 'any' }: DeleteByTagsOptions = {}): Promise<number> {
    assertTags(tags);
    if (match !== 'any' && match !== 'all') throw new InvalidOptionsError('match', `'any' or 'all'`, match);
    return this.#parts.core.deleteByTags(tags, match);
  }

  /**
   * Ends the entry's lifetime now. It is kept for as long as it may stand in for a load (`staleWhileRevalidate`,
   * `staleIfError`); where it may not, it leaves.
   *
   * @returns whether there was a fresh entry.
   */
  async expire(key: string): Promise<boolean> {
    return this.#parts.core.expire(key);
  }

  /** {@link expire} for every entry that carries one of `tags`. @returns how many were fresh. */
  async expireTags(tags: readonly string[]): Promise<number> {
    assertTags(tags);
    return this.#parts.core.expireTags(tags);
  }

  /**
   * Removes entries once `work`, the transaction that changes their source, has committed; not where it fails. Removed
   * before the commit, they would be loaded again from the old state.
   *
   * @returns what `work` resolves with.
   */
  async evictAfter<T>(work: Promise<T>, { keys = [], tags = [], all = false }: Eviction): Promise<T> {
    assertTags(tags);
    for (const key of keys) assertKey(key, this.#options.maxKeyLength);
    const result = await work;
    for (const key of keys) this.#parts.core.delete(key);
    if (tags.length > 0) await this.#parts.core.deleteByTags(tags, 'any');
    if (all) await this.#parts.core.clear();
    return result;
  }

  /** Entries with `tag`, newest first. */
  async getEntriesByTag(tag: string): Promise<EntryInfo[]> {
    assertTags([tag]);
    return this.#parts.entries.byTag(tag);
  }

  /** Entries page by page. */
  async listEntries(options?: ListOptions): Promise<EntryPage> {
    return this.#parts.entries.page(options);
  }

  /** Removes everything at once. @returns how many entries there were. */
  async clear(): Promise<number> {
    return this.#parts.core.clear();
  }

  /** `fn` with its results cached; see {@link WrapOptions}. */
  wrap<A extends unknown[], R>(
    fn: (...args: A) => R,
    options: WrapOptions<A> = {},
  ): (...args: A) => Promise<Awaited<R>> {
    return wrapFunction(fn, options, (key, load, how) => this.getOrSet(key, load, how));
  }

  /**
   * Runs `work` alone for `key` in this process, in the order of the calls. It must not lock its own key again.
   *
   * @throws {CacheTimeoutError} where `wait` was too short.
   */
  async withLock<T>(key: string, work: (lock: HeldLock) => T | Promise<T>, options?: LockOptions): Promise<T> {
    assertKey(key, this.#options.maxKeyLength);
    return this.#parts.locks.run(key, work, options);
  }

  /** Stores what `source` names; entries that fail are reported and do not stop the rest. */
  async warmUp(source: WarmUpSource, options: SetOptions = {}): Promise<WarmUpResult> {
    return this.#parts.transfer.warmUp(source, options);
  }

  /** The document (`json`), or a stream of its lines (`ndjson`). */
  async exportCacheData(options: ExportOptions = {}): Promise<Record<string, unknown> | Readable> {
    return this.#parts.transfer.export(options);
  }

  /**
   * Brings in what `exportCacheData({ values: true })` made: the document, its JSON or NDJSON text or bytes, or a stream
   * of these. Remaining lifetimes are kept.
   *
   * @throws {ImportError} where it is not an export; nothing was imported then.
   */
  async importCacheData(source: unknown): Promise<ImportResult> {
    return this.#parts.transfer.import(source);
  }

  getStats(): CacheStats {
    const gauges = this.#parts.core.gauges(this.#parts.startedAt);
    return cacheStats(this.#parts.counters, gauges);
  }

  getAnalytics(): CacheAnalytics {
    return this.#parts.analytics.report(this.getStats(), this.#parts.counters);
  }

  getMemoryUsage(): MemoryReport {
    const { core, pressure, startedAt } = this.#parts;
    return { ...memoryReport(core.gauges(startedAt)), ...pressure.report() };
  }

  /**
   * Times sets and gets on a scratch cache of the same configuration; live entries are not touched.
   *
   * @param iterations 1 to 100,000.
   * @throws {InvalidOptionsError | CacheBusyError} the latter while another run is under way.
   */
  async benchmarkPerformance(iterations = 1000): Promise<BenchmarkReport> {
    return this.#parts.benchmark.run(iterations, this.#parts.closing.signal);
  }

  /** The cache's judgement of itself; never rejects. */
  async healthCheck(): Promise<HealthReport> {
    return this.#parts.health.run();
  }

  /** Applies `changes` to the running cache, all or nothing; entries that still fit stay. */
  async configure(changes: Reconfiguration): Promise<ConfigureResult> {
    return this.#parts.reconfigurer.configure(changes);
  }

  /**
   * Stops all timers, waits at most 5 s for loads that are running, and lets go of everything. A load that takes longer
   * is abandoned: its signal is aborted and its callers get a {@link CacheClosedError}. Afterwards reads miss,
   * `getOrSet` calls its loader, and what would store rejects with that error. A second call does nothing.
   */
  async close(): Promise<void> {
    const { core, sweeper, pressure, compression, fence, flights, events, store, closing } = this.#parts;
    if (core.closed) return;
    core.closed = true;
    closing.abort(new CacheClosedError());
    sweeper.close();
    pressure.close();
    compression.close();
    fence.invalidateEverything();
    await within(flights.settled(), CLOSE_DEADLINE_MS, this.#options.clock);
    flights.abandon(new CacheClosedError());
    store.clear();
    events.removeAll();
  }

  /** Calls `listener` at each `event`; the returned function takes it off again. */
  on<E extends CacheEvent>(event: E, listener: CacheListener<E>): () => void {
    return this.#parts.events.on(event, listener);
  }

  /**
   * Adds up again what is counted while the cache runs: bytes, totals, tags, slots.
   *
   * @returns a sentence for each figure that is off; empty where all is well. O(entries); for tests and diagnosis.
   */
  verifyAccounting(): string[] {
    return auditStore(this.#parts.store);
  }

  get #options(): ResolvedOptions {
    return this.#parts.core.options;
  }

  /** A cache of the same configuration that nobody else uses. */
  #scratch(): EnhancedCache {
    const { types, classInstances, clock } = this.#options;
    const name = `scratch of ${this.name}`;
    const own = { types, classInstances, clock, name, memoryPressure: false };
    return new EnhancedCache({ ...configurationOf(this.#options), ...own });
  }

  #loadOptions(options: LoadOptions | Duration | null | undefined): ResolvedLoad {
    return resolveLoad(options, this.#options.defaultTtlMs, this.#options.loading);
  }

  #find(key: string): number {
    assertKey(key, this.#options.maxKeyLength);
    return this.#parts.store.find(key);
  }

  #set(key: string, value: unknown, options: SetOptions | Duration | null | undefined): void {
    assertKey(key, this.#options.maxKeyLength);
    this.#parts.core.write(key, value, () => resolveAttributes(options, this.#options.defaultTtlMs));
  }
}

/** Settles with `work`, which must not reject, or when `deadlineMs` are over. */
async function within(work: Promise<void>, deadlineMs: number, clock: Clock): Promise<void> {
  let timer: ClockTimer | undefined;
  await Promise.race([work, new Promise<void>((resolve) => (timer = clock.schedule(resolve, deadlineMs)))]);
  timer?.cancel();
}
