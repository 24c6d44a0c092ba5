import type { StoredValue } from '../codec/value-codec.js';
import { createEvictionPolicy } from '../eviction/create-policy.js';
import type { RemovalCause } from '../eviction/eviction-policy.js';
import { LivePolicy } from '../eviction/live-policy.js';
import type { EvictionPolicyName } from '../options/enums.js';
import type { Clock } from '../ports/clock.js';
import { ENTRY_OVERHEAD_BYTES } from '../sizing/entry-overhead.js';
import { flattenString } from '../sizing/flatten.js';
import { stringHeapBytes } from '../sizing/string-size.js';
import { LINK_BYTES, TagIndex } from '../tags/tag-index.js';
import { SlotTable } from './slot-table.js';

/** What a write says of its entry besides the value, judged already. */
export interface EntryAttributes {
  /** Milliseconds from now; `Infinity` never expires. */
  readonly ttlMs: number;
  readonly tags: readonly string[];
  readonly priority: number;
  readonly cost: number;
  /** JSON text. */
  readonly metadata: string | undefined;
}

export interface StoreLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** Hears of every entry that leaves, while its slot can still be read. */
export type RemovalListener = (slot: number, cause: RemovalCause, turnedAway: boolean) => void;

/** What a sweep has learned so far of the expiries that remain. */
export interface SweptExpiry {
  soonest: number;
}

/** What {@link EntryStore.write} did. */
export type WriteOutcome = 'inserted' | 'replaced' | 'turned-away';

/**
 * Key -> entry, within both limits.
 *
 * Everything is synchronous. After each call the entries held are within {@link StoreLimits} and {@link bytes} equals
 * what {@link EntryStore.recountBytes} adds up again. Dead entries (their tag was invalidated) and expired ones are
 * never found, and leave first when room is needed.
 */
export class EntryStore {
  table = new SlotTable();
  tags = new TagIndex(this.table);
  policy: LivePolicy;
  #slots = new Map<string, number>();
  #entryBytes = 0;
  /** Bytes of values as serialized and as stored, over all resident entries. */
  totals = { originalBytes: 0, storedBytes: 0 };
  /** No resident entry expires before this; monotonic milliseconds. Too low at times, never too high. */
  soonestExpiry = Infinity;
  #sweep: SweptExpiry | undefined;

  constructor(
    private limits: StoreLimits,
    private policyName: EvictionPolicyName,
    private readonly clock: Clock,
    private readonly removed: RemovalListener,
  ) {
    this.policy = this.#createPolicy();
  }

  /** Entries held, the dead and the expired that were not reclaimed yet included. */
  get resident(): number {
    return this.table.resident;
  }

  /** Bytes charged against the limit. */
  get bytes(): number {
    return this.#entryBytes + this.tags.bytes;
  }

  /** The slot of the live entry under `key`, -1 where there is none. An expired one is removed on the way. */
  find(key: string): number {
    const slot = this.#slots.get(key);
    if (slot === undefined) return -1;
    if (this.table.expiries[slot] <= this.clock.coarseNow()) {
      this.remove(slot, 'expired');
      return -1;
    }
    return this.tags.hasPending && this.tags.isDead(slot) ? -1 : slot;
  }

  /** Whether the resident entry in `slot` would be found. */
  isLive(slot: number, now: number): boolean {
    return (
      this.table.keys[slot] !== undefined &&
      this.table.expiries[slot] > now &&
      !(this.tags.hasPending && this.tags.isDead(slot))
    );
  }

  /** The slot of `key` whatever its state. */
  slotOf(key: string): number | undefined {
    return this.#slots.get(key);
  }

