import { enlarge, type Growth } from '../../enlarge.js';
import { type FrequencySketch, MAX_COUNT } from './frequency-sketch.js';
import type { RecentlyEvicted } from './recently-evicted.js';

/** What decides who may stay. */
export interface AdmissionRules {
  /** Share of the entries that newcomers get to prove themselves in, 0 to 1; one entry at least. */
  readonly windowShare: number;
  /** A key that comes back soon after its eviction goes straight to the main queue. */
  readonly welcomeReturners: boolean;
  /**
   * Only where the oldest of the main queue idles for about as long by then as the key took to come back. In a loop, where
   * all take the same, that is seldom so.
   */
  readonly returnersCompete?: boolean;
  /**
   * The request that brought a newcomer does not speak for it: it has to have been used before or since. In a loop, where
   * all keys are used alike, this is what keeps those that are in.
   */
  readonly strict: boolean;
}

const WINDOW = 1;
const MAIN = 2;

/** Fields of a node, all that a read touches in one cache line. */
const FIELDS = 5;
const NEXT = 0;
const PREVIOUS = 1;
const HASH = 2;
const STATE = 3;
const REMARK = 4;

/** Bits of a node's state. */
const USES = 15;
const CREDIT = 16;
const CREDITS = 3 * CREDIT;
/** It was used since it came in, or won a contest. */
const PROVEN = 64;
const SEGMENT_SHIFT = 8;
const SEGMENTS = 3 << SEGMENT_SHIFT;
const BAND_SHIFT = 10;
const BAND_BITS = 255;
const FREQUENCY_SHIFT = 18;
const FREQUENCY = MAX_COUNT << FREQUENCY_SHIFT;
/** When it came in or was last found used, in the time of {@link RecentlyEvicted}. */
const TIME_SHIFT = 22;
const TIME = 1023 << TIME_SHIFT;
/** What a node keeps when it changes its queue. */
const LASTING = USES | FREQUENCY | TIME | PROVEN;

/** An incumbent makes room for a returner that took no more than that multiple of the time that the incumbent idles. */
const ABOUT_AS_LONG = 4 / 3;

/** Entries that were used get that many second chances in one search for a victim. */
const MOST_CHANCES = 64;
/** Entries that one insertion moves on from a window that is too large for its share. */
const MOVES_PER_INSERTION = 4;

/**
 * Two queues a priority band, a window for newcomers and a main queue, and a contest between their oldest.
 *
 * A newcomer enters the window. The oldest of a full window competes with the oldest of the main queue, and the one that
 * was used more often lately ({@link FrequencySketch}) stays; a window that is not used up passes its oldest on without a
 * contest. A read only counts: whoever was used since it was last looked at gets another turn through its queue when it
 * stands first, up to three turns in the main queue.
 *
 * Where strict rules see two alike, the newcomer wins over an incumbent that came in without a contest and was not used
 * since, if it came back sooner than that one idles. Frequencies of 1 and 2 say little; but in a loop no key idles for
 * longer than any other takes to come back, so that a loop stays what it is. The idea is that of LIRS (Jiang, Zhang,
 * SIGMETRICS 2002).
 *
 * Cost: `use` O(1), one read and one write in one cache line; the rest O(1), amortised, as each turn was paid by a use;
 * 20 bytes a slot.
 *
 * After W-TinyLFU (Einziger, Friedman, Manes, ACM ToS 13(4), 2017) with the queues of CLOCK instead of LRU lists, and
 * S3-FIFO (Yang et al., SOSP 2023) for counted turns and returning keys.
 */
export class AdmissionQueues {
  readonly #bands: number;
  readonly #sketch: FrequencySketch;
  readonly #evicted: RecentlyEvicted | undefined;
  #nodes: Int32Array;
  readonly #sizes: Int32Array;
  rules: AdmissionRules;
  /** Whether residents had the time to show that they are used, so that it says something of one that it idles. */
  judgesIdle = false;
  /** Whether it is worth a cache line an eviction to know who comes back, where rules welcome nobody at once. */
  followsReturners = true;
  /** Entry of the window that stays if the named victim leaves, or `-1`. */
  #promoted = -1;
  #named = -1;
  #namedFor = -1;
  /** The incumbent that was last weighed against a candidate, or `-1`, and its frequency then. */
  #weighed = -1;
  #weight = 0;
  /** The epoch of the sketch in which it was weighed: who is never challenged with success still ages. */
  #weighedAt = 0;

