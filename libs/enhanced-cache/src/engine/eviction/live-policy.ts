import { enlarge } from '../enlarge.js';
import type { EvictionPolicy, RemovalCause } from './eviction-policy.js';

/**
 * A policy that can be replaced while it works.
 *
 * While a successor takes over, both are told what happens: the incumbent about every slot, the successor about those
 * that it was given already. Victims come from the incumbent until the successor knows every resident, so the cache
 * stays bounded all the time and nothing has to stop.
 */
export class LivePolicy implements EvictionPolicy {
  #successor: EvictionPolicy | undefined;
  /** By slot: 1 where the successor knows the entry. */
  #handedOver = new Uint8Array(0);
  #capacity = 0;

  constructor(private incumbent: EvictionPolicy) {}

  grow(capacity: number): void {
    this.#capacity = capacity;
    this.incumbent.grow(capacity);
    if (!this.#successor) return;
    this.#successor.grow(capacity);
    this.#handedOver = enlarge(this.#handedOver, capacity);
  }

  onInsert(slot: number): void {
    this.incumbent.onInsert(slot);
    if (this.#successor) this.#handOver(slot, this.#successor);
  }

  onHit(slot: number): void {
    this.incumbent.onHit(slot);
    if (this.#successor && this.#handedOver[slot]) this.#successor.onHit(slot);
  }

  onUpdate(slot: number): void {
    this.incumbent.onUpdate(slot);
    if (this.#successor && this.#handedOver[slot]) this.#successor.onUpdate(slot);
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
    successor.grow(this.#capacity);
    this.#successor = successor;
    this.#handedOver = new Uint8Array(this.#capacity);
    for (const slot of slots) {
      if (this.#successor !== successor) return;
      if (isResident(slot) && !this.#handedOver[slot]) this.#handOver(slot, successor);
      yield;
    }
    if (this.#successor !== successor) return;
    this.incumbent = successor;
    this.#successor = undefined;
    this.#handedOver = new Uint8Array(0);
  }

  #handOver(slot: number, successor: EvictionPolicy): void {
    this.#handedOver[slot] = 1;
    successor.onInsert(slot);
  }
}
