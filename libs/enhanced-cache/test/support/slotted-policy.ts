import { growAtOnce, type Growth } from '../../src/engine/enlarge.js';
import type { EvictionPolicy, RemovalCause, SlotTraits } from '../../src/engine/eviction/eviction-policy.js';

const CAPACITY = 64;

/**
 * A policy of the engine in a store that numbers its entries and never reuses a number: it stands in for a naive model
 * where a policy remembers too much for one, and proves that the cache tells its policy all that happens and nothing else.
 */
export class SlottedPolicy implements EvictionPolicy {
  readonly #policy: EvictionPolicy;
  readonly #slots = new Map<number, number>();
  readonly #ids: number[] = [];
  readonly #free: number[] = [];

  /** @param create of a policy that never has more than {@link CAPACITY} entries. */
  constructor(create: (traits: SlotTraits) => EvictionPolicy, traits: SlotTraits) {
    const id = (slot: number): number => this.#ids[slot];
    this.#policy = create({
      weight: (slot) => traits.weight(id(slot)),
      cost: (slot) => traits.cost(id(slot)),
      priority: (slot) => traits.priority(id(slot)),
      expiresAt: (slot) => traits.expiresAt(id(slot)),
      hits: (slot) => traits.hits(id(slot)),
      lastAccess: (slot) => traits.lastAccess(id(slot)),
      keyHash: (slot) => traits.keyHash(id(slot)),
    });
    growAtOnce(this.#policy.grow(CAPACITY));
  }

  *grow(_capacity: number): Growth {}

  onInsert(id: number): void {
    const slot = this.#free.pop() ?? this.#ids.length;
    this.#ids[slot] = id;
    this.#slots.set(id, slot);
    this.#policy.onInsert(slot);
  }

  onHit(id: number): void {
    this.#policy.onHit(this.#slotOf(id));
  }

  onUpdate(id: number): void {
    this.#policy.onUpdate(this.#slotOf(id));
  }

  onResize(id: number): void {
    this.#policy.onResize(this.#slotOf(id));
  }

  onRemove(id: number, cause: RemovalCause): void {
    const slot = this.#slotOf(id);
    this.#policy.onRemove(slot, cause);
    this.#slots.delete(id);
    this.#free.push(slot);
  }

  victim(newcomer: number): number {
    const slot = this.#policy.victim(newcomer === -1 ? -1 : this.#slotOf(newcomer));
    return slot === -1 ? -1 : this.#ids[slot];
  }

  #slotOf(id: number): number {
    return this.#slots.get(id) as number;
  }
}
