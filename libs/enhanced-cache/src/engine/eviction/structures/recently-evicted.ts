import type { Growth } from '../../enlarge.js';

/** Places in a set: a key may stand in any place of its set. */
const WAYS = 2;
const LEAST_SETS = 32;
/** Bits of a place that say when; the rest of its 32 bits is a fingerprint of the key. */
const TIME_BITS = 10;
const TIME_MASK = (1 << TIME_BITS) - 1;
/** The span of memory in units of time, of one eviction at least. */
const SPAN_UNITS = 64;
const LEAST_SPAN = 32;
/** Spans for which it is told how long ago a key was remembered, as long as its place is not needed. */
const TOLD_SPANS = 4;

/**
 * Which keys were evicted lately: the last `span` evictions, give or take a sixty-fourth. And how long ago any of those that
 * it still knows was; evictions are the clock.
 *
 * A hash table without chains: a set of {@link WAYS} places a hash, of which the older is overwritten. What it forgets early
 * or takes for known by a false fingerprint (1 of some million) costs one entry its better place. A time wraps after
 * 16 spans, when a place that was never overwritten counts as new once more.
 *
 * Cost: every call O(1), one cache line; 8 to 16 bytes a slot.
 */
export class RecentlyEvicted {
  #places = new Int32Array(LEAST_SETS * WAYS);
  #unit = 1;
  #spanUnits = LEAST_SPAN;
  #untilNextUnit = 1;
  #now = SPAN_UNITS + 1;

  /** Room for `capacity` keys. Forgets all of them. */
  *grow(capacity: number): Growth {
    let sets = this.#places.length / WAYS;
    while (sets < capacity) sets *= 2;
    if (sets * WAYS > this.#places.length) this.#places = new Int32Array(sets * WAYS);
  }

  /** Remembers `span` evictions from now on, 32 at least. */
  rememberLast(span: number): void {
    const remembered = Math.max(span, LEAST_SPAN);
    this.#unit = Math.max(remembered / SPAN_UNITS, 1);
    this.#spanUnits = Math.round(remembered / this.#unit);
  }

  /** The time, 0 to 1023: a 64th of the span a unit. */
  get now(): number {
    return this.#now;
  }

  /** Units since `time`, modulo 1024. */
  unitsSince(time: number): number {
    return (this.#now - time) & TIME_MASK;
  }

  /** @param time of which the key is remembered, the present one or earlier. */
  add(hash: number, time?: number): void {
    this.#untilNextUnit--;
    if (this.#untilNextUnit <= 0) {
      this.#untilNextUnit += this.#unit;
      this.#now = (this.#now + 1) & TIME_MASK;
    }
    const place = this.#placeFor(hash);
    this.#places[place] = fingerprintOf(hash) | (time ?? this.#now);
  }

  /** Whether the time of which the key is remembered lies within the span. */
  has(hash: number): boolean {
    const age = this.ageOf(hash);
    return age !== undefined && age <= this.#spanUnits;
  }

  /** Units since the time of which the key is remembered, 4 spans at most; `undefined`: unknown. */
  ageOf(hash: number): number | undefined {
    const first = this.#firstPlace(hash);
    const fingerprint = fingerprintOf(hash);
    for (let place = first; place < first + WAYS; place++) {
      if ((this.#places[place] & ~TIME_MASK) !== fingerprint) continue;
      const age = this.#age(place);
      return age <= TOLD_SPANS * this.#spanUnits ? age : undefined;
    }
    return undefined;
  }

  /** The place of that key, or else the older of the two that it may have. */
  #placeFor(hash: number): number {
    const places = this.#places;
    const first = this.#firstPlace(hash);
    const fingerprint = fingerprintOf(hash);
    const a = places[first];
    const b = places[first + 1];
    if ((a & ~TIME_MASK) === fingerprint) return first;
    if ((b & ~TIME_MASK) === fingerprint) return first + 1;
    return ((this.#now - b) & TIME_MASK) > ((this.#now - a) & TIME_MASK) ? first + 1 : first;
  }

  #age(place: number): number {
    return (this.#now - (this.#places[place] & TIME_MASK)) & TIME_MASK;
  }

  #firstPlace(hash: number): number {
    return (hash << 1) & (this.#places.length - 1);
  }
}

/** Never 0, which is what an empty place holds. */
function fingerprintOf(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) & ~TIME_MASK || 1 << TIME_BITS;
}
