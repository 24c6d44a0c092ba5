import type { StoredValue } from '../codec/value-codec.js';
import { enlarge } from '../enlarge.js';
import type { SlotTraits } from '../eviction/eviction-policy.js';
import type { EntryAttributes } from './entry-attributes.js';

const INITIAL_CAPACITY = 64;
/** Up to here the arrays double; beyond, a place that stands empty costs more than the copying that it spares. */
const DOUBLING_LIMIT = 1024;
const GROWTH_FACTOR = 1.25;

/**
 * What is known of each entry, in parallel arrays over slots.
 *
 * A slot is a small integer that an entry keeps for its whole life, overwrites included, and that the next entry may
 * have after it. They are handed out densely, so a sweep over `0 .. used - 1` meets every
 * resident entry.
 */
export class SlotTable implements SlotTraits {
  /** `undefined`: the slot is free. */
  keys: (string | undefined)[] = [];
  /** The stored form of the value; see {@link kinds}. */
  data: unknown[] = [];
  /** JSON text, `undefined` where nothing was attached. */
  metadata: (string | undefined)[] = [];
  kinds = new Uint8Array(INITIAL_CAPACITY);
  /** When the entry leaves; monotonic milliseconds; `Infinity` never; 0 in a free slot. */
  expiries = new Float64Array(INITIAL_CAPACITY);
  /** When its value stops being fresh: {@link expiries}, or before where it is kept to stand in for a load. */
  freshUntil = new Float64Array(INITIAL_CAPACITY);
  /** No load is tried before, as one has just failed; monotonic milliseconds. */
  retryAt = new Float64Array(INITIAL_CAPACITY);
  /** How long its load took, in milliseconds. */
  loadTimes = new Float32Array(INITIAL_CAPACITY);
  created = new Float64Array(INITIAL_CAPACITY);
  accessed = new Float64Array(INITIAL_CAPACITY);
  hitCounts = new Uint32Array(INITIAL_CAPACITY);
  /** Bytes charged for the entry as a whole. */
  weights = new Float64Array(INITIAL_CAPACITY);
  /** Bytes of the value as serialized. */
  originalBytes = new Float64Array(INITIAL_CAPACITY);
  /** Bytes of the value as stored. */
  storedBytes = new Float64Array(INITIAL_CAPACITY);
  costs = new Float64Array(INITIAL_CAPACITY);
  priorities = new Int8Array(INITIAL_CAPACITY);

  #free: number[] = [];
  #used = 0;
  #resident = 0;

  /** Slots that the arrays have room for. */
  get capacity(): number {
    return this.kinds.length;
  }

  /** One past the highest slot ever handed out. */
  get used(): number {
    return this.#used;
  }

  /** Slots handed out and not released. */
  get resident(): number {
    return this.#resident;
  }

  /**
   * A free slot. The caller fills every field of it. Amortised O(1).
   *
   * @param enough slots that will do for good, as far as is known: the arrays do not grow beyond without need.
   */
  allocate(enough: number): number {
    this.#resident++;
    const reused = this.#free.pop();
    if (reused !== undefined) return reused;
    if (this.#used === this.capacity) this.#grow(nextCapacity(this.capacity, enough));
    return this.#used++;
  }

  /** Describes the entry in `slot` anew; its key stays. */
  fill(slot: number, value: StoredValue, attributes: EntryAttributes, weight: number, now: number): void {
    this.data[slot] = value.data;
    this.kinds[slot] = value.kind;
    this.metadata[slot] = attributes.metadata;
    this.expiries[slot] = now + attributes.ttlMs + attributes.staleMs;
    this.freshUntil[slot] = now + attributes.ttlMs;
    this.retryAt[slot] = 0;
    this.loadTimes[slot] = attributes.loadMs;
    this.created[slot] = now;
    this.accessed[slot] = now;
    this.hitCounts[slot] = 0;
    this.weights[slot] = weight;
    this.originalBytes[slot] = value.originalBytes;
    this.storedBytes[slot] = value.storedBytes;
    this.costs[slot] = attributes.cost;
    this.priorities[slot] = attributes.priority;
  }

  release(slot: number): void {
    this.keys[slot] = undefined;
    this.data[slot] = undefined;
    this.metadata[slot] = undefined;
    this.expiries[slot] = 0;
    this.freshUntil[slot] = 0;
    this.weights[slot] = 0;
    this.#resident--;
    this.#free.push(slot);
  }

  weight(slot: number): number {
    return this.weights[slot];
  }

  cost(slot: number): number {
    return this.costs[slot];
  }

  priority(slot: number): number {
    return this.priorities[slot];
  }

  expiresAt(slot: number): number {
    return this.expiries[slot];
  }

  hits(slot: number): number {
    return this.hitCounts[slot];
  }

  lastAccess(slot: number): number {
    return this.accessed[slot];
  }

  /** FNV-1a over the key's UTF-16 units: stable for a key whatever slot it comes back in. O(length). */
  keyHash(slot: number): number {
    const key = this.keys[slot] as string;
    let hash = 0x811c9dc5;
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
    return hash | 0;
  }

  #grow(capacity: number): void {
    this.kinds = enlarge(this.kinds, capacity);
    this.expiries = enlarge(this.expiries, capacity);
    this.freshUntil = enlarge(this.freshUntil, capacity);
    this.retryAt = enlarge(this.retryAt, capacity);
    this.loadTimes = enlarge(this.loadTimes, capacity);
    this.created = enlarge(this.created, capacity);
    this.accessed = enlarge(this.accessed, capacity);
    this.hitCounts = enlarge(this.hitCounts, capacity);
    this.weights = enlarge(this.weights, capacity);
    this.originalBytes = enlarge(this.originalBytes, capacity);
    this.storedBytes = enlarge(this.storedBytes, capacity);
    this.costs = enlarge(this.costs, capacity);
    this.priorities = enlarge(this.priorities, capacity);
  }
}

function nextCapacity(capacity: number, enough: number): number {
  const next = capacity < DOUBLING_LIMIT ? capacity * 2 : Math.ceil(capacity * GROWTH_FACTOR);
  return enough > capacity ? Math.min(next, enough) : next;
}
