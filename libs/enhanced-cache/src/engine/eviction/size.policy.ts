import { RankedPolicy } from './ranked.policy.js';

/**
 * SIZE: of the lowest priority, the entry that takes the most bytes leaves, so that the fewest have to; among equals
 * the one that is resident the longest.
 *
 * An entry that nobody asks for leaves all the same, however small it is; see {@link RankedPolicy} for when, and for the
 * cost.
 */
export class SizePolicy extends RankedPolicy {
  protected override rank(slot: number): number {
    return -this.traits.weight(slot);
  }
}
