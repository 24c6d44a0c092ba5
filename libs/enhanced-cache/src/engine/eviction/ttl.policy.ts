import { RankedPolicy } from './ranked.policy.js';

/**
 * TTL: of the lowest priority, the entry that expires soonest leaves, whatever it is worth; among equals the one that
 * is resident the longest. Entries that never expire leave last.
 *
 * An entry that nobody asks for leaves all the same, even if it never expires; see {@link RankedPolicy} for when, and for the
 * cost.
 */
export class TtlPolicy extends RankedPolicy {
  protected override rank(slot: number): number {
    return this.traits.expiresAt(slot);
  }
}
