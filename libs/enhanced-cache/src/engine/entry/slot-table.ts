import { StoredKind, type StoredValue } from '../codec/value-codec.js';
import { enlarge, enlargeList, type Growth } from '../enlarge.js';
import type { SlotTraits } from '../eviction/eviction-policy.js';
import { DecodedValue } from './decoded-values.js';
import type { EntryAttributes } from './entry-attributes.js';
import { SlotRecords } from './slot-records.js';
import { SlotUses } from './slot-uses.js';

const NEVER = 2 ** 32 - 1;

/**
 * What is known of each entry, in parallel arrays over slots.
 *
 * A slot is a small integer that an entry keeps for its whole life, overwrites included, and that the next entry may
 * have after it. They are handed out densely, so a sweep over `0 .. used - 1` meets every resident entry.
 *
 * A hit reads {@link data} and {@link directUntil} and nothing else; the rest is behind methods.
 */
export class SlotTable implements SlotTraits {
  /** The stored form of each value, see {@link kind}, or a {@link DecodedValue} around it. */
  readonly data: unknown[] = [];
  /**
   * Until when the value in a slot is fresh and stored as it is, in whole milliseconds since {@link epoch}, rounded
   * down. One comparison with it lets a hit pass; where it fails ({@link data} has to be decoded, the time is over or
   * about to be, 49 days have passed), the exact fields decide.
   */
  directUntil = new Uint32Array(0);
  readonly uses = new SlotUses();
  /** `undefined`: the slot is free. */
  #keys: (string | undefined)[] = [];
  #kinds = new Uint8Array(0);
  #priorities = new Int8Array(0);
  readonly #records = new SlotRecords();
  /** JSON text; few entries have any. */
  readonly #metadata = new Map<number, string>();
  /** Monotonic milliseconds before which no load is tried, as one has just failed; few entries have one. */
  readonly #retryAt = new Map<number, number>();
  /** The slot that was freed last, -1 where none is free; each names the one before. */
  #free = -1;
  #used = 0;
  #resident = 0;

  /** @param epoch now, in monotonic milliseconds, by the coarse clock: reads go by that one. */
  constructor(readonly epoch: number) {}

  /** One past the highest slot ever handed out. */
  get used(): number {
    return this.#used;
  }

  /** Slots handed out and not released. */
  get resident(): number {
    return this.#resident;
  }

  /** The slot that {@link allocate} will hand out. */
  get next(): number {
    return this.#free === -1 ? this.#used : this.#free;
  }

  /** Slots `0 .. capacity - 1` may be handed out once all steps were taken. */
  *grow(capacity: number): Growth {
    // By itself it would grow in the turn in which `data` does, and each takes 4 ms at a million slots.
    this.#keys = enlargeList(this.#keys, capacity);
    yield;
    this.directUntil = enlarge(this.directUntil, capacity);
    this.#kinds = enlarge(this.#kinds, capacity);
    this.#priorities = enlarge(this.#priorities, capacity);
    yield;
    yield* this.uses.grow(capacity);
  }

