import type { EvictionPolicy, PolicyReport, RemovalCause, SlotTraits } from './eviction-policy.js';
import { Steering } from './hybrid/steering.js';
import { ValueRanking, valuePerUse } from './hybrid/value-ranking.js';
import { levelOf } from './hybrid/level-counts.js';
import { ValueSpread } from './hybrid/value-spread.js';
import { growAtOnce, type Growth } from '../enlarge.js';
import { AdmissionQueues } from './structures/admission-queues.js';
import { FrequencySketch } from './structures/frequency-sketch.js';
import { mixHash } from './structures/mix-hash.js';
import { MIN_PRIORITY } from './structures/priority-bands.js';
import { RecentlyEvicted } from './structures/recently-evicted.js';

/** Entries that one call moves from the queues to the ranking or back, where the cache changed its mind. */
const MOVES_PER_CALL = 64;
/** Where level and priority, as the spread counts them, stand in a remark. */
const LEVEL_SHIFT = 8;
const PRIORITY_BITS = 255;
/** Slots up to which arrays are made in one go. */
const GROWN_AT_ONCE = 8192;

/**
 * HYBRID: it looks at what the entries are worth and at how they are used, and keeps by the one or by the other.
 *
 * - Entries of about the same value ({@link ValueSpread}): a window for newcomers and a main queue with a contest between
 *   them ({@link AdmissionQueues}), run by those rules that {@link Steering} finds the best on a sample of the requests.
 * - Entries that differ in the seconds that they cost to recreate, in size or in priority: by value per byte
 *   ({@link ValueRanking}); a key that was used before it came in begins half a use ahead.
 *
 * It changes from one to the other while it works, {@link MOVES_PER_CALL} entries a call; until all have moved, victims come
 * from where they move away. No newcomer is turned away.
 *
 * Cost: `onHit` O(1): a read and a write in one cache line, and for an eighth of the keys or less the shadows of
 * {@link Steering}; the other calls O(1), amortised, by use, and O(log n) by value. 44 to 68 bytes a slot, up to 66 more in
 * small caches for the shadows, 44 more once values differed.
 */
export class HybridPolicy implements EvictionPolicy {
  readonly #traits: SlotTraits;
  readonly #sketch = new FrequencySketch();
  readonly #evicted = new RecentlyEvicted();
  readonly #steering = new Steering();
  readonly #queues: AdmissionQueues;
  readonly #ranking: ValueRanking;
  readonly #spread = new ValueSpread();
  #capacity = 0;
  /** Whether the ranking has room for every slot, and its making until then. */
  #ranks = false;
  #rankingGrowth: Growth | undefined;
  #entries = 0;
  #byValue = false;
  /** Whether entries are still kept the way that is given up. */
  #isMoving = false;
  #modeChanges = 0;
  /** Entries for which pace and memory were last set. */
  #pacedFor = 0;

  constructor(traits: SlotTraits) {
    this.#traits = traits;
    this.#queues = new AdmissionQueues(this.#sketch, this.#evicted, this.#steering.rules);
    this.#ranking = new ValueRanking(traits);
  }

  *grow(capacity: number): Growth {
    yield* this.#queues.grow(capacity);
    yield;
    yield* this.#sketch.grow(capacity);
    yield;
    yield* this.#evicted.grow(capacity);
    if (this.#ranks) {
      yield;
      yield* this.#ranking.grow(capacity);
    }
    this.#capacity = Math.max(this.#capacity, capacity);
  }

