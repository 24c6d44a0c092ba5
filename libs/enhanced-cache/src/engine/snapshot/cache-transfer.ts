import type { Readable } from 'node:stream';
import type { CacheCore } from '../cache-core.js';
import type { ExportOptions, ImportResult, SetOptions, WarmUpResult, WarmUpSource } from '../cache-types.js';
import { ClassPolicy } from '../codec/class-policy.js';
import { fromPortable, toPortable } from '../codec/portable.js';
import type { StoredValue } from '../codec/value-codec.js';
import { type EntryAttributes, resolveAttributes } from '../entry/entry-attributes.js';
import { assertKey } from '../entry/entry-key.js';
import type { EntryReader } from '../entry/entry-reader.js';
import { CacheClosedError, ImportError, InvalidOptionsError } from '../errors.js';
import type { CacheEvents } from '../events.js';
import type { FenceToken, WriteFence } from '../loading/write-fence.js';
import type { TierAccess } from '../tier/tier-access.js';
import type { CacheAnalytics, CacheStats, MemoryReport } from '../reports.js';
import { exportDocument, type SnapshotSource } from './export-document.js';
import type { ImportedEntry } from './import-entry.js';
import { importSnapshot } from './import.js';
import { exportNdjson } from './ndjson.js';
import { warmUp } from './warm-up.js';

/** The reports that stand in an export. */
export interface Reports {
  getStats(): CacheStats;
  getAnalytics(): CacheAnalytics;
  getMemoryUsage(): MemoryReport;
}

/**
 * Moves entries out of and into a cache.
 *
 * What comes in is fenced as a load is: a token is opened before the first entry is looked at, and an entry whose key,
 * tag or whole cache was invalidated since then, or that was set by someone else meanwhile, stays out. A load that began
 * before that moment does not replace it.
 */
export class CacheTransfer {
  readonly #classes: ClassPolicy;

  constructor(
    private readonly core: CacheCore,
    private readonly entries: EntryReader,
    private readonly fence: WriteFence,
    private readonly tiers: TierAccess,
    private readonly events: CacheEvents,
    private readonly reports: Reports,
  ) {
    this.#classes = new ClassPolicy(core.options);
  }

  async export({ values = false, format = 'json' }: ExportOptions): Promise<Record<string, unknown> | Readable> {
    if (typeof values !== 'boolean') throw new InvalidOptionsError('values', 'true or false', values);
    const { clock } = this.core.options;
    if (format === 'json') return exportDocument(this.#source(), clock, values);
    if (format === 'ndjson') return exportNdjson(this.#source(), clock, values);
    throw new InvalidOptionsError('format', `'json' or 'ndjson'`, format);
  }

  import(source: unknown): Promise<ImportResult> {
    return this.#fenced((token) => {
      const sink = { write: (entry: ImportedEntry) => this.#restore(entry, token) };
      return importSnapshot(source, sink, this.core.options.clock);
    });
  }

  warmUp(source: WarmUpSource, options: SetOptions): Promise<WarmUpResult> {
    return this.#fenced((token) => {
      const sink = { set: (key: string, value: unknown, own: SetOptions) => this.#warm(key, value, own, token) };
      return warmUp(source, options, sink, this.core.options.clock);
    });
  }

  async #fenced<T>(work: (token: FenceToken) => Promise<T>): Promise<T> {
    if (this.core.closed) throw new CacheClosedError();
    const token = this.fence.open();
    try {
      return await work(token);
    } finally {
      this.fence.close(token);
    }
  }

  #source(): SnapshotSource {
    const { core, entries, reports } = this;
    const { store } = core;
    return {
      keys: () => store.liveKeys(),
      read: (key, withValue) => {
        const slot = store.find(key);
        if (slot === -1) return undefined;
        const info = entries.info(slot);
        if (!withValue) return info;
        const value = core.peek(slot);
        return value === undefined ? undefined : { ...info, value };
      },
      statistics: () => reports.getStats(),
      analytics: () => reports.getAnalytics(),
      memoryUsage: () => reports.getMemoryUsage(),
      toPortable: (value) => toPortable(value, this.#classes),
      onValueError: (key, error) => this.events.emit('error', { operation: 'export a value', error, key }),
    };
  }

  #restore(entry: ImportedEntry, token: FenceToken): boolean | Promise<boolean> {
    const { key, attributes } = entry;
    assertKey(key, this.core.options.maxKeyLength);
    const value = fromPortable(entry.value, this.#classes);
    const stored = this.core.encode(value);
    const keep = (isCurrent: boolean): boolean => {
      if (!isCurrent || !this.#place(key, stored, attributes, token)) return false;
      return this.#recall(entry);
    };
    const inTier = this.#inTier(key, value, attributes, token);
    return inTier ? inTier.then(keep) : keep(true);
  }

  /** Stores it in the second tier, where there is one; false where something came between. */
  #inTier(key: string, value: unknown, attributes: EntryAttributes, token: FenceToken): Promise<boolean> | undefined {
    if (!this.tiers.attached) return undefined;
    return this.tiers.bringIn(key, value, attributes, () => this.fence.isWhole(token, key, attributes.tags));
  }

  #place(key: string, stored: StoredValue, attributes: EntryAttributes, token: FenceToken): boolean {
    if (!this.fence.isWhole(token, key, attributes.tags)) return false;
    this.core.place(key, stored, this.tiers.inMemory(attributes));
    this.fence.stored(token, key);
    return true;
  }

  /** Gives the entry the history that it had. @returns whether it is there. */
  #recall(entry: ImportedEntry): boolean {
    const { clock } = this.core.options;
    const slot = this.core.store.find(entry.key);
    // Turned away by the policy: nothing has a history then.
    if (slot === -1) return false;
    const monotonic = (time: Date): number => clock.now() - Math.max(0, clock.wallNow() - time.getTime());
    this.core.store.restoreHistory(slot, monotonic(entry.createdAt), monotonic(entry.lastAccessed), entry.accessCount);
    return true;
  }

  #warm(key: string, value: unknown, options: SetOptions, token: FenceToken): number | Promise<number> {
    assertKey(key, this.core.options.maxKeyLength);
    const attributes = resolveAttributes(options, this.core.options.defaultTtlMs);
    const stored = this.core.encode(value);
    const keep = (isCurrent: boolean): number => {
      if (isCurrent && this.#place(key, stored, attributes, token)) return stored.originalBytes;
      throw new ImportError('was invalidated or set by someone else while the warm-up was running');
    };
    const inTier = this.#inTier(key, value, attributes, token);
    return inTier ? inTier.then(keep) : keep(true);
  }
}
