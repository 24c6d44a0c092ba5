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
import { assertTags, type EntryAttributes, resolveAttributes } from './entry/entry-attributes.js';
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
import type { Announced } from './ports/coherence-bus.js';
import type { BenchmarkReport, CacheAnalytics, CacheStats, HealthReport, MemoryReport } from './reports.js';

/** What every `set` returns: it has taken effect when the call returns, so there is nothing to wait for. */
const DONE = Promise.resolve();

/** What becomes of an invalidation that concerns this process alone. */
const NOBODY_TO_TELL = Object.freeze({ propagated: undefined, removed: 0 });

/** What an invalidation did here, and whether the others know of it; `undefined` where there is nobody to tell. */
export interface Outcome<T> {
  readonly result: T;
  readonly propagated: boolean | undefined;
}

/** How long {@link EnhancedCache.close} waits for running loads, in milliseconds. */
const CLOSE_DEADLINE_MS = 5000;

/**
 * A cache inside this process, bounded by entries and by bytes; with a second tier behind it, where one is attached.
 *
 * Reads and writes take effect in the order of their calls, before the returned promise settles: after `set` was
 * called, a `get` sees it. An invalidation (`delete`, `deleteByTags`, `clear`, `set`) always wins over a load that was
 * running: its callers get what it brought, the cache does not.
 *
 * With a second tier what is not in memory is asked for there, and what changes here is told to the tier and to the other
 * processes that share it. The promises of writes and invalidations then wait for the tier, within its deadline; no call
 * rejects because of it. Counts of removed entries are of this process's memory.
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
      const { core, tiers } = this.#parts;
      const value = core.read(key) as T | undefined;
      return value === undefined && tiers.attached
        ? (tiers.read(key) as Promise<T | undefined>)
        : Promise.resolve(value);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** {@link get} from this process's memory alone, without a promise. */
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
    const { core, entries } = this.#parts;
    const look = (slot: number): CacheEntry | undefined => {
      const info = entries.info(slot);
      const value = core.peek(slot);
      return value === undefined ? undefined : { ...info, value };
    };
    return this.#lookAnywhere(key, look, (entry) => entry) as Promise<CacheEntry<T> | undefined>;
  }

  async has(key: string): Promise<boolean> {
    const yes = (): true => true;
    return (await this.#lookAnywhere(key, yes, yes)) ?? false;
  }

  /** Seconds left; `null`: never expires; `undefined`: absent. */
  async ttl(key: string): Promise<number | null | undefined> {
    const { entries } = this.#parts;
    return this.#lookAnywhere(
      key,
      (slot) => entries.info(slot).ttlRemaining,
      ({ ttlRemaining }) => ttlRemaining,
    );
  }

  /** Gives the entry another lifetime, counted from now. False where it is absent. */
  async touch(key: string, ttl: Duration | null): Promise<boolean> {
    const ttlMs = durationToMs(ttl);
    const { store, sweeper, tiers } = this.#parts;
    const slot = this.#find(key);
    if (slot !== -1) {
      store.retime(slot, tiers.inMemory({ ttlMs }).ttlMs, store.keptFor(slot));
      sweeper.notice(store.table.expiresAt(slot));
    }
    const isInTier = tiers.attached && (await tiers.touch(key, ttlMs));
    return slot !== -1 || isInTier;
  }

  /**
   * Stores a value. Rejects where nothing was stored, and then the old entry is gone, never stale.
   *
   * @throws {InvalidKeyError | InvalidOptionsError | InvalidValueError | CapacityError | CacheClosedError}
   */
  set(key: string, value: unknown, options?: SetOptions | Duration | null): Promise<void> {
    try {
      return this.#set(key, value, options) ?? DONE;
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
    const { readThrough, gate, tiers } = this.#parts;
    return getMany(keys, loadMany, this.#loadOptions(options), readThrough, gate, tiers.attached);
  }

  /** What is cached of `keys`, each read counted. */
  async mget<T = unknown>(keys: readonly string[]): Promise<Map<string, T>> {
    const { core, tiers } = this.#parts;
    const here = keys.map((key) => core.read(key) as T | undefined);
    const values = tiers.attached
      ? await Promise.all(here.map((value, i) => value ?? (tiers.read(keys[i]) as Promise<T | undefined>)))
      : here;
    const found = new Map<string, T>();
    keys.forEach((key, i) => {
      const value = values[i];
      if (value !== undefined) found.set(key, value);
    });
    return found;
  }

  /** Sets each entry. Rejects with the first error after trying all of them; an entry that failed is not served. */
  async mset(entries: Iterable<EntryInput>): Promise<void> {
    const errors: unknown[] = [];
    const writes: Promise<void>[] = [];
    for (const { key, value, ...options } of entries) {
      try {
        const write = this.#set(key, value, options);
        if (write) writes.push(write);
      } catch (error) {
        errors.push(error);
      }
    }
    await Promise.all(writes);
    if (errors.length > 0) throw errors[0];
  }

  /** How many of `keys` were there to be deleted. */
  async mdelete(keys: readonly string[]): Promise<number> {
    const here = keys.map((key) => this.#parts.core.delete(key)).filter(Boolean).length;
    // An entry may stand in both; how many of those in the tier are others, nobody knows.
    return Math.max(here, (await this.#announceKeys(keys, false)).removed);
  }

  /** Whether there was an entry. */
  async delete(key: string): Promise<boolean> {
    const isHere = this.#parts.core.delete(key);
    return (await this.#announceKeys([key], false)).removed > 0 || isHere;
  }

  /**
   * {@link delete}, and whether the other processes know of it.
   *
   * @internal
   */
  async deleteAnnounced(key: string): Promise<Outcome<boolean>> {
    const isHere = this.#parts.core.delete(key);
    const { removed, propagated } = await this.#announceKeys([key], false);
    return { result: removed > 0 || isHere, propagated };
  }

  /**
   * Removes the entries that carry the tags, from this moment on invisible; their memory is reclaimed in slices.
   *
   * @returns how many entries it removed.
   */
  async deleteByTags(tags: readonly string[], { match = 'any' }: DeleteByTagsOptions = {}): Promise<number> {
    return (await this.deleteByTagsAnnounced(tags, { match })).result;
  }

  /**
   * {@link deleteByTags}, and whether the other processes know of it.
   *
   * @internal
   */
  async deleteByTagsAnnounced(
    tags: readonly string[],
    { match = 'any' }: DeleteByTagsOptions = {},
  ): Promise<Outcome<number>> {
    assertTags(tags);
    if (match !== 'any' && match !== 'all') throw new InvalidOptionsError('match', `'any' or 'all'`, match);
    const removed = this.#parts.core.deleteByTags(tags, match);
    const { propagated } = await this.#announceTags(tags, match, false);
    return { result: await removed, propagated };
  }

  /**
   * Ends the entry's lifetime now. It is kept for as long as it may stand in for a load (`staleWhileRevalidate`,
   * `staleIfError`); where it may not, it leaves.
   *
   * @returns whether there was a fresh entry.
   */
  async expire(key: string): Promise<boolean> {
    const wasFresh = this.#parts.core.expire(key);
    return (await this.#announceKeys([key], true)).removed > 0 || wasFresh;
  }

  /** {@link expire} for every entry that carries one of `tags`. @returns how many were fresh. */
  async expireTags(tags: readonly string[]): Promise<number> {
    assertTags(tags);
    const lapsed = this.#parts.core.expireTags(tags);
    await this.#announceTags(tags, 'any', true);
    return lapsed;
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
    const evictions: Promise<unknown>[] = [];
    if (keys.length > 0) evictions.push(this.mdelete(keys));
    if (tags.length > 0) evictions.push(this.deleteByTags(tags));
    if (all) evictions.push(this.clear());
    await Promise.all(evictions);
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
    return (await this.clearAnnounced()).result;
  }

  /**
   * {@link clear}, and whether the other processes know of it.
   *
   * @internal
   */
  async clearAnnounced(): Promise<Outcome<number>> {
    const cleared = this.#parts.core.clear();
    const { tiers } = this.#parts;
    const { propagated } = tiers.attached ? await tiers.announce({ scope: 'everything' }) : NOBODY_TO_TELL;
    return { result: await cleared, propagated };
  }

  /** `fn` with its results cached; see {@link WrapOptions}. */
  wrap<A extends unknown[], R>(
    fn: (...args: A) => R,
    options: WrapOptions<A> = {},
  ): (...args: A) => Promise<Awaited<R>> {
    return wrapFunction(fn, options, (key, load, how) => this.getOrSet(key, load, how));
  }

  /**
   * Runs `work` alone for `key` in this process, in the order of the calls; with a second tier, alone in all processes that
   * share it, in no particular order. It must not lock its own key again.
   *
   * @throws {CacheTimeoutError} where `wait` was too short.
   * @throws {TierError} where the second tier is out of reach.
   */
  async withLock<T>(key: string, work: (lock: HeldLock) => T | Promise<T>, options?: LockOptions): Promise<T> {
    assertKey(key, this.#options.maxKeyLength);
    const { locks, tiers } = this.#parts;
    if (!tiers.attached) return locks.run(key, work, options);
    const { lease = null, wait = null } = options ?? {};
    const { fencing, signal, release } = await tiers.lock(
      key,
      durationToMs(lease, 'lease'),
      durationToMs(wait, 'wait'),
    );
    try {
      return await work({ key, owner: fencing, signal });
    } finally {
      await release();
    }
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
    const { core, counters, startedAt, tiers } = this.#parts;
    return cacheStats(counters, core.gauges(startedAt), tiers.report());
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
    const { core, sweeper, pressure, compression, fence, flights, tiers, events, store, closing } = this.#parts;
    if (core.closed) return;
    core.closed = true;
    closing.abort(new CacheClosedError());
    sweeper.close();
    pressure.close();
    compression.close();
    fence.invalidateEverything();
    await within(flights.settled(), CLOSE_DEADLINE_MS, this.#options.clock);
    flights.abandon(new CacheClosedError());
    await tiers.close();
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

  /**
   * What `inMemory` sees of the entry that is fresh here, or in the second tier: then it is brought here, or where memory does
   * not keep it `turnedAway` is told of it. `undefined` where there is none.
   *
   * They look in the turn in which the slot was found: a turn later another entry may stand there.
   */
  async #lookAnywhere<T>(
    key: string,
    inMemory: (slot: number) => T | undefined,
    turnedAway: (entry: CacheEntry) => T | undefined,
  ): Promise<T | undefined> {
    const slot = this.#find(key);
    if (slot !== -1) return inMemory(slot);
    const { tiers } = this.#parts;
    return tiers.attached ? tiers.look(key, inMemory, turnedAway) : undefined;
  }

  async #announceKeys(keys: readonly string[], stale: boolean): Promise<Announced | typeof NOBODY_TO_TELL> {
    const { tiers } = this.#parts;
    return tiers.attached && keys.length > 0 ? tiers.announce({ scope: 'keys', keys, stale }) : NOBODY_TO_TELL;
  }

  async #announceTags(
    tags: readonly string[],
    match: 'any' | 'all',
    stale: boolean,
  ): Promise<Announced | typeof NOBODY_TO_TELL> {
    const { tiers } = this.#parts;
    return tiers.attached && tags.length > 0 ? tiers.announce({ scope: 'tags', tags, match, stale }) : NOBODY_TO_TELL;
  }

  /** @returns what is still to be waited for; `undefined` where that is nothing. */
  #set(key: string, value: unknown, options: SetOptions | Duration | null | undefined): Promise<void> | undefined {
    assertKey(key, this.#options.maxKeyLength);
    const { core, tiers } = this.#parts;
    if (!tiers.attached) {
      core.write(key, value, () => resolveAttributes(options, this.#options.defaultTtlMs));
      return undefined;
    }
    let attributes: EntryAttributes | undefined;
    try {
      core.write(key, value, () => {
        attributes = resolveAttributes(options, this.#options.defaultTtlMs);
        return tiers.inMemory(attributes);
      });
      return tiers.write(key, value, attributes as EntryAttributes);
    } catch (error) {
      // Nothing was stored, and what stood in the tier is as old as what stood here.
      void tiers.announce({ scope: 'keys', keys: [key], stale: false });
      throw error;
    }
  }
}

/** Settles with `work`, which must not reject, or when `deadlineMs` are over. */
async function within(work: Promise<void>, deadlineMs: number, clock: Clock): Promise<void> {
  let timer: ClockTimer | undefined;
  await Promise.race([work, new Promise<void>((resolve) => (timer = clock.schedule(resolve, deadlineMs)))]);
  timer?.cancel();
}
