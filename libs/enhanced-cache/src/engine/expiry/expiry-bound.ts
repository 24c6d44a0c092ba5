import { enlarge } from '../enlarge.js';

const GROUP_BITS = 8;
/** Neighbouring slots that are bounded together. */
export const GROUP_SLOTS = 2 ** GROUP_BITS;
const FIRST_GROUPS = 4;

/**
 * Lower bounds of the expiries of all resident entries: one for each {@link GROUP_SLOTS} slots, and one for all. Before
 * it, nobody of them can have expired.
 *
 * Writes only ever lower a bound; whoever has looked at every slot of a group raises it again. What is due is
 * found by looking at a few groups instead of every slot. O(1); 8 bytes a group.
 */
export class ExpiryBound {
  #soonest = Infinity;
  #groups = new Float64Array(FIRST_GROUPS).fill(Infinity);

  /** Of all entries, in monotonic milliseconds. Too low at times, never too high. */
  get soonest(): number {
    return this.#soonest;
  }

  /** The entry in `slot` was given this expiry. */
  note(slot: number, expiresAt: number): void {
    const group = slot >>> GROUP_BITS;
    if (group >= this.#groups.length) this.#groups = enlarge(this.#groups, 2 * group, Infinity);
    if (expiresAt < this.#groups[group]) this.#groups[group] = expiresAt;
    if (expiresAt < this.#soonest) this.#soonest = expiresAt;
  }

  /** The first group from `from` on that may have an entry due by `now`; -1 where there is none. */
  nextDue(from: number, now: number): number {
    for (let group = from; group < this.#groups.length; group++) if (this.#groups[group] <= now) return group;
    return -1;
  }

  /**
   * Forgets what is known of a group. Whoever calls this looks at each of its slots then and {@link note}s those that
   * remain; what is written to them meanwhile is noted anyway.
   */
  forget(group: number): void {
    this.#groups[group] = Infinity;
  }

  /** Finds {@link soonest} again from the groups. */
  settle(): void {
    this.#soonest = this.#groups.reduce((soonest, bound) => Math.min(soonest, bound), Infinity);
  }
}
