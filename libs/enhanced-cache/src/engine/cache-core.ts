import type { Analytics } from './analytics/analytics.js';
import type { Counters } from './analytics/counters.js';
import type { CacheGauges } from './analytics/statistics.js';
import type { DecodedForm } from './codec/decoded-form.js';
import { measureStored } from './codec/held-bytes.js';
import type { ImmutableValue } from './codec/immutable-value.js';
import { type Row, valueOf } from './codec/row.js';
import { StoredKind, type StoredValue, type ValueCodec } from './codec/value-codec.js';
import { DecodedValue } from './entry/decoded-values.js';
import type { EntryAttributes } from './entry/entry-attributes.js';
import type { ClearedEntries, EntryStore } from './entry/entry-store.js';
import { entryWeight } from './entry/entry-weight.js';
import { assertKey } from './entry/entry-key.js';
import { CacheClosedError, CapacityError, InvalidValueError } from './errors.js';
import type { CacheEvents } from './events.js';
import type { WriteFence } from './loading/write-fence.js';
import type { ResolvedOptions } from './options/options.js';
import type { Clock } from './ports/clock.js';
import type { PressureResponse } from './pressure/pressure-response.js';
import { runInSlices } from './slices.js';
import type { Invalidation } from './tags/tag-generations.js';

/** The parts that the core works with; each has one owner, the cache that made them. */
export interface CacheParts {
  readonly store: EntryStore;
  readonly counters: Counters;
  readonly analytics: Analytics;
  readonly events: CacheEvents;
  readonly fence: WriteFence;
  /** Makes running loads unjoinable. */
  readonly detach: { key(key: string): void; tagged(tags: readonly string[]): void; all(): void };
  /** How many entries an invalidation removed. */
  readonly reclaim: (invalidation: Invalidation) => Promise<number>;
  /** An entry was given this expiry. */
  readonly noticeExpiry: (expiresAt: number) => void;
  readonly pressure: PressureResponse;
  /** A value stands in `slot` that is still to be compressed. */
  readonly compressLater: (slot: number, stored: StoredValue) => void;
}

/**
 * The synchronous heart: reads, writes and removals of single entries, with all that belongs to each: isolation,
 * limits, fence, counters, events. Everything that waits is built around it.
 */
export class CacheCore {
  readonly store: EntryStore;
  readonly #counters: Counters;
  readonly #analytics: Analytics;
  readonly #events: CacheEvents;
  readonly #clock: Clock;

  /** Set once; from then on nothing is stored. */
  closed = false;

  constructor(
    private readonly parts: CacheParts,
    public options: ResolvedOptions,
    public codec: ValueCodec,
  ) {
    this.store = parts.store;
    this.#counters = parts.counters;
    this.#analytics = parts.analytics;
    this.#events = parts.events;
    this.#clock = options.clock;
  }

  /**
   * The value under `key`, `undefined` for a miss; counted, and sampled now and then.
   *
   * @throws {InvalidKeyError} where `key` could not have been stored.
   */
  read(key: string): unknown {
    const value = this.readFresh(key);
    if (value === undefined) this.countMiss(key);
    return value;
  }

  /** {@link read} that leaves it to the caller to count a miss, and to judge the key of one. */
  readFresh(key: string): unknown {
    return this.#analytics.timesNext ? this.#readTimed(key) : this.#lookUp(key, this.#clock.coarseNow());
  }

  /** The value kept under `key`, fresh or not; counted as a hit, and as a stale one. */
  readStale(key: string): unknown {
    const slot = this.store.findKept(key);
    const value = slot === -1 ? undefined : this.#hit(slot, key, this.#clock.coarseNow());
    if (value !== undefined) this.#counters.staleHits++;
    return value;
  }