  /** A free slot for `key`; there must be room for it. The caller fills it. */
  allocate(key: string): number {
    const slot = this.next;
    if (slot === this.#used) this.#records.makeRoom(this.#used++);
    else this.#free = this.#records.freedBefore(slot);
    this.#resident++;
    this.#keys[slot] = key;
    return slot;
  }

  /** Describes the entry in `slot` anew; its key stays. */
  fill(slot: number, value: StoredValue, attributes: EntryAttributes, weight: number, now: number): void {
    const freshUntil = now + attributes.ttlMs;
    this.#records.fill(slot, now, freshUntil, freshUntil + attributes.staleMs, attributes.cost, attributes.loadMs);
    this.#priorities[slot] = attributes.priority;
    this.uses.begin(slot, now, attributes.cost);
    this.#store(slot, value, weight, freshUntil);
    if (this.#retryAt.size > 0) this.#retryAt.delete(slot);
    if (attributes.metadata !== undefined) this.#metadata.set(slot, attributes.metadata);
    else if (this.#metadata.size > 0) this.#metadata.delete(slot);
  }

  /** Puts another stored form of the same value in the place of the one that is there. */
  replaceStored(slot: number, value: StoredValue, weight: number): void {
    this.#store(slot, value, weight, this.freshUntil(slot));
  }

  release(slot: number): void {
    this.#keys[slot] = undefined;
    this.data[slot] = undefined;
    this.directUntil[slot] = 0;
    this.#records.free(slot, this.#free);
    this.#free = slot;
    if (this.#retryAt.size > 0) this.#retryAt.delete(slot);
    if (this.#metadata.size > 0) this.#metadata.delete(slot);
    this.#resident--;
  }

  /** Gives the entry another lifetime; monotonic milliseconds. */
  retime(slot: number, freshUntil: number, expiresAt: number): void {
    this.#records.setExpiresAt(slot, expiresAt);
    this.#retryAt.delete(slot);
    this.lapse(slot, freshUntil);
  }

  /** Ends the freshness of the value at `freshUntil`, without a word on how long it is kept. */
  lapse(slot: number, freshUntil: number): void {
    this.#records.setFreshUntil(slot, freshUntil);
    this.#setDirect(slot, freshUntil);
  }

  /** No load is tried before `until`, monotonic milliseconds. */
  holdOff(slot: number, until: number): void {
    this.#retryAt.set(slot, until);
  }

  /** Gives the entry the history that it had elsewhere or before; times are monotonic milliseconds. */
  restoreHistory(slot: number, createdAt: number, accessedAt: number, hits: number): void {
    this.#records.setCreated(slot, createdAt);
    this.uses.restore(slot, accessedAt, hits);
  }

  /** Holds the key as another string of the same characters. */
  rename(slot: number, key: string): void {
    this.#keys[slot] = key;
  }

  /** `undefined`: the slot is free. */
  key(slot: number): string | undefined {
    return this.#keys[slot];
  }

  /** The stored form of the value. */
  stored(slot: number): unknown {
    const held = this.data[slot];
    return held instanceof DecodedValue ? held.stored : held;
  }

  kind(slot: number): StoredKind {
    return this.#kinds[slot] as StoredKind;
  }

  /** JSON text, `undefined` where nothing was attached. */
  metadata(slot: number): string | undefined {
    return this.#metadata.get(slot);
  }

  freshUntil(slot: number): number {
    return this.#records.freshUntil(slot);
  }

  retryAt(slot: number): number {
    return this.#retryAt.get(slot) ?? 0;
  }

  loadTime(slot: number): number {
    return this.#records.loadMs(slot);
  }

  created(slot: number): number {
    return this.#records.created(slot);
  }

  originalBytes(slot: number): number {
    return this.#records.originalBytes(slot);
  }

  storedBytes(slot: number): number {
    return this.#records.storedBytes(slot);
  }

  weight(slot: number): number {
    return this.#records.weight(slot);
  }

  cost(slot: number): number {
    return this.#records.cost(slot);
  }

  priority(slot: number): number {
    return this.#priorities[slot];
  }

  expiresAt(slot: number): number {
    return this.#records.expiresAt(slot);
  }

  hits(slot: number): number {
    return this.uses.hits(slot);
  }

  lastAccess(slot: number): number {
    return this.uses.lastAt(slot);
  }

  /** Entries in slots `from .. end - 1` whose time is over at `now`. O(end - from): 1.5 ms for a million. */
  countExpired(from: number, end: number, now: number): number {
    let expired = 0;
    // 0 in a free slot.
    for (let slot = from; slot < end; slot++) {
      const expiresAt = this.expiresAt(slot);
      if (expiresAt > 0 && expiresAt <= now) expired++;
    }
    return expired;
  }

  /** FNV-1a over the key's UTF-16 units: stable for a key whatever slot it comes back in. O(length). */
  keyHash(slot: number): number {
    const key = this.#keys[slot] as string;
    let hash = 0x811c9dc5;
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
    return hash | 0;
  }

  #store(slot: number, value: StoredValue, weight: number, freshUntil: number): void {
    this.data[slot] = value.data;
    this.#kinds[slot] = value.kind;
    this.#records.setSizes(slot, weight, value.originalBytes, value.storedBytes);
    this.#setDirect(slot, freshUntil);
  }

  #setDirect(slot: number, freshUntil: number): void {
    const direct = this.#kinds[slot] === StoredKind.DIRECT;
    this.directUntil[slot] = direct ? Math.min(Math.max(freshUntil - this.epoch, 0), NEVER) : 0;
  }
}
