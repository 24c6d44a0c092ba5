import { enlarge, growAtOnce, type Growth } from '../enlarge.js';
import type { EvictionPolicy, PolicyReport, RemovalCause } from './eviction-policy.js';

/**
 * A policy that can be replaced while it works.
 *
 * While a successor takes over, both are told what happens: the incumbent about every slot, the successor about those
 * that it was given already. Victims come from the incumbent until the successor knows every resident, so the cache
 * stays bounded all the time and nothing has to stop.
 */
export class LivePolicy implements Omit<EvictionPolicy, 'report'> {
  #successor: EvictionPolicy | undefined;
  /** The successor that was named last. */
  #latest: EvictionPolicy | undefined;
  /** By slot: 1 where the successor knows the entry. */
  #handedOver = new Uint8Array(0);
  #capacity = 0;

  constructor(private incumbent: EvictionPolicy) {}

  *grow(capacity: number): Growth {
    yield* this.incumbent.grow(capacity);
    if (this.#successor) yield* this.#successor.grow(capacity);
    // Who came into office between two steps has taken none of them; for the others this does nothing.
    growAtOnce(this.incumbent.grow(capacity));
    if (this.#successor) growAtOnce(this.#successor.grow(capacity));
    this.#handedOver = this.#successor ? enlarge(this.#handedOver, capacity) : this.#handedOver;
    this.#capacity = capacity;
  }

  onInsert(slot: number): void {
    this.incumbent.onInsert(slot);
    if (this.#successor) this.#handOver(slot, this.#successor);
  }

  onHit(slot: number): void {
    this.incumbent.onHit(slot);
    if (this.#successor && this.#handedOver[slot]) this.#successor.onHit(slot);
  }

  /** {@link onHit} for each of the first `count` of `slots`, in their order. */
  onHits(slots: Int32Array, count: number): void {
    const { incumbent } = this;
    for (let i = 0; i < count; i++) incumbent.onHit(slots[i]);
    const successor = this.#successor;
    if (!successor) return;
    for (let i = 0; i < count; i++) if (this.#handedOver[slots[i]]) successor.onHit(slots[i]);
  }

  onUpdate(slot: number): void {
    this.incumbent.onUpdate(slot);
    if (this.#successor && this.#handedOver[slot]) this.#successor.onUpdate(slot);
  }

  onResize(slot: number): void {
    this.incumbent.onResize(slot);
    if (this.#successor && this.#handedOver[slot]) this.#successor.onResize(slot);
  }

  onRemove(slot: number, cause: RemovalCause): void {
    this.incumbent.onRemove(slot, cause);
    if (!this.#successor || !this.#handedOver[slot]) return;
    this.#handedOver[slot] = 0;
    this.#successor.onRemove(slot, cause);
  }

  victim(newcomer: number): number {
    return this.incumbent.victim(newcomer);
  }

  report(): PolicyReport | undefined {
    return this.incumbent.report?.();
  }

  /**
   * Hands the residents over to `successor`, one a step, in the order of `slots`; slots that are not resident when
   * their turn comes are passed over, as `isResident` says. Entries that arrive meanwhile are handed over on arrival.
   *
   * A replacement that is begun while another is under way supersedes it.
   */
  *replace(
    successor: EvictionPolicy,
    slots: Iterable<number>,
    isResident: (slot: number) => boolean,
  ): Generator<undefined, void, undefined> {
    this.#latest = successor;
    for (let capacity = -1; capacity < this.#capacity;) {
      capacity = this.#capacity;
      yield* successor.grow(capacity);
    }
    if (this.#latest !== successor) return;
    this.#successor = successor;
    this.#handedOver = new Uint8Array(this.#capacity);
    for (const slot of slots) {
      if (this.#latest !== successor) return;
      if (isResident(slot) && !this.#handedOver[slot]) this.#handOver(slot, successor);
      yield;
    }
    if (this.#latest !== successor) return;
    this.incumbent = successor;
    this.#successor = undefined;
    this.#handedOver = new Uint8Array(0);
  }

  #handOver(slot: number, successor: EvictionPolicy): void {
    this.#handedOver[slot] = 1;
    successor.onInsert(slot);
  }
}