  /** @param evicted `undefined` where no rules need to know who comes back. */
  constructor(sketch: FrequencySketch, evicted: RecentlyEvicted | undefined, rules: AdmissionRules, bands = 1) {
    this.#sketch = sketch;
    this.#evicted = evicted;
    this.rules = rules;
    this.#bands = bands;
    this.#sizes = new Int32Array(2 * bands);
    this.#nodes = new Int32Array(2 * bands * FIELDS);
    for (let list = 0; list < 2 * bands; list++) this.#close(list);
  }

  /** Slots `0 .. capacity - 1` may be used once all steps were taken. */
  *grow(capacity: number): Growth {
    this.#nodes = enlarge(this.#nodes, (2 * this.#bands + capacity) * FIELDS);
  }

  /** Entries in the queues of `band`. */
  size(band = 0): number {
    return this.#sizes[2 * band] + this.#sizes[2 * band + 1];
  }

  windowSize(band = 0): number {
    return this.#sizes[2 * band];
  }

  has(slot: number): boolean {
    return (this.#nodes[this.#at(slot) + STATE] & SEGMENTS) !== 0;
  }

  /** The hash that `slot` was inserted with; kept until the slot is inserted again. */
  hash(slot: number): number {
    return this.#nodes[this.#at(slot) + HASH];
  }

  band(slot: number): number {
    return (this.#nodes[this.#at(slot) + STATE] >>> BAND_SHIFT) & BAND_BITS;
  }

  /** A number that whoever owns the queues keeps beside each slot, in the cache line that is read anyway. */
  remark(slot: number): number {
    return this.#nodes[this.#at(slot) + REMARK];
  }

  setRemark(slot: number, remark: number): void {
    this.#nodes[this.#at(slot) + REMARK] = remark;
  }

  /**
   * Notes the hash of a slot that is in no queue, so that {@link use} and {@link settleUses} work for it all the same.
   *
   * @param frequency what the sketch says of the key by now.
   */
  note(slot: number, hash: number, uses: number, frequency: number): void {
    const node = this.#at(slot);
    this.#nodes[node + HASH] = hash;
    this.#nodes[node + STATE] = Math.min(uses, USES) | (frequency << FREQUENCY_SHIFT) | this.#timeBits();
  }

  /** Takes `slot`, which must be in no queue, in as a newcomer of `band`. */
  insert(slot: number, hash: number, uses: number, frequency: number, band = 0): void {
    this.#named = -1;
    this.note(slot, hash, uses, frequency);
    this.#passOn(band);
    this.#append(slot, this.#isWelcome(hash, band) ? MAIN : WINDOW, band);
  }

  /** Takes `slot` into the main queue, with the hash and the uses that were noted. */
  insertMain(slot: number, band = 0): void {
    this.#named = -1;
    this.#append(slot, MAIN, band);
  }

  /** The entry in `slot` was used. */
  use(slot: number): void {
    const state = (2 * this.#bands + slot) * FIELDS + STATE;
    const bits = this.#nodes[state];
    if ((bits & USES) !== USES) this.#nodes[state] = bits + 1;
  }

  remove(slot: number, evicted: boolean): void {
    const promoted = evicted && slot === this.#named ? this.#promoted : -1;
    this.#named = -1;
    this.settleUses(slot);
    const node = this.#at(slot);
    const band = (this.#nodes[node + STATE] >>> BAND_SHIFT) & BAND_BITS;
    this.#unlink(slot);
    if (evicted) this.#rememberEvicted(node);
    if (promoted !== -1) {
      this.#unlink(promoted);
      this.#append(promoted, MAIN, band);
      this.#nodes[this.#at(promoted) + STATE] |= PROVEN;
    }
  }

  /** Hands the uses that `slot` had since it was last looked at over to the sketch. Returns how many. */
  settleUses(slot: number): number {
    const node = this.#at(slot);
    const bits = this.#nodes[node + STATE];
    const uses = bits & USES;
    if (uses === 0) return 0;
    const frequency = this.#sketch.add(this.#nodes[node + HASH], uses);
    const kept = bits & ~(USES | FREQUENCY | TIME);
    this.#nodes[node + STATE] = kept | (frequency << FREQUENCY_SHIFT) | this.#timeBits() | PROVEN;
    if (slot === this.#weighed) this.#weighed = -1;
    return uses;
  }

  /** The oldest entry of `band`, main queue first, or `-1`. */
  oldest(band = 0): number {
    const main = this.#first(2 * band + 1);
    return main === -1 ? this.#first(2 * band) : main;
  }

  /** Who of `band` leaves so that `newcomer` can stay; `-1` where nobody else is there. Peeks, in effect. */
  victim(newcomer: number, band = 0): number {
    if (this.#named !== -1 && this.#namedFor === newcomer && this.band(this.#named) === band) return this.#named;
    this.#promoted = -1;
    this.#named = this.#choose(newcomer, band);
    this.#namedFor = newcomer;
    return this.#named;
  }

  /**
   * Walks all queues, for tests.
   *
   * @returns the number of slots in them.
   * @throws {Error} naming the first queue whose links or count are wrong.
   */
  verify(): number {
    let total = 0;
    for (let list = 0; list < 2 * this.#bands; list++) {
      let count = 0;
      for (let node = list; ;) {
        const next = this.#nodes[node * FIELDS + NEXT];
        if (this.#nodes[next * FIELDS + PREVIOUS] !== node)
          throw new Error(`queue ${list}: ${next} does not link back`);
        if (next === list) break;
        if (next < 2 * this.#bands) throw new Error(`queue ${list} runs into queue ${next}`);
        const bits = this.#nodes[next * FIELDS + STATE];
        const segment = (bits & SEGMENTS) >>> SEGMENT_SHIFT;
        if (segment !== (list & 1) + 1 || ((bits >>> BAND_SHIFT) & BAND_BITS) !== list >>> 1) {
          throw new Error(`slot ${next - 2 * this.#bands} does not know that it is in queue ${list}`);
        }
        count++;
        node = next;
      }
      if (count !== this.#sizes[list]) throw new Error(`queue ${list} has ${count} slots, not ${this.#sizes[list]}`);
      total += count;
    }
    return total;
  }

  #choose(newcomer: number, band: number): number {
    const windowList = 2 * band;
    // One less than is in: the newcomer is there already when its victim is looked for. Were the two counts not the same,
    // here and where the window passes entries on, the window would leak.
    const target = this.#windowTarget(this.size(band) - 1);
    for (let chances = MOST_CHANCES; this.#sizes[windowList] > target;) {
      let candidate = this.#first(windowList);
      if (candidate === newcomer) candidate = this.#after(candidate);
      if (candidate === -1) break;
      if (this.settleUses(candidate) > 0 && chances-- > 0 && this.#sizes[windowList] > 2) {
        this.#requeue(candidate);
        continue;
      }
      const incumbent = this.#mainVictim(newcomer, band);
      if (incumbent === -1 || !this.#wins(candidate, incumbent)) return candidate;
      this.#promoted = candidate;
      return incumbent;
    }
    const incumbent = this.#mainVictim(newcomer, band);
    if (incumbent !== -1) return incumbent;
    const candidate = this.#first(windowList);
    return candidate === newcomer && candidate !== -1 ? this.#after(candidate) : candidate;
  }

  /**
   * Both frequencies would be a cache miss each in the sketch. That of the candidate stands in its node, as of its last use,
   * which is not long ago; that of the incumbent stays the same until all are halved.
   */
  #wins(candidate: number, incumbent: number): boolean {
    if (incumbent !== this.#weighed || this.#weighedAt !== this.#sketch.epoch) {
      this.#weighed = incumbent;
      this.#weighedAt = this.#sketch.epoch;
      this.#weight = this.#sketch.estimate(this.hash(incumbent));
    }
    const bits = this.#nodes[this.#at(candidate) + STATE];
    const lead = ((bits & FREQUENCY) >>> FREQUENCY_SHIFT) - this.#weight;
    if (!this.rules.strict || (bits & PROVEN) !== 0) return lead > 0;
    return lead > 1 || (lead === 1 && this.judgesIdle && this.#cameBackSooner(candidate, incumbent));
  }

  /** Whether `candidate` took less time to come back than `incumbent` idles, which never had to win and was not used. */
  #cameBackSooner(candidate: number, incumbent: number): boolean {
    const evicted = this.#evicted;
    if (!evicted || (this.#nodes[this.#at(incumbent) + STATE] & PROVEN) !== 0) return false;
    const age = evicted.ageOf(this.hash(candidate));
    // By more than a unit, by which either time may be off.
    return age !== undefined && this.#idleUnits(incumbent, evicted) > age - this.#idleUnits(candidate, evicted) + 1;
  }

  /** Whether the key of that hash may pass by the window. */
  #isWelcome(hash: number, band: number): boolean {
    const evicted = this.#evicted;
    if (!evicted || !this.rules.welcomeReturners || !evicted.has(hash)) return false;
    if (!this.rules.returnersCompete) return true;
    const incumbent = this.#first(2 * band + 1);
    if (incumbent === -1) return true;
    if ((this.#nodes[this.#at(incumbent) + STATE] & USES) !== 0) return false;
    return ABOUT_AS_LONG * this.#idleUnits(incumbent, evicted) > (evicted.ageOf(hash) ?? Infinity);
  }

  /** Where returners are welcome whatever they displace, it counts when they left; else, when they were last used. */
  #rememberEvicted(node: number): void {
    const { welcomeReturners, returnersCompete } = this.rules;
    if (!welcomeReturners && !this.followsReturners) return;
    const time = welcomeReturners && !returnersCompete ? undefined : this.#nodes[node + STATE] >>> TIME_SHIFT;
    this.#evicted?.add(this.#nodes[node + HASH], time);
  }

  /** Units since `slot` came in or was last found used: at most what it idles. */
  #idleUnits(slot: number, evicted: RecentlyEvicted): number {
    return evicted.unitsSince(this.#nodes[this.#at(slot) + STATE] >>> TIME_SHIFT);
  }

  #timeBits(): number {
    return this.#evicted === undefined ? 0 : this.#evicted.now << TIME_SHIFT;
  }

  #mainVictim(newcomer: number, band: number): number {
    const list = 2 * band + 1;
    for (let chances = MOST_CHANCES; ; chances--) {
      const slot = this.#first(list);
      if (slot === -1) return -1;
      if (slot === newcomer) {
        if (this.#sizes[list] === 1) return -1;
        this.#requeue(slot);
        continue;
      }
      const uses = this.settleUses(slot);
      const state = this.#at(slot) + STATE;
      let credits = Math.min((this.#nodes[state] & CREDITS) + uses * CREDIT, CREDITS);
      const stays = credits > 0 && chances > 0;
      if (stays) credits -= CREDIT;
      this.#nodes[state] = (this.#nodes[state] & ~CREDITS) | credits;
      if (!stays) return slot;
      this.#requeue(slot);
    }
  }

  /** Entries that the window may have where `entries` stay in the band. */
  #windowTarget(entries: number): number {
    return Math.max(1, Math.round(this.rules.windowShare * entries));
  }

  #passOn(band: number): void {
    const list = 2 * band;
    const target = this.#windowTarget(this.size(band));
    for (let moves = MOVES_PER_INSERTION; moves > 0 && this.#sizes[list] > target; moves--) {
      const slot = this.#first(list);
      this.#unlink(slot);
      this.#append(slot, MAIN, band);
    }
  }

  #at(slot: number): number {
    return (2 * this.#bands + slot) * FIELDS;
  }

  #first(list: number): number {
    const next = this.#nodes[list * FIELDS + NEXT];
    return next === list ? -1 : next - 2 * this.#bands;
  }

  #after(slot: number): number {
    const next = this.#nodes[this.#at(slot) + NEXT];
    return next < 2 * this.#bands ? -1 : next - 2 * this.#bands;
  }

  #requeue(slot: number): void {
    const bits = this.#nodes[this.#at(slot) + STATE];
    const list = 2 * ((bits >>> BAND_SHIFT) & BAND_BITS) + ((bits & SEGMENTS) >>> SEGMENT_SHIFT) - 1;
    this.#detach(slot);
    this.#attach(slot, list);
  }

  #append(slot: number, segment: number, band: number): void {
    const list = 2 * band + segment - 1;
    const state = this.#at(slot) + STATE;
    this.#nodes[state] = (this.#nodes[state] & LASTING) | (segment << SEGMENT_SHIFT) | (band << BAND_SHIFT);
    this.#attach(slot, list);
    this.#sizes[list]++;
  }

  #unlink(slot: number): void {
    const state = this.#at(slot) + STATE;
    const bits = this.#nodes[state];
    this.#sizes[2 * ((bits >>> BAND_SHIFT) & BAND_BITS) + ((bits & SEGMENTS) >>> SEGMENT_SHIFT) - 1]--;
    this.#nodes[state] = bits & LASTING;
    if (slot === this.#weighed) this.#weighed = -1;
    this.#detach(slot);
  }

  #attach(slot: number, list: number): void {
    const nodes = this.#nodes;
    const node = 2 * this.#bands + slot;
    const last = nodes[list * FIELDS + PREVIOUS];
    nodes[last * FIELDS + NEXT] = node;
    nodes[node * FIELDS + PREVIOUS] = last;
    nodes[node * FIELDS + NEXT] = list;
    nodes[list * FIELDS + PREVIOUS] = node;
  }

  #detach(slot: number): void {
    const nodes = this.#nodes;
    const node = 2 * this.#bands + slot;
    const next = nodes[node * FIELDS + NEXT];
    const previous = nodes[node * FIELDS + PREVIOUS];
    nodes[previous * FIELDS + NEXT] = next;
    nodes[next * FIELDS + PREVIOUS] = previous;
  }

  #close(list: number): void {
    this.#nodes[list * FIELDS + NEXT] = list;
    this.#nodes[list * FIELDS + PREVIOUS] = list;
  }
}
