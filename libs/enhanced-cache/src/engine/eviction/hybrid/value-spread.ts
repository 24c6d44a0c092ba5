import { LevelCounts } from './level-counts.js';

/** Entries differ where the spread passes the first, and are alike again below the second. */
const APART = 0.7;
const ALIKE = 0.5;
/** In a cache of few entries each of them counts: there the value decides from here on, and every change is noticed. */
const APART_IF_FEW = 0.1;
const FEW_ENTRIES = 128;
/** Otherwise the answer is worked out anew after so many changes, as a share of the entries beyond those. */
const STALE_SHARE = 1 / 16;

/**
 * Whether entries differ so much in what they are worth that their value has to decide who stays.
 *
 * It looks at the residents and at the last arrivals, as many as there are residents or up to twice as many. Residents
 * alone would mislead: a cache that keeps by value soon holds nothing but the valuable, which are alike. Arrivals alone
 * would too: the precious one may have come long ago. On replays of real traces with lognormal costs, up to a spread of 0.5
 * the queues pay less although they are blind to values, from 1 on they pay more. Any difference in priority counts: somebody
 * asked for it.
 *
 * Cost: `add` and `remove` O(1); the answer O(levels in use) after every sixteenth of the entries changed; 6 KB.
 */
export class ValueSpread {
  readonly #residents = new LevelCounts();
  #arrivals = new LevelCounts();
  #formerArrivals = new LevelCounts();
  #changes = 0;
  #isWide = false;
  /** Sums of integers, so exact. */
  #priorities = 0;
  #prioritySquares = 0;

  /** An entry came in. */
  add(level: number, priority: number): void {
    this.#residents.add(level);
    this.#arrivals.add(level);
    if (this.#arrivals.total > Math.max(this.#residents.total, FEW_ENTRIES)) {
      [this.#arrivals, this.#formerArrivals] = [this.#formerArrivals, this.#arrivals];
      this.#arrivals.clear();
    }
    this.#changes++;
    this.#priorities += priority;
    this.#prioritySquares += priority * priority;
  }

  remove(level: number, priority: number): void {
    this.#residents.remove(level);
    this.#changes++;
    this.#priorities -= priority;
    this.#prioritySquares -= priority * priority;
  }

  /** A resident's value changed without a use. */
  change(from: number, to: number): void {
    this.#residents.remove(from);
    this.#residents.add(to);
    this.#changes++;
  }

  /** Whether the values differ. It does not waver: what is wide stays so until it is clearly not. */
  get isWide(): boolean {
    const entries = this.#residents.total;
    if (this.#changes === 0 || this.#changes < (entries - FEW_ENTRIES) * STALE_SHARE) return this.#isWide;
    this.#changes = 0;
    const threshold = entries <= FEW_ENTRIES ? APART_IF_FEW : this.#isWide ? ALIKE : APART;
    this.#isWide = this.#hasPriorities() || this.spread > threshold;
    return this.#isWide;
  }

  /** The widest spread of residents and arrivals, >= 0. */
  get spread(): number {
    return Math.max(this.#residents.spread, this.#arrivals.spread, this.#formerArrivals.spread);
  }

  #hasPriorities(): boolean {
    return this.#residents.total * this.#prioritySquares !== this.#priorities * this.#priorities;
  }
}