  /** @throws {InvalidKeyError} where `key` could not have been stored. */
  countMiss(key: string): void {
    // Checked here and not before: a key that was found was checked when it was set.
    assertKey(key, this.options.maxKeyLength);
    this.#counters.misses++;
    this.#counters.missCost++;
    if (this.#analytics.tick()) this.#analytics.recordKey(key, false);
    if (this.#events.has('miss')) this.#events.emit('miss', { key });
  }

  /** The value in `slot`, neither counted nor noticed by the policy; `undefined` where its bytes are corrupt. */
  peek(slot: number): unknown {
    const { table } = this.store;
    return table.kind(slot) === StoredKind.DIRECT ? table.data[slot] : this.#decode(slot);
  }

  /** How the value in `slot` is stored; `undefined` for -1. */
  storedAt(slot: number): StoredValue | undefined {
    if (slot === -1) return undefined;
    const { table } = this.store;
    const kind = table.kind(slot);
    const data = table.stored(slot);
    const originalBytes = table.originalBytes(slot);
    const storedBytes = table.storedBytes(slot);
    return { kind, data, originalBytes, storedBytes, heldBytes: measureStored(kind, data) };
  }

  /** A value of its own of what is stored so; `undefined` where its bytes are corrupt. */
  decodeStored({ kind, data }: StoredValue): unknown {
    try {
      return this.codec.decode(kind, data);
    } catch (error) {
      this.#counters.corruptEntries++;
      this.#events.emit('error', { operation: 'decode', error });
      return undefined;
    }
  }

  /**
   * Stores a value. Whatever happens, what was under `key` before is not served again.
   *
   * @throws {InvalidOptionsError | InvalidValueError | CapacityError | CacheClosedError} where it cannot be stored.
   */
  write(key: string, value: unknown, attributes: () => EntryAttributes): void {
    this.invalidate(key);
    try {
      this.place(key, this.encode(value), attributes());
    } catch (error) {
      this.#drop(key);
      throw error;
    }
  }

  /** @throws {InvalidValueError} naming the path inside the value that cannot be stored. */
  encode(value: unknown): StoredValue {
    if (value === undefined)
      throw new InvalidValueError('value', 'undefined is what a miss returns; store null instead');
    return this.codec.encode(value);
  }

  /**
   * Stores a value that is encoded already, without touching the fence: for those who hold a whole token.
   *
   * @throws {CapacityError} where it is larger than one entry may be; what was under `key` is gone then.
   * @throws {CacheClosedError}
   */
  place(key: string, stored: StoredValue, attributes: EntryAttributes): void {
    if (this.closed) throw new CacheClosedError();
    const sizeBytes = entryWeight(key, stored.heldBytes, attributes.tags.length, attributes.metadata);
    const maxBytes = Math.min(this.options.maxEntryBytes, this.parts.pressure.maxEntryBytes);
    if (sizeBytes > maxBytes) {
      const smaller = stored.deferred?.now();
      if (smaller) return this.place(key, smaller, attributes);
      this.#drop(key);
      throw new CapacityError(key, sizeBytes, maxBytes);
    }
    const outcome = this.store.write(key, stored, attributes, sizeBytes);
    this.#counters.sets++;
    if (stored.deferred && outcome !== 'turned-away') {
      this.parts.compressLater(this.store.slotOf(key) as number, stored);
    }
    if (attributes.ttlMs !== Infinity) this.parts.noticeExpiry(this.store.expiry.soonest);
    if (this.#events.has('set')) this.#events.emit('set', { key, sizeBytes, replaced: outcome === 'replaced' });
    this.parts.pressure.noticeWrite();
  }

  /** Puts `form` in the place of `held`, where that is still stored under `key`; makes room for what it takes more. */
  exchange(key: string, held: ImmutableValue, form: ImmutableValue): boolean {
    const slot = this.store.find(key);
    if (slot === -1 || this.store.table.stored(slot) !== held) return false;
    const sizeBytes = this.store.table.weight(slot) - held.heldBytes + form.heldBytes;
    if (sizeBytes > Math.min(this.options.maxEntryBytes, this.parts.pressure.maxEntryBytes)) return false;
    const swapped = this.store.swap(slot, this.codec.encode(held), this.codec.encode(form));
    this.store.makeRoom(-1);
    return swapped;
  }

  /** Removes the entry, one that was kept past its lifetime too. @returns whether there was one. */
  delete(key: string): boolean {
    this.invalidate(key);
    const slot = this.store.findKept(key);
    if (slot === -1) {
      assertKey(key, this.options.maxKeyLength);
      return false;
    }
    this.store.remove(slot, 'deleted');
    return true;
  }

  /** Ends the entry's lifetime: it is kept where it may stand in for a load. @returns whether it was fresh. */
  expire(key: string): boolean {
    this.invalidate(key);
    const slot = this.store.find(key);
    if (slot === -1) {
      assertKey(key, this.options.maxKeyLength);
      return false;
    }
    this.store.lapse(slot);
    return true;
  }

  /** {@link expire} for every entry with one of `tags`. @returns how many were fresh. */
  expireTags(tags: readonly string[]): Promise<number> {
    this.parts.fence.invalidateTags(tags);
    this.parts.detach.tagged(tags);
    return this.parts.reclaim(this.store.tags.lapse(tags, this.options.clock.now()));
  }

  /** From here on no load that began before may store under `key`, and who asks for it starts a new one. */
  invalidate(key: string): void {
    this.parts.fence.invalidateKey(key);
    this.parts.detach.key(key);
  }

  /** Removes the entries that carry the tags; from here on no load that began before may store one with them. */
  deleteByTags(tags: readonly string[], match: 'any' | 'all'): Promise<number> {
    this.parts.fence.invalidateTags(tags);
    this.parts.detach.tagged(tags);
    const now = this.options.clock.now();
    const index = this.store.tags;
    return this.parts.reclaim(match === 'any' ? index.invalidateAny(tags, now) : index.invalidateAll(tags, now));
  }

  /** Removes everything; from here on no load that began before may store anything. */
  async clear(): Promise<number> {
    this.parts.fence.invalidateEverything();
    this.parts.detach.all();
    const cleared = this.store.clear();
    const { known } = cleared;
    if (known !== undefined) this.#counters.deletes += known;
    if (known !== undefined && !this.#events.has('delete')) return known;
    const seen = { count: 0 };
    await runInSlices(this.#reportCleared(cleared, seen), this.options.clock);
    if (known === undefined) this.#counters.deletes += seen.count;
    return seen.count;
  }

  /** What the cache holds and by which rules, at this moment. */
  gauges(startedAt: number): CacheGauges {
    const { options, store } = this;
    store.settle();
    return {
      entryCount: store.countLive(),
      originalBytes: store.ledger.originalBytes,
      storedBytes: store.ledger.storedBytes,
      chargedBytes: store.bytes,
      maxBytes: options.maxBytes,
      maxEntries: options.maxEntries,
      listenerFailures: this.#events.failures,
      averageAccessTimeMs: this.#analytics.averageAccessTimeMs,
      evictionPolicy: options.evictionPolicy,
      evictionDetail: store.policy.report() ?? null,
      compressionLevel: options.compressionLevel,
      uptimeMs: options.clock.now() - startedAt,
    };
  }

  *#reportCleared({ table, live }: ClearedEntries, seen: { count: number }): Generator<undefined, void, undefined> {
    for (let slot = 0; slot < table.used; slot++) {
      if (live(slot)) {
        seen.count++;
        this.#events.emit('delete', { key: table.key(slot) as string, cause: 'cleared' });
      }
      yield;
    }
  }

  #readTimed(key: string): unknown {
    const startedAt = this.#clock.now();
    const value = this.#lookUp(key, this.#clock.coarseNow());
    this.#analytics.recordTime(startedAt);
    // Counted now, as the next read may be one to be timed, too.
    this.store.settle();
    return value;
  }

  #lookUp(key: string, now: number): unknown {
    const { store } = this;
    const slot = store.index.get(key);
    if (slot === undefined) return undefined;
    const { table } = store;
    const directUntil = table.directUntil[slot];
    if (directUntil > now - table.epoch && directUntil !== 0 && !store.tags.hasPending) {
      const value = table.data[slot];
      store.noteHit(slot, now);
      if (this.#events.hearsHits) this.#events.emit('hit', { key });
      return value;
    }
    return store.isFresh(slot, now) ? this.#hit(slot, key, now) : undefined;
  }

  /**
   * The value in `slot` for a hit, which is counted; what is hit again and again is kept decoded. `undefined` where its bytes
   * are corrupt: that is none.
   */
  #hit(slot: number, key: string, now: number): unknown {
    const { store } = this;
    const { table } = store;
    const held = table.data[slot];
    let opened: DecodedForm | undefined;
    let value: unknown;
    if (held instanceof DecodedValue) {
      held.used = true;
      value = held.form.copy();
    } else {
      const kind = table.kind(slot);
      if (kind === StoredKind.DIRECT) value = held;
      else if (kind === StoredKind.ROW) value = valueOf(held as Row);
      else {
        if (table.hits(slot) > 0 && store.wantsDecoded) opened = this.#open(slot);
        // It left where it could not be opened, and a listener may have put another one there.
        value = opened ? opened.copy() : table.key(slot) === key ? this.#decode(slot) : undefined;
      }
    }
    if (value === undefined) return undefined;
    store.noteHit(slot, now);
    // After that: it may cost an entry its place, and this one is among them.
    if (opened) store.keepDecoded(slot, opened);
    if (this.#events.hearsHits) this.#events.emit('hit', { key });
    return value;
  }

  #open(slot: number): DecodedForm | undefined {
    const { table } = this.store;
    return this.#proven(slot, () => this.codec.open(table.kind(slot), table.stored(slot)));
  }

  #decode(slot: number): unknown {
    const { table } = this.store;
    return this.#proven(slot, () => this.codec.decode(table.kind(slot), table.stored(slot)));
  }

  /** What `read` reads from `slot`; where that does not prove itself the entry leaves. */
  #proven<T>(slot: number, read: () => T): T | undefined {
    const { table } = this.store;
    try {
      return read();
    } catch (error) {
      const key = table.key(slot) as string;
      this.#counters.corruptEntries++;
      this.store.remove(slot, 'corrupt');
      this.#events.emit('error', { operation: 'decode', error, key });
      return undefined;
    }
  }

  #drop(key: string): void {
    const slot = this.store.findKept(key);
    if (slot !== -1) this.store.remove(slot, 'deleted');
  }
}
