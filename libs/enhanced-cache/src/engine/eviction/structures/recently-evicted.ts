import type { Growth } from '../../enlarge.js';

/** Places in a set: a key may stand in any place of its set. */
const WAYS = 2;
const LEAST_SETS = 32;
/** Bits of a place that say when; the rest of its 32 bits is a fingerprint of the key. */
const TIME_BITS = 10;
const TIME_MASK = (1 << TIME_BITS) - 1;
/** The span of memory in units of time. */
const SPAN_UNITS = 32;

/**
 * Which keys were evicted lately: the last `span` evictions, give or take a thirty-second.
 *
 * A hash table without chains: a set of {@link WAYS} places a hash, of which the older is overwritten. What it forgets early
 * or takes for known by a false fingerprint (1 of some million) costs one entry its better place. A time wraps after
 * 32 spans, when a place that was never overwritten counts as new once more.
 *
 * Cost: every call O(1), one cache line; 8 to 16 bytes a slot.
 */
export class RecentlyEvicted {
  #places = new Int32Array(LEAST_SETS * WAYS);
  #unit = 1;
  #untilNextUnit = 1;
  #now = SPAN_UNITS + 1;

  /** Room for `capacity` keys. Forgets all of them. */
  *grow(capacity: number): Growth {
    let sets = this.#places.length / WAYS;
    while (sets < capacity) sets *= 2;
    if (sets * WAYS > this.#places.length) this.#places = new Int32Array(sets * WAYS);
  }

  /** Remembers `span` evictions from now on, >= 1. */
  rememberLast(span: number): void {
    this.#unit = Math.max(span / SPAN_UNITS, 1);
  }

  add(hash: number): void {
    this.#untilNextUnit--;
    if (this.#untilNextUnit <= 0) {
      this.#untilNextUnit += this.#unit;
      this.#now = (this.#now + 1) & TIME_MASK;
    }
    const first = this.#firstPlace(hash);
    const fingerprint = fingerprintOf(hash);
    const places = this.#places;
    let chosen = first;
    for (let place = first; place < first + WAYS; place++) {
      if ((places[place] & ~TIME_MASK) === fingerprint) {
        chosen = place;
        break;
      }
      if (this.#age(place) > this.#age(chosen)) chosen = place;
    }
    places[chosen] = fingerprint | this.#now;
  }

  has(hash: number): boolean {
    const first = this.#firstPlace(hash);
    const fingerprint = fingerprintOf(hash);
    for (let place = first; place < first + WAYS; place++) {
      if ((this.#places[place] & ~TIME_MASK) === fingerprint) return this.#age(place) <= SPAN_UNITS;
    }
    return false;
  }

  #age(place: number): number {
    return (this.#now - (this.#places[place] & TIME_MASK)) & TIME_MASK;
  }

  #firstPlace(hash: number): number {
    return (hash & (this.#places.length / WAYS - 1)) * WAYS;
  }
}

/** Never 0, which is what an empty place holds. */
function fingerprintOf(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) & ~TIME_MASK || 1 << TIME_BITS;
}
