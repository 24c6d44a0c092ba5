import type { DecodedForm } from '../codec/decoded-form.js';
import type { StoredValue } from '../codec/value-codec.js';
import { createEvictionPolicy } from '../eviction/create-policy.js';
import type { RemovalCause } from '../eviction/eviction-policy.js';
import { LivePolicy } from '../eviction/live-policy.js';
import type { EvictionPolicyName } from '../options/enums.js';
import type { Clock } from '../ports/clock.js';
import { ExpiryBound } from '../expiry/expiry-bound.js';
import { flattenString, MIN_SHARED_STRING_LENGTH } from '../sizing/flatten.js';
import { TagIndex } from '../tags/tag-index.js';
import type { TaggedEntries } from '../tags/tag-invalidations.js';
import { NONE } from '../tags/tag-links.js';
import type { EntryAttributes } from './entry-attributes.js';
import { DecodedValue, DecodedValues } from './decoded-values.js';
import { EntryLedger } from './entry-ledger.js';
import { entryWeight } from './entry-weight.js';
import { KeyIndex } from './key-index.js';
import { countLive } from './live-count.js';
import { SharedBuffers } from './shared-buffers.js';
import { SlotRoom } from './slot-room.js';
import { SlotTable } from './slot-table.js';

export interface StoreLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** Hears of every entry that has left. It may call on the store: nothing is half done then. */
export type RemovalListener = (key: string, sizeBytes: number, cause: RemovalCause, turnedAway: boolean) => void;

/** Hears of hits, up to {@link MAX_PENDING_HITS} at a time and in their order; the first `count` of `slots` are meant. */
export type HitListener = (slots: Int32Array, count: number, cost: number) => void;

/**
 * A shorter lifetime is counted from the exact time. A longer one may be counted from the coarse one, which costs a
 * write 40 to 100 ns less: by so much as that lags, and never more, the entry leaves too early.
 */
const EXACT_BELOW_MS = 10_000;

/** Hits that wait to be counted at most. */
const MAX_PENDING_HITS = 256;

/** What {@link EntryStore.clear} let go of. */
export interface ClearedEntries {
  readonly table: SlotTable;
  readonly known: number | undefined;
  readonly live: (slot: number) => boolean;
}

/** What {@link EntryStore.write} did. */
export type WriteOutcome = 'inserted' | 'replaced' | 'turned-away';

/**
 * Key -> entry, within both limits.
 *
 * Everything is synchronous. After each call the entries held are within {@link StoreLimits} and {@link bytes} equals
 * what `auditStore` adds up again. Dead entries (their tag was invalidated) and expired ones are never found; the dead
 * leave first when room is needed.
 */
export class EntryStore {
  table: SlotTable;
  tags: TagIndex;
  decoded: DecodedValues;
  policy: LivePolicy;
  #room: SlotRoom;
  index = new KeyIndex();
  ledger = new EntryLedger();
  buffers = new SharedBuffers();
  expiry = new ExpiryBound();
  readonly #hits = new Int32Array(MAX_PENDING_HITS);
  #hitCount = 0;
  #hitsAt = 0;
  /** See {@link copyKeys}. */
  #copiesKeys = false;

  constructor(
    public limits: StoreLimits,
    private policyName: EvictionPolicyName,
    private readonly clock: Clock,
    private readonly removed: RemovalListener,
    private readonly hitsSettled: HitListener = () => undefined,
  ) {
    this.table = new SlotTable(clock.coarseNow());
    this.tags = new TagIndex(timesOf(this.table));
    this.decoded = new DecodedValues(this.table);
    this.policy = this.#createPolicy();
    this.#room = new SlotRoom([this.table, this.policy]);
  }

  /** Entries held, the dead and the expired that were not reclaimed yet included. */
  get resident(): number {
    return this.table.resident;
  }

  /** Bytes charged against the limit. */
  get bytes(): number {
    return this.ledger.weight + this.tags.bytes + this.decoded.bytes - this.buffers.surplusBytes;
  }

  /**
   * The slot of the entry under `key` that is fresh at `now`, -1 where there is none. An expired one is removed on the
   * way.
   *
   * @param now monotonic milliseconds, coarse: reads go by that clock.
   */
  find(key: string, now: number = this.clock.coarseNow()): number {
    const slot = this.index.get(key);
    return slot === undefined || !this.isFresh(slot, now) ? -1 : slot;
  }

  /** Whether the entry in `slot` is fresh at `now`, by the same clock. Where it has expired it is removed. */
  isFresh(slot: number, now: number): boolean {
    if (this.table.freshUntil(slot) <= now) {
      this.#removeExpired(slot);
      return false;
    }
    return !this.tags.hasPending || this.tags.fateOf(slot) === 'untouched';
  }