  onInsert(slot: number): void {
    const hash = mixHash(this.#traits.keyHash(slot));
    const uses = this.#traits.hits(slot);
    this.#entries++;
    this.#pace();
    this.#appraise(slot);
    this.#changeMode();
    if (this.#isMoving) this.#move();
    const frequency = this.#sketch.add(hash, 1);
    if (this.#byValue) {
      this.#queues.note(slot, hash, uses, frequency);
      this.#ranking.insert(slot, uses, frequency > 1);
    } else {
      this.#steering.miss(hash);
      this.#queues.rules = this.#steering.rules;
      this.#queues.judgesIdle = this.#steering.judgesIdle;
      this.#queues.followsReturners = this.#steering.followsReturners;
      this.#queues.insert(slot, hash, uses, frequency);
    }
  }

  onHit(slot: number): void {
    const queues = this.#queues;
    queues.use(slot);
    if (this.#byValue || this.#isMoving) {
      if (!queues.has(slot)) this.#ranking.use(slot);
      return;
    }
    const hash = queues.hash(slot);
    if (this.#steering.isSampled(hash)) this.#steering.hit(hash);
  }

  onUpdate(slot: number): void {
    this.#forget(slot);
    this.#appraise(slot);
    this.#changeMode();
    if (this.#queues.has(slot)) this.onHit(slot);
    else {
      this.#queues.use(slot);
      this.#ranking.update(slot);
    }
    if (this.#isMoving) this.#move();
  }

  onResize(slot: number): void {
    const level = levelOf(valuePerUse(this.#traits, slot));
    const remark = this.#queues.remark(slot);
    this.#spread.change(remark >> LEVEL_SHIFT, level);
    this.#queues.setRemark(slot, (level << LEVEL_SHIFT) | (remark & PRIORITY_BITS));
    if (!this.#queues.has(slot)) this.#ranking.resize(slot);
  }

  onRemove(slot: number, cause: RemovalCause): void {
    const evicted = cause === 'evicted';
    this.#entries--;
    this.#forget(slot);
    if (this.#queues.has(slot)) {
      this.#steering.removed(this.#queues.hash(slot));
      this.#queues.remove(slot, evicted);
    } else {
      this.#queues.settleUses(slot);
      this.#ranking.remove(slot, evicted);
    }
  }

  victim(newcomer: number): number {
    if (!this.#byValue) this.#steering.evicting();
    if (!this.#isMoving) return this.#byValue ? this.#ranking.victim(newcomer) : this.#queues.victim(newcomer);
    const leaving = this.#byValue ? this.#queues : this.#ranking;
    const first = leaving.victim(newcomer);
    if (first !== -1) return first;
    return this.#byValue ? this.#ranking.victim(newcomer) : this.#queues.victim(newcomer);
  }

  /** What it decided, and by what. */
  report(): PolicyReport {
    const steering = this.#steering.report();
    return {
      mode: this.#byValue ? 'value' : 'use',
      modeChanges: this.#modeChanges,
      valueSpread: this.#spread.spread,
      strategy: steering.strategy,
      windowShare: steering.windowShare,
      strategyChanges: steering.changes,
      sampleShare: steering.sampleShare,
      strategies: steering.shadows,
    };
  }

  /**
   * Re-derives queues, ranking and shadows, for tests.
   *
   * @returns the number of resident slots.
   * @throws {Error} naming what does not fit.
   */
  verify(): number {
    this.#steering.verify();
    const resident = this.#queues.verify() + this.#ranking.verify();
    if (resident !== this.#entries) throw new Error(`${resident} slots are kept, ${this.#entries} counted`);
    return resident;
  }

  /** Tells sketch and memory how large the cache is: whenever it changed by an eighth. */
  #pace(): void {
    const entries = this.#entries;
    if (Math.abs(entries - this.#pacedFor) * 8 <= this.#pacedFor) return;
    this.#pacedFor = entries;
    this.#sketch.paceFor(entries);
    this.#evicted.rememberLast(entries);
  }

  #appraise(slot: number): void {
    const level = levelOf(valuePerUse(this.#traits, slot));
    const priority = this.#traits.priority(slot);
    this.#queues.setRemark(slot, (level << LEVEL_SHIFT) | (priority - MIN_PRIORITY));
    this.#spread.add(level, priority);
  }

  #forget(slot: number): void {
    const remark = this.#queues.remark(slot);
    this.#spread.remove(remark >> LEVEL_SHIFT, (remark & PRIORITY_BITS) + MIN_PRIORITY);
  }

  #changeMode(): void {
    if (this.#spread.isWide === this.#byValue) return;
    if (!this.#byValue && !this.#ranks && !this.#isRankingReady()) return;
    this.#byValue = !this.#byValue;
    this.#isMoving = true;
    this.#modeChanges++;
    if (!this.#byValue) this.#steering.resume();
  }

  /** Makes the ranking large enough, one array a call where they are large. Most caches never need it. */
  #isRankingReady(): boolean {
    this.#rankingGrowth ??= this.#ranking.grow(this.#capacity);
    if (this.#capacity > GROWN_AT_ONCE && this.#rankingGrowth.next().done !== true) return false;
    // The rest of it, and what the cache grew meanwhile.
    growAtOnce(this.#rankingGrowth);
    growAtOnce(this.#ranking.grow(this.#capacity));
    this.#rankingGrowth = undefined;
    this.#ranks = true;
    return true;
  }

  /** Moves some entries to where they belong by now. */
  #move(): void {
    if (this.#byValue) {
      for (let moves = MOVES_PER_CALL; moves > 0; moves--) {
        const slot = this.#queues.oldest();
        if (slot === -1) return this.#endMove();
        this.#steering.removed(this.#queues.hash(slot));
        this.#queues.remove(slot, false);
        this.#ranking.insert(slot, this.#traits.hits(slot));
      }
      return;
    }
    for (let moves = MOVES_PER_CALL; moves > 0; moves--) {
      const slot = this.#ranking.last();
      if (slot === -1) return this.#endMove();
      this.#ranking.remove(slot, false);
      this.#queues.insertMain(slot);
      this.#steering.admitted(this.#queues.hash(slot));
    }
  }

  #endMove(): void {
    this.#isMoving = false;
  }
}
