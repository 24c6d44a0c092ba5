import { growAtOnce } from '../../src/engine/enlarge.js';
import type { EvictionPolicy, RemovalCause, SlotTraits } from '../../src/engine/eviction/eviction-policy.js';
import { keyHashOf } from './key-hash.js';

/** What a test says of an entry; see {@link SlotTraits} for units. */
export interface EntryTraits {
  weight: number;
  cost: number;
  priority: number;
  expiresAt: number;
}

/** A policy that can re-derive its own structures: it returns the number of residents it found, or throws. */
export type VerifiablePolicy = EvictionPolicy & { verify(): number };

export const PLAIN: Readonly<EntryTraits> = { weight: 100, cost: 1, priority: 0, expiresAt: Infinity };

interface Entry extends EntryTraits {
  readonly key: string;
  hits: number;
  lastAccess: number;
}

/**
 * The least store that a policy can live in: keys in slots that are reused last in, first out, a limit on entries, and
 * slots that double. It keeps to the store's side of the port to the letter, and checks the policy's side at each victim.
 */
export class SlotWorld {
  readonly #entries: (Entry | undefined)[] = [];
  readonly #slots = new Map<string, number>();
  readonly #free: number[] = [];
  #capacity = 2;
  #steps = 0;
  #policy: VerifiablePolicy;
  readonly traits: SlotTraits = {
    weight: (slot) => this.#at(slot).weight,
    cost: (slot) => this.#at(slot).cost,
    priority: (slot) => this.#at(slot).priority,
    expiresAt: (slot) => this.#at(slot).expiresAt,
    hits: (slot) => this.#at(slot).hits,
    lastAccess: (slot) => this.#at(slot).lastAccess,
    keyHash: (slot) => keyHashOf(this.#at(slot).key),
  };

  constructor(
    factory: (traits: SlotTraits) => VerifiablePolicy,
    public maxEntries: number,
  ) {
    this.#policy = factory(this.traits);
    growAtOnce(this.#policy.grow(this.#capacity));
  }

  get policy(): VerifiablePolicy {
    return this.#policy;
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Keys of all residents, in the order in which they became resident. */
  get keys(): string[] {
    return [...this.#slots.keys()];
  }

  has(key: string): boolean {
    return this.#slots.has(key);
  }

  /** Writes `key` and evicts until the limit holds. Returns the keys that left, `key` itself where it was turned away. */
  set(key: string, traits: Partial<EntryTraits> = {}): string[] {
    const slot = this.#slots.get(key);
    if (slot !== undefined) {
      Object.assign(this.#at(slot), PLAIN, traits, { hits: 0, lastAccess: this.#steps++ });
      this.#policy.onUpdate(slot);
      return this.evictFor(slot);
    }
    const added = this.#allocate();
    this.#entries[added] = { key, ...PLAIN, ...traits, hits: 0, lastAccess: this.#steps++ };
    this.#slots.set(key, added);
    this.#policy.onInsert(added);
    return this.evictFor(added);
  }

  /** Reads `key`, `times` times; nothing happens where it is absent. */
  hit(key: string, times = 1): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    for (let i = 0; i < times; i++) {
      const entry = this.#at(slot);
      entry.hits++;
      entry.lastAccess = this.#steps++;
      this.#policy.onHit(slot);
    }
  }

  touch(key: string, expiresAt: number): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#at(slot).expiresAt = expiresAt;
    this.#policy.onUpdate(slot);
  }

  /** The value of `key` takes another number of bytes by now. */
  resize(key: string, weight: number): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#at(slot).weight = weight;
    this.#policy.onResize(slot);
  }

  remove(key: string, cause: RemovalCause): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#policy.onRemove(slot, cause);
    this.#slots.delete(key);
    this.#entries[slot] = undefined;
    this.#free.push(slot);
  }

  /** Evicts until the limit holds; `newcomer` is the slot just written, `-1` where the limit shrank. */
  evictFor(newcomer: number): string[] {
    const left: string[] = [];
    while (this.size > this.maxEntries) {
      const victim = this.victim(newcomer);
      if (victim === undefined) throw new Error(`no victim among ${this.size} residents`);
      this.remove(victim, 'evicted');
      left.push(victim);
    }
    return left;
  }

  /** The key that the policy would evict; `undefined` where it names none. */
  victim(newcomer = -1): string | undefined {
    const slot = this.#policy.victim(newcomer);
    return slot === -1 ? undefined : this.#at(slot).key;
  }

  slotOf(key: string): number {
    const slot = this.#slots.get(key);
    if (slot === undefined) throw new Error(`"${key}" is not resident`);
    return slot;
  }

  traitsOf(key: string): Readonly<EntryTraits> {
    return this.#at(this.slotOf(key));
  }

  /** Takes the next `count` entries into other slots than those that come first, with nobody told of it. */
  scatterSlots(count: number): void {
    const slots = Array.from({ length: count }, () => this.#allocate());
    for (let i = 0; i < count; i++) {
      const slot = slots[(i * 7) % count];
      this.#entries[slot] = undefined;
      this.#free.push(slot);
    }
  }

  /** Puts another policy in charge and hands it every resident in the order of `keys`. */
  adopt(factory: (traits: SlotTraits) => VerifiablePolicy, keys = this.keys): void {
    this.#policy = factory(this.traits);
    growAtOnce(this.#policy.grow(this.#capacity));
    for (const key of keys) this.#policy.onInsert(this.slotOf(key));
  }

  #allocate(): number {
    const reused = this.#free.pop();
    if (reused !== undefined) return reused;
    const slot = this.#entries.push(undefined) - 1;
    if (slot === this.#capacity) growAtOnce(this.#policy.grow((this.#capacity *= 2)));
    return slot;
  }

  #at(slot: number): Entry {
    const entry = this.#entries[slot];
    if (!entry) throw new Error(`slot ${slot} holds no entry`);
    return entry;
  }
}