  /**
   * Notes that the entry in `slot` was read at `now`, coarse monotonic milliseconds.
   *
   * A hit only leaves its slot here. It is counted, and the policy hears of it, together with up to
   * {@link MAX_PENDING_HITS} others: in their order, and before anything is done that could tell the difference
   * ({@link settle}). In one tight loop the cache misses of so many entries overlap, which they do not where each stands
   * at the end of a lookup. Ding, Jiang, Zhang, "BP-Wrapper", ICDE 2009, batches hits to save locks; here it saves
   * waiting for memory.
   */
  noteHit(slot: number, now: number): void {
    if (now !== this.#hitsAt) {
      this.settle();
      this.#hitsAt = now;
    }
    this.#hits[this.#hitCount++] = slot;
    if (this.#hitCount === MAX_PENDING_HITS) this.settle();
  }

  /** Slots of hits that were noted and not counted yet, for the audit. */
  get pendingHits(): Int32Array {
    return this.#hits.subarray(0, this.#hitCount);
  }

  /** Counts the hits that were noted. To be called before hits, costs, last accesses or the policy are looked at. */
  settle(): void {
    const count = this.#hitCount;
    if (count === 0) return;
    this.#hitCount = 0;
    const hits = this.#hits;
    const cost = this.table.uses.hit(hits, count, this.#hitsAt);
    this.policy.onHits(hits, count);
    this.hitsSettled(hits, count, cost);
  }

  /** Keeps `form` beside the stored form in `slot` while there is room for it, which may cost other entries theirs. */
  keepDecoded(slot: number, form: DecodedForm): void {
    if (this.decoded.admit(slot, form, this.#decodedRoom)) this.makeRoom(-1);
  }

  /** Whether another decoded form may be kept; call it once for each. */
  get wantsDecoded(): boolean {
    return this.decoded.isOpen(this.#decodedRoom);
  }

  get #decodedRoom(): number {
    return DecodedValues.room(this.limits.maxBytes, this.ledger.weight);
  }

  /** The slot of the entry under `key`, fresh or kept past its lifetime; -1 where there is none. */
  findKept(key: string): number {
    const slot = this.index.get(key);
    if (slot === undefined || this.#removeExpired(slot)) return -1;
    if (!this.tags.hasPending) return slot;
    const fate = this.tags.fateOf(slot);
    if (fate === 'stale') this.#settleStale(slot);
    return fate === 'gone' ? -1 : slot;
  }

  /** Whether the resident entry in `slot` is neither expired nor invalidated; it may be kept past its lifetime. */
  isLive(slot: number, now: number): boolean {
    return (
      this.table.key(slot) !== undefined &&
      this.table.expiresAt(slot) > now &&
      !(this.tags.hasPending && this.tags.fateOf(slot) === 'gone')
    );
  }

  /** The slot of `key` whatever its state. */
  slotOf(key: string): number | undefined {
    return this.index.get(key);
  }

  /**
   * Keys of the live entries, in no order that means anything, found while the caller asks for more: an entry that is
   * there from the first to the last is named exactly once, because it keeps its slot; what comes or goes may be missed.
   */
  *liveKeys(): Generator<string, void, undefined> {
    const { table } = this;
    for (let slot = 0; slot < table.used && this.table === table; slot++) {
      if (this.isLive(slot, this.clock.coarseNow())) yield table.key(slot) as string;
    }
  }

  /**
   * Stores an entry that is known to fit by itself, and evicts until both limits hold again.
   *
   * An overwrite keeps the slot and what the policy knows of it; the hit count starts anew.
   */
  write(
    key: string,
    value: StoredValue,
    attributes: EntryAttributes,
    weight = entryWeight(key, value.heldBytes, attributes.tags.length, attributes.metadata),
  ): WriteOutcome {
    this.settle();
    let slot = this.index.get(key);
    const now = attributes.ttlMs < EXACT_BELOW_MS ? this.clock.now() : this.clock.coarseNow();
    if (slot !== undefined && !this.isLive(slot, now)) {
      this.remove(slot, 'expired');
      slot = undefined;
    } else if (slot !== undefined && this.tags.hasPending && this.tags.fateOf(slot) === 'stale') {
      this.#settleStale(slot);
    }
    const replaced = slot !== undefined;
    if (slot === undefined) slot = this.#insertKey(this.#copiesKeys ? flattenString(key) : key);
    else this.#unlist(slot);
    this.#fill(slot, value, attributes, weight, now);
    if (replaced) this.policy.onUpdate(slot);
    else this.policy.onInsert(slot);
    return this.makeRoom(slot) ? (replaced ? 'replaced' : 'inserted') : 'turned-away';
  }

  /** Whether the entry in `slot` is still stored as `form`. */
  holds(slot: number, form: StoredValue): boolean {
    return this.table.stored(slot) === form.data && this.table.kind(slot) === form.kind;
  }

  /**
   * Puts `smaller`, another form of the same value, in the place of `form`. Nobody used the entry, and it stays what it
   * is in every other way. False where it is not stored as `form` any more.
   */
  swap(slot: number, form: StoredValue, smaller: StoredValue): boolean {
    if (!this.holds(slot, form)) return false;
    this.settle();
    const { table, ledger } = this;
    const held = table.data[slot];
    ledger.discharge(table, slot);
    table.replaceStored(slot, smaller, table.weight(slot) - form.heldBytes + smaller.heldBytes);
    ledger.charge(table, slot);
    if (held instanceof DecodedValue) {
      held.stored = smaller.data;
      table.data[slot] = held;
    }
    this.policy.onResize(slot);
    return true;
  }

  /** Gives the entry in `slot` the history that it had in another cache or an earlier life; times are monotonic. */
  restoreHistory(slot: number, createdAt: number, accessedAt: number, hits: number): void {
    this.settle();
    this.table.restoreHistory(slot, createdAt, accessedAt, hits);
  }

  /** Gives the entry in `slot` another lifetime, after which it is kept for `staleMs`. */
  retime(slot: number, ttlMs: number, staleMs: number): void {
    const { table } = this;
    this.settle();
    const freshUntil = this.clock.now() + ttlMs;
    const expiresAt = freshUntil + staleMs;
    table.retime(slot, freshUntil, expiresAt);
    this.expiry.note(slot, expiresAt);
    this.tags.expiryChanged(slot, expiresAt);
    this.policy.onUpdate(slot);
  }

  /** How long the entry in `slot` is kept past its lifetime, in milliseconds. */
  keptFor(slot: number): number {
    const freshUntil = this.table.freshUntil(slot);
    return freshUntil === Infinity ? 0 : this.table.expiresAt(slot) - freshUntil;
  }

  /** Ends the lifetime of the entry in `slot` now; it stays where it may stand in for a load, else it leaves. */
  lapse(slot: number): void {
    if (this.keptFor(slot) === 0) this.remove(slot, 'deleted');
    // By the clock that reads go by: by the exact one, which is ahead of it, the entry would be found for a while yet.
    else this.table.lapse(slot, Math.min(this.table.freshUntil(slot), this.clock.coarseNow()));
  }

  /** Removes the entry for `cause`; one that was dead already counts for the invalidation that killed it. */
  remove(slot: number, cause: RemovalCause, turnedAway = false): void {
    this.settle();
    const actual = this.tags.hasPending ? this.tags.settle(slot, cause) : cause;
    const key = this.table.key(slot) as string;
    const sizeBytes = this.table.weight(slot);
    this.policy.onRemove(slot, actual);
    this.#unlist(slot);
    this.index.delete(key);
    this.table.release(slot);
    this.removed(key, sizeBytes, actual, turnedAway);
  }

  /** Does to one entry what an invalidation of its tags has decided. @returns whether it left. */
  settleNext(): boolean {
    const slot = this.tags.next();
    if (slot === NONE) return false;
    if (this.tags.fateOf(slot) === 'stale') {
      this.#settleStale(slot);
      return false;
    }
    this.remove(slot, 'invalidated');
    return true;
  }

  /**
   * Evicts until both limits hold; the dead leave first.
   *
   * @returns false where `newcomer` (-1: none) was turned away.
   */
  makeRoom(newcomer: number): boolean {
    this.settle();
    if (this.decoded.bytes > 0) this.decoded.shrink(this.#decodedRoom);
    while (this.exceeds(this.limits)) {
      if (this.tags.hasPending && this.settleNext()) continue;
      const victim = this.policy.victim(newcomer);
      // Nothing else is left: the newcomer with its tags' names is too large for the cache.
      const leaving = victim === -1 ? newcomer : victim;
      if (leaving === -1) return true;
      this.remove(leaving, this.#isExpired(leaving) ? 'expired' : 'evicted', leaving === newcomer);
      if (leaving === newcomer) return false;
    }
    return true;
  }

  /** Evicts one entry, a dead one first. @returns why it left; `undefined` where nothing is left to evict. */
  evictOne(): RemovalCause | undefined {
    this.settle();
    if (this.tags.hasPending && this.settleNext()) return 'invalidated';
    const victim = this.policy.victim(-1);
    if (victim === -1) return undefined;
    const cause = this.#isExpired(victim) ? 'expired' : 'evicted';
    this.remove(victim, cause);
    return cause;
  }

  exceeds(limits: StoreLimits): boolean {
    return this.table.resident > limits.maxEntries || this.bytes > limits.maxBytes;
  }

  /** Begins to hand every entry to a policy of that name; see {@link LivePolicy.replace}. */
  switchPolicy(name: EvictionPolicyName, order: Iterable<number>): Generator<undefined, void, undefined> {
    this.policyName = name;
    const { table } = this;
    return this.policy.replace(createEvictionPolicy(name, table), order, (slot) => table.key(slot) !== undefined);
  }

  /**
   * From now on keeps copies of keys, and puts copies in the place of those that are there, one a step.
   *
   * A key that was cut out of a larger text keeps that text alive. To look up the very string that an entry was stored
   * under is faster than to compare it with a copy (at 100,000 keys by a third), and few keys are cut out of anything
   * large; nor can a program see which are. So they are copied once the heap has grown more than what is held explains.
   */
  *copyKeys(): Generator<undefined, void, undefined> {
    if (this.#copiesKeys) return;
    this.#copiesKeys = true;
    const { table } = this;
    for (let slot = 0; slot < table.used && this.table === table; slot++) {
      const key = table.key(slot);
      if (key !== undefined && key.length >= MIN_SHARED_STRING_LENGTH) {
        const copy = flattenString(key);
        this.index.delete(key);
        this.index.set(copy, slot);
        table.rename(slot, copy);
      }
      yield;
    }
  }

  /**
   * Forgets everything at once, O(1): the old arrays are left to the garbage collector.
   *
   * @returns what was held, for those who have to hear of each entry, and how many of them were live where that is known
   * without looking.
   */
  clear(): ClearedEntries {
    this.settle();
    const { table, tags } = this;
    const now = this.clock.now();
    const pending = tags.hasPending;
    const known = pending || now >= this.expiry.soonest ? undefined : table.resident;
    this.table = new SlotTable(this.clock.coarseNow());
    this.tags = new TagIndex(timesOf(this.table));
    this.decoded = new DecodedValues(this.table);
    this.policy = this.#createPolicy();
    this.#room = new SlotRoom([this.table, this.policy]);
    this.index = new KeyIndex();
    this.ledger = new EntryLedger();
    this.buffers = new SharedBuffers();
    this.expiry = new ExpiryBound();
    return {
      table,
      known,
      live: (slot) =>
        table.key(slot) !== undefined && table.expiresAt(slot) > now && !(pending && tags.fateOf(slot) === 'gone'),
    };
  }

  /** Live entries; see {@link countLive} for what it costs. */
  countLive(): number {
    return countLive(this, this.clock.now());
  }

  /** The entry's freshness was ended by its tags: from now on its own fields say so. */
  #settleStale(slot: number): void {
    this.tags.settle(slot, 'deleted');
    this.lapse(slot);
  }

  #removeExpired(slot: number): boolean {
    if (this.table.expiresAt(slot) > this.clock.coarseNow()) return false;
    this.remove(slot, 'expired');
    return true;
  }

  #isExpired(slot: number): boolean {
    return this.table.expiresAt(slot) <= this.clock.coarseNow();
  }

  #insertKey(key: string): number {
    // One more than may stay: the newcomer stands beside the one that makes room for it.
    const enough = this.limits.maxEntries + 1;
    this.#room.ensure(this.table.next, enough);
    const slot = this.table.allocate(key);
    this.index.set(key, slot);
    return slot;
  }

  #fill(slot: number, value: StoredValue, attributes: EntryAttributes, weight: number, now: number): void {
    this.table.fill(slot, value, attributes, weight, now);
    this.ledger.charge(this.table, slot);
    this.expiry.note(slot, this.table.expiresAt(slot));
    this.tags.add(slot, attributes.tags);
    if (value.sharedBuffers) this.buffers.add(slot, value.sharedBuffers);
  }

  #unlist(slot: number): void {
    this.decoded.forget(slot);
    this.ledger.discharge(this.table, slot);
    this.tags.remove(slot);
    this.buffers.remove(slot);
  }

  #createPolicy(): LivePolicy {
    return new LivePolicy(createEvictionPolicy(this.policyName, this.table));
  }
}

function timesOf(table: SlotTable): TaggedEntries {
  return { expiresAt: (slot) => table.expiresAt(slot), freshUntil: (slot) => table.freshUntil(slot) };
}
