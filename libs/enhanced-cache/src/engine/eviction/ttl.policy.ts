import { RankedPolicy } from './ranked.policy.js';

/**
 * TTL: of the lowest priority, the entry that expires soonest leaves, whatever it is worth; among equals the one that
 * is resident the longest. Entries that never expire leave last.
 *
 * Nothing stays beyond its own lifetime, but an entry that never expires leaves only once nothing resident of its
 * priority does. Cost: see {@link RankedPolicy}.
 */
export class TtlPolicy extends RankedPolicy {
  protected override rank(slot: number): number {
    return this.traits.expiresAt(slot);
  }
}
