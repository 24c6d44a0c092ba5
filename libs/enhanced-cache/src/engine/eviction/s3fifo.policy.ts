import { enlarge, type Growth } from '../enlarge.js';
import type { EvictionPolicy, RemovalCause, SlotTraits } from './eviction-policy.js';
import { mixHash } from './structures/mix-hash.js';
import { bandOf, PRIORITY_BANDS, PriorityBands } from './structures/priority-bands.js';
import { RecentlyEvicted } from './structures/recently-evicted.js';
import { SlotLists } from './structures/slot-lists.js';

/** Share of a band's entries that its small queue gets. */
export const SMALL_SHARE = 0.1;
/** Uses that are counted, and those of them that take an entry from the small queue into the main one. */
export const MOST_USES = 3;
export const USES_TO_STAY = 2;

/** The small queue may give up that many times the entries of its band until the main one has to give up one of its own. */
export const PATIENCE = 4;

const SMALL = 0;
const MAIN = 1;

/**
 * S3-FIFO: of the lowest priority, what came and was not used again leaves first; three FIFO queues.
 *
 * A newcomer enters the small queue. From there it leaves for good unless it was used twice, which takes it into the main
 * queue; there an entry that was used since goes round once more for each use. A key that comes back soon after its
 * eviction enters the main queue at once.
 *
 * Cost: `onHit` O(1), one write; the other calls O(1), amortised, as each turn was paid by a use; 22 to 30 bytes a slot.
 *
 * Yang, Zhang, Qiu, Yue, Rashmi, "FIFO queues are all you need for cache eviction", SOSP 2023.
 * Differs from the paper: two queues a priority, evictions of all priorities in one ghost list; and the main queue gives up an
 * entry after {@link PATIENCE} turnovers of the cache that passed through the small one alone, so that nothing is kept for
 * ever because of what it was once.
 */
export class S3FifoPolicy implements EvictionPolicy {
  readonly #traits: SlotTraits;
  readonly #lists = new SlotLists(2 * PRIORITY_BANDS);
  readonly #bands = new PriorityBands();
  readonly #evicted = new RecentlyEvicted();
  readonly #smallSizes = new Int32Array(PRIORITY_BANDS);
  /** By band: evictions from the small queue since the main one gave somebody up. */
  readonly #sinceMain = new Float64Array(PRIORITY_BANDS);
  #uses = new Uint8Array(0);
  /** By slot: twice the band, plus 1 in the main queue. */
  #listOf = new Uint16Array(0);
  #hashes = new Int32Array(0);

  constructor(traits: SlotTraits) {
    this.#traits = traits;
  }

  *grow(capacity: number): Growth {
    yield* this.#lists.grow(capacity);
    yield;
    yield* this.#evicted.grow(capacity);
    yield;
    this.#uses = enlarge(this.#uses, capacity);
    yield;
    this.#listOf = enlarge(this.#listOf, capacity);
    yield;
    this.#hashes = enlarge(this.#hashes, capacity);
  }

