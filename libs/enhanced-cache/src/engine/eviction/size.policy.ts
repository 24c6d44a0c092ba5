import { RankedPolicy } from './ranked.policy.js';

/**
 * SIZE: of the lowest priority, the entry that takes the most bytes leaves, so that the fewest have to; among equals
 * the one that is resident the longest.
 *
 * It does not age: an entry stays as long as larger ones of its priority come and go, which is what the policy is for.
 * Cost: see {@link RankedPolicy}.
 */
export class SizePolicy extends RankedPolicy {
  protected override rank(slot: number): number {
    return -this.traits.weight(slot);
  }
}
