import type { Growth } from '../../src/engine/enlarge.js';
import type { RemovalCause, SlotTraits } from '../../src/engine/eviction/eviction-policy.js';
import { ValueRanking } from '../../src/engine/eviction/hybrid/value-ranking.js';
import type { VerifiablePolicy } from './slot-world.js';

/** {@link ValueRanking} as a policy of its own: plain GreedyDual-Size-Frequency. */
export class RankingPolicy implements VerifiablePolicy {
  readonly #ranking: ValueRanking;

  constructor(private readonly traits: SlotTraits) {
    this.#ranking = new ValueRanking(traits);
  }

  grow(capacity: number): Growth {
    return this.#ranking.grow(capacity);
  }

  onInsert(slot: number): void {
    this.#ranking.insert(slot, this.traits.hits(slot));
  }

  onHit(slot: number): void {
    this.#ranking.use(slot);
  }

  onUpdate(slot: number): void {
    this.#ranking.update(slot);
  }

  onResize(slot: number): void {
    this.#ranking.resize(slot);
  }

  onRemove(slot: number, cause: RemovalCause): void {
    this.#ranking.remove(slot, cause === 'evicted');
  }

  victim(newcomer: number): number {
    return this.#ranking.victim(newcomer);
  }

  verify(): number {
    return this.#ranking.verify();
  }
}