  onInsert(slot: number): void {
    const hash = mixHash(this.#traits.keyHash(slot));
    const band = bandOf(this.#traits.priority(slot));
    this.#hashes[slot] = hash;
    this.#uses[slot] = Math.min(this.#traits.hits(slot), MOST_USES);
    this.#bands.add(band);
    this.#append(slot, band, this.#evicted.has(hash) ? MAIN : SMALL);
  }

  onHit(slot: number): void {
    if (this.#uses[slot] < MOST_USES) this.#uses[slot]++;
  }

  onUpdate(slot: number): void {
    this.onHit(slot);
    const band = bandOf(this.#traits.priority(slot));
    const former = this.#listOf[slot] >>> 1;
    if (band === former) return;
    const segment = this.#listOf[slot] & 1;
    this.#detach(slot);
    this.#bands.remove(former);
    this.#bands.add(band);
    this.#append(slot, band, segment);
  }

  /** Sizes do not count. */
  onResize(_slot: number): void {}

  onRemove(slot: number, cause: RemovalCause): void {
    const list = this.#listOf[slot];
    if (cause === 'evicted') {
      const isSmall = (list & 1) === SMALL;
      this.#sinceMain[list >>> 1] = isSmall ? this.#sinceMain[list >>> 1] + 1 : 0;
      if (isSmall) {
        this.#evicted.rememberLast(this.#bands.total);
        this.#evicted.add(this.#hashes[slot]);
      }
    }
    this.#detach(slot);
    this.#bands.remove(list >>> 1);
  }

  victim(newcomer: number): number {
    const band = this.#bands.lowest();
    if (band === -1) return -1;
    const isThere = newcomer !== -1 && this.#listOf[newcomer] >>> 1 === band;
    const entries = this.#bands.count(band) - (isThere ? 1 : 0);
    // The newcomer is alone in the lowest band: whatever else is resident outranks it.
    if (entries === 0) return this.#bands.total > 1 ? newcomer : -1;
    const isSmallFull = this.#smallSizes[band] > Math.round(SMALL_SHARE * entries);
    const isMainIdle = this.#sinceMain[band] > PATIENCE * entries && this.#firstOther(2 * band + MAIN, newcomer) !== -1;
    const small = isSmallFull && !isMainIdle ? this.#smallVictim(band, newcomer) : -1;
    if (small !== -1) return small;
    const main = this.#mainVictim(band, newcomer);
    return main === -1 ? this.#firstOther(2 * band + SMALL, newcomer) : main;
  }

  /**
   * Re-derives queues, bands and counts, for tests.
   *
   * @returns the number of resident slots.
   * @throws {Error} naming what does not fit.
   */
  verify(): number {
    const resident = this.#lists.verify();
    if (resident !== this.#bands.total) throw new Error(`${resident} slots are queued, ${this.#bands.total} counted`);
    for (let list = 0; list < 2 * PRIORITY_BANDS; list++) {
      let count = 0;
      for (const slot of this.#lists.slots(list)) {
        count++;
        if (this.#listOf[slot] !== list) throw new Error(`slot ${slot} is in queue ${list}, not ${this.#listOf[slot]}`);
        if (bandOf(this.#traits.priority(slot)) !== list >>> 1) throw new Error(`slot ${slot} is in another's band`);
      }
      if ((list & 1) === SMALL && count !== this.#smallSizes[list >>> 1])
        throw new Error(`queue ${list} holds ${count}`);
    }
    return resident;
  }

  /** The oldest of the small queue that was not used enough; those that were move to the main queue on the way. */
  #smallVictim(band: number, newcomer: number): number {
    for (;;) {
      const slot = this.#firstOther(2 * band + SMALL, newcomer);
      if (slot === -1 || this.#uses[slot] < USES_TO_STAY) return slot;
      this.#uses[slot] = 0;
      this.#detach(slot);
      this.#append(slot, band, MAIN);
    }
  }

  #mainVictim(band: number, newcomer: number): number {
    const list = 2 * band + MAIN;
    for (;;) {
      const slot = this.#firstOther(list, newcomer);
      if (slot === -1 || this.#uses[slot] === 0) return slot;
      this.#uses[slot]--;
      this.#lists.moveToBack(list, slot);
    }
  }

  #firstOther(list: number, newcomer: number): number {
    const first = this.#lists.first(list);
    return first === newcomer && first !== -1 ? this.#lists.after(first) : first;
  }

  #append(slot: number, band: number, segment: number): void {
    if (segment === SMALL) this.#smallSizes[band]++;
    this.#listOf[slot] = 2 * band + segment;
    this.#lists.pushBack(2 * band + segment, slot);
  }

  #detach(slot: number): void {
    const list = this.#listOf[slot];
    if ((list & 1) === SMALL) this.#smallSizes[list >>> 1]--;
    this.#lists.remove(slot);
  }
}