  /** Keys of the live entries, in no order that means anything. */
  *liveKeys(): Generator<string, void, undefined> {
    const now = this.clock.now();
    for (const [key, slot] of this.#slots) if (this.isLive(slot, now)) yield key;
  }

  /** Bytes that an entry takes in all, its tags' names apart. */
  weigh(key: string, heldBytes: number, tags: number, metadata: string | undefined): number {
    const metadataBytes = metadata === undefined ? 0 : stringHeapBytes(metadata);
    return ENTRY_OVERHEAD_BYTES + stringHeapBytes(key) + heldBytes + tags * LINK_BYTES + metadataBytes;
  }

  /**
   * Stores an entry that is known to fit by itself, and evicts until both limits hold again.
   *
   * An overwrite keeps the slot and what the policy knows of it; the hit count starts anew.
   */
  write(key: string, value: StoredValue, attributes: EntryAttributes): WriteOutcome {
    let slot = this.#slots.get(key);
    const now = this.clock.now();
    if (slot !== undefined && !this.isLive(slot, now)) {
      this.remove(slot, 'expired');
      slot = undefined;
    }
    const replaced = slot !== undefined;
    if (slot === undefined) slot = this.#insertKey(flattenString(key));
    else this.#discharge(slot);
    this.#fill(slot, value, attributes, now);
    if (replaced) this.policy.onUpdate(slot);
    else this.policy.onInsert(slot);
    return this.makeRoom(slot) ? (replaced ? 'replaced' : 'inserted') : 'turned-away';
  }

  /** Gives the entry in `slot` the history that it had in another cache or an earlier life; times are monotonic. */
  restoreHistory(slot: number, createdAt: number, accessedAt: number, hits: number): void {
    this.table.created[slot] = createdAt;
    this.table.accessed[slot] = accessedAt;
    this.table.hitCounts[slot] = hits;
  }

  /** Gives the live entry in `slot` another lifetime. */
  retime(slot: number, ttlMs: number): void {
    const expiresAt = this.clock.now() + ttlMs;
    this.table.expiries[slot] = expiresAt;
    this.#noteExpiry(expiresAt);
    this.tags.expiryChanged(slot, expiresAt);
    this.policy.onUpdate(slot);
  }

  /** Removes the entry for `cause`; one that was dead already counts for the invalidation that killed it. */
  remove(slot: number, cause: RemovalCause, turnedAway = false): void {
    let actual = cause;
    if (this.tags.hasPending && this.tags.isDead(slot)) actual = this.tags.credit(slot) ? 'invalidated' : 'expired';
    this.removed(slot, actual, turnedAway);
    this.policy.onRemove(slot, actual);
    this.#discharge(slot);
    this.#slots.delete(this.table.keys[slot] as string);
    this.table.release(slot);
  }

  /** Removes one entry that is dead by its tags. False when none is left. */
  reclaimDead(): boolean {
    const slot = this.tags.reclaimable();
    if (slot === undefined) return false;
    this.remove(slot, 'invalidated');
    return true;
  }

  /**
   * Evicts until both limits hold; the dead leave first.
   *
   * @returns false where `newcomer` (-1: none) was turned away.
   */
  makeRoom(newcomer: number): boolean {
    while (this.table.resident > this.limits.maxEntries || this.bytes > this.limits.maxBytes) {
      if (this.tags.hasPending && this.reclaimDead()) continue;
      const victim = this.policy.victim(newcomer);
      // Nothing else is left: the newcomer with its tags' names is too large for the cache.
      const leaving = victim === -1 ? newcomer : victim;
      if (leaving === -1) return true;
      const expired = this.table.expiries[leaving] <= this.clock.now();
      this.remove(leaving, expired ? 'expired' : 'evicted', leaving === newcomer);
      if (leaving === newcomer) return false;
    }
    return true;
  }

  /**
   * Moves to other limits. Where more is held than they allow, one entry is evicted a step, and writes meanwhile go by
   * the old limits, so that none of them has to evict for all.
   *
   * @returns how many entries were evicted.
   */
  *changeLimits(limits: StoreLimits): Generator<undefined, number, undefined> {
    let evicted = 0;
    while (this.table.resident > limits.maxEntries || this.bytes > limits.maxBytes) {
      if (this.tags.hasPending && this.reclaimDead()) continue;
      const victim = this.policy.victim(-1);
      if (victim === -1) break;
      const expired = this.table.expiries[victim] <= this.clock.now();
      this.remove(victim, expired ? 'expired' : 'evicted');
      if (!expired) evicted++;
      yield;
    }
    this.limits = limits;
    return evicted;
  }

  /** Hands every entry to a policy of that name, one a step, the least recently used first. */
  *switchPolicy(name: EvictionPolicyName, order: Iterable<number>): Generator<undefined, void, undefined> {
    this.policyName = name;
    const { table } = this;
    yield* this.policy.replace(createEvictionPolicy(name, table), order, (slot) => table.keys[slot] !== undefined);
  }

  /**
   * Forgets everything at once, O(1) but for the count: the old arrays are left to the garbage collector.
   *
   * @returns what was held, for those who have to hear of each entry.
   */
  clear(): { table: SlotTable; live: (slot: number) => boolean } {
    const { table, tags } = this;
    const now = this.clock.now();
    const pending = tags.hasPending;
    this.table = new SlotTable();
    this.tags = new TagIndex(this.table);
    this.policy = this.#createPolicy();
    this.#slots = new Map();
    this.#entryBytes = 0;
    this.totals = { originalBytes: 0, storedBytes: 0 };
    this.soonestExpiry = Infinity;
    this.#sweep = undefined;
    return {
      table,
      live: (slot) => table.keys[slot] !== undefined && table.expiries[slot] > now && !(pending && tags.isDead(slot)),
    };
  }

  /** Live entries. O(1), but O(entries) while dead or possibly expired ones wait to be reclaimed. */
  countLive(): number {
    const now = this.clock.now();
    if (now < this.soonestExpiry && !this.tags.hasPending) return this.table.resident;
    let live = 0;
    for (let slot = 0; slot < this.table.used; slot++) if (this.isLive(slot, now)) live++;
    return live;
  }

  /** Starts to look anew for the soonest expiry; what is written meanwhile is noted in what is returned. */
  beginSweep(): SweptExpiry {
    this.#sweep = { soonest: Infinity };
    return this.#sweep;
  }

  /** Every slot was looked at: `swept` is the truth, unless the store was cleared on the way. */
  endSweep(swept: SweptExpiry): void {
    if (this.#sweep !== swept) return;
    this.soonestExpiry = swept.soonest;
    this.#sweep = undefined;
  }

  #noteExpiry(expiresAt: number): void {
    if (expiresAt < this.soonestExpiry) this.soonestExpiry = expiresAt;
    if (this.#sweep && expiresAt < this.#sweep.soonest) this.#sweep.soonest = expiresAt;
  }

  #insertKey(key: string): number {
    const { capacity } = this.table;
    const slot = this.table.allocate();
    if (this.table.capacity !== capacity) this.policy.grow(this.table.capacity);
    this.#slots.set(key, slot);
    this.table.keys[slot] = key;
    return slot;
  }

  #fill(slot: number, value: StoredValue, attributes: EntryAttributes, now: number): void {
    const { table } = this;
    table.data[slot] = value.data;
    table.kinds[slot] = value.kind;
    table.metadata[slot] = attributes.metadata;
    table.expiries[slot] = now + attributes.ttlMs;
    this.#noteExpiry(table.expiries[slot]);
    table.created[slot] = now;
    table.accessed[slot] = now;
    table.hitCounts[slot] = 0;
    table.costs[slot] = attributes.cost;
    table.priorities[slot] = attributes.priority;
    table.originalBytes[slot] = value.originalBytes;
    table.storedBytes[slot] = value.storedBytes;
    table.weights[slot] = this.weigh(
      table.keys[slot] as string,
      value.heldBytes,
      attributes.tags.length,
      attributes.metadata,
    );
    this.#entryBytes += table.weights[slot];
    this.totals.originalBytes += value.originalBytes;
    this.totals.storedBytes += value.storedBytes;
    this.tags.add(slot, attributes.tags);
  }

  /** Takes what the entry in `slot` was charged for off the books. */
  #discharge(slot: number): void {
    const { table } = this;
    this.#entryBytes -= table.weights[slot];
    this.totals.originalBytes -= table.originalBytes[slot];
    this.totals.storedBytes -= table.storedBytes[slot];
    this.tags.remove(slot);
  }

  #createPolicy(): LivePolicy {
    const policy = new LivePolicy(createEvictionPolicy(this.policyName, this.table));
    policy.grow(this.table.capacity);
    return policy;
  }
}
