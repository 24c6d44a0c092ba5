import type { Growth } from '../enlarge.js';
import type { EvictionPolicy, RemovalCause, SlotTraits } from './eviction-policy.js';
import { AdmissionQueues } from './structures/admission-queues.js';
import { FrequencySketch } from './structures/frequency-sketch.js';
import { mixHash } from './structures/mix-hash.js';
import { bandOf, PRIORITY_BANDS, PriorityBands } from './structures/priority-bands.js';
import { WindowClimber } from './window-climber.js';

/**
 * TINYLFU: of the lowest priority, the loser of a contest between the oldest newcomer and the oldest of the others; who was
 * used more often lately stays, whether resident or not.
 *
 * The queues and the frequency sketch are those of HYBRID, the window's share is found by {@link WindowClimber}. It goes by
 * hits alone: neither size nor cost counts.
 *
 * Cost: `onHit` O(1), one read and one write; the other calls O(1), amortised; 40 to 64 bytes a slot.
 *
 * Einziger, Friedman, Manes, "TinyLFU: A Highly Efficient Cache Admission Policy", ACM ToS 13(4), 2017: W-TinyLFU.
 * Differs from the paper: see {@link AdmissionQueues}; a window and a main queue for each priority.
 */
export class TinyLfuPolicy implements EvictionPolicy {
  readonly #traits: SlotTraits;
  readonly #sketch = new FrequencySketch();
  readonly #climber = new WindowClimber();
  readonly #queues: AdmissionQueues;
  readonly #bands = new PriorityBands();

  constructor(traits: SlotTraits) {
    this.#traits = traits;
    this.#queues = new AdmissionQueues(this.#sketch, undefined, this.#rules(), PRIORITY_BANDS);
  }

  *grow(capacity: number): Growth {
    yield* this.#queues.grow(capacity);
    yield;
    yield* this.#sketch.grow(capacity);
  }

  onInsert(slot: number): void {
    const hash = mixHash(this.#traits.keyHash(slot));
    const band = bandOf(this.#traits.priority(slot));
    this.#bands.add(band);
    this.#sketch.paceFor(this.#bands.total);
    const frequency = this.#sketch.add(hash, 1);
    if (this.#climber.miss(this.#bands.total)) this.#queues.rules = this.#rules();
    this.#queues.insert(slot, hash, this.#traits.hits(slot), frequency, band);
  }

  onHit(slot: number): void {
    this.#climber.hit();
    this.#queues.use(slot);
  }

  onUpdate(slot: number): void {
    this.#queues.use(slot);
    const band = bandOf(this.#traits.priority(slot));
    const former = this.#queues.band(slot);
    if (band === former) return;
    this.#bands.remove(former);
    this.#bands.add(band);
    this.#queues.remove(slot, false);
    const hash = this.#queues.hash(slot);
    this.#queues.insert(slot, hash, 0, this.#sketch.estimate(hash), band);
  }

  /** Sizes do not count. */
  onResize(_slot: number): void {}

  onRemove(slot: number, cause: RemovalCause): void {
    this.#bands.remove(this.#queues.band(slot));
    this.#queues.remove(slot, cause === 'evicted');
  }

  victim(newcomer: number): number {
    const band = this.#bands.lowest();
    if (band === -1) return -1;
    const victim = this.#queues.victim(newcomer, band);
    if (victim !== -1) return victim;
    // The newcomer is alone in the lowest band: whatever else is resident outranks it.
    return this.#bands.total > 1 ? newcomer : -1;
  }

  /**
   * Re-derives queues and bands, for tests.
   *
   * @returns the number of resident slots.
   * @throws {Error} naming what does not fit.
   */
  verify(): number {
    const resident = this.#queues.verify();
    if (resident !== this.#bands.total) throw new Error(`${resident} slots are queued, ${this.#bands.total} counted`);
    for (let band = 0; band < PRIORITY_BANDS; band++) {
      if (this.#queues.size(band) !== this.#bands.count(band)) throw new Error(`band ${band} is counted wrong`);
    }
    return resident;
  }

  #rules() {
    return { windowShare: this.#climber.share, welcomeReturners: false, strict: false };
  }
}
