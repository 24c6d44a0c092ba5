import type { Growth } from '../../enlarge.js';

/** The highest count. A key that is used as often as that is hot; how hot does not matter to an admission. */
export const MAX_COUNT = 15;
/** All counts are halved once per so many additions a resident entry. */
const ADDITIONS_PER_ENTRY = 10;
const LEAST_PERIOD = 64;

/** A block is one cache line: 4 rows of 32 counters of 4 bits. */
const WORDS_PER_BLOCK = 16;
const WORDS_PER_ROW = 4;
const ROWS = 4;
const BLOCKS_PER_ENTRY = 1 / 4;
/** 4 KB: the smallest caches, where a collision is most of the evidence, can afford to have hardly any. */
const LEAST_BLOCKS = 64;
/** A table is copied in so many steps, of 128 KB at least. */
const MAX_STEPS = 128;
const LEAST_BLOCKS_PER_STEP = 2048;

/**
 * How often keys were used lately, whether they are resident or not: a count-min sketch over key hashes.
 *
 * All counters of a key stand in one block of 64 bytes. Counts are bounded by {@link MAX_COUNT} and halved once per
 * {@link ADDITIONS_PER_ENTRY} additions for each resident entry. The halving waits in a block until the block is next
 * touched, so nothing is swept, and all keys are halved at the same moment: a sketch that sweeps halves one of two equally
 * frequent keys before the other, and on a loop that difference alone decides who is admitted.
 *
 * Collisions make an estimate too high, never too low. Cost: every call O(1), one cache line; 16 to 32 bytes a slot.
 *
 * Cormode, Muthukrishnan, "An improved data stream summary", J. Algorithms 55, 2005, with conservative update; ageing after
 * Einziger, Friedman, Manes, "TinyLFU: A Highly Efficient Cache Admission Policy", ACM ToS 13(4), 2017. Differs from the
 * latter: no doorkeeper, blocks, halving in place.
 */
export class FrequencySketch {
  #words = new Int32Array(LEAST_BLOCKS * WORDS_PER_BLOCK);
  /** By block: the {@link #epoch} up to which it was halved, modulo 256. */
  #epochs = new Uint8Array(LEAST_BLOCKS);
  #epoch = 0;
  #additions = 0;
  #period = LEAST_PERIOD;
  /** There while a table of half the size is copied into this one. */
  #moving: Move | undefined;

  /** Changes whenever all counts are halved. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Room for the keys of `capacity` entries. Estimates stay what they are. */
  *grow(capacity: number): Growth {
    if (this.#moving) this.#moveAll(this.#moving);
    while (this.#epochs.length < capacity * BLOCKS_PER_ENTRY) {
      const moving = this.#double();
      const perStep = Math.max(LEAST_BLOCKS_PER_STEP, moving.isMoved.length / MAX_STEPS);
      for (let block = 0; block < moving.isMoved.length && this.#moving === moving; block++) {
        this.#move(block, moving);
        if (block % perStep === perStep - 1) yield;
      }
      if (this.#moving === moving) this.#moving = undefined;
      yield;
    }
  }

  /** Says how many entries are resident, on which the pace of ageing depends. */
  paceFor(entries: number): void {
    this.#period = Math.max(ADDITIONS_PER_ENTRY * entries, LEAST_PERIOD);
  }

  /** How often the key of that hash was used lately, 0 to {@link MAX_COUNT}. */
  estimate(hash: number): number {
    const first = this.#freshBlock(hash);
    const places = placesOf(hash);
    const words = this.#words;
    let least = MAX_COUNT;
    for (let row = 0; row < ROWS; row++) {
      const place = (places >>> (row * 5)) & 31;
      const count = (words[first + row * WORDS_PER_ROW + (place >>> 3)] >>> ((place & 7) * 4)) & 15;
      if (count < least) least = count;
    }
    return least;
  }

  /** Counts `uses` more, > 0, of the key of that hash. Returns the estimate with them. */
  add(hash: number, uses: number): number {
    this.#additions += uses;
    if (this.#additions >= this.#period) {
      this.#additions = 0;
      this.#epoch = (this.#epoch + 1) & 255;
    }
    const count = Math.min(this.estimate(hash) + uses, MAX_COUNT);
    const first = (hash & (this.#epochs.length - 1)) * WORDS_PER_BLOCK;
    const places = placesOf(hash);
    const words = this.#words;
    for (let row = 0; row < ROWS; row++) {
      const place = (places >>> (row * 5)) & 31;
      const word = first + row * WORDS_PER_ROW + (place >>> 3);
      const shift = (place & 7) * 4;
      if (((words[word] >>> shift) & 15) < count) words[word] = (words[word] & ~(15 << shift)) | (count << shift);
    }
    return count;
  }

  /** Makes a table of twice the size, into which nothing is copied yet. */
  #double(): Move {
    const [words, epochs] = [this.#words, this.#epochs];
    this.#words = new Int32Array(words.length * 2);
    this.#epochs = new Uint8Array(epochs.length * 2);
    return (this.#moving = { words, epochs, isMoved: new Uint8Array(epochs.length * 2) });
  }

  /** The block of a key is chosen by the low bits of its hash; one bit more finds a copy of the block it had. */
  #move(block: number, { words, epochs, isMoved }: Move): void {
    if (isMoved[block]) return;
    isMoved[block] = 1;
    const source = block & (epochs.length - 1);
    this.#epochs[block] = epochs[source];
    const from = source * WORDS_PER_BLOCK;
    const to = block * WORDS_PER_BLOCK;
    for (let i = 0; i < WORDS_PER_BLOCK; i++) this.#words[to + i] = words[from + i];
  }

  #moveAll(moving: Move): void {
    for (let block = 0; block < moving.isMoved.length; block++) this.#move(block, moving);
    this.#moving = undefined;
  }

  /** The first word of the key's block, after the halvings that it missed. */
  #freshBlock(hash: number): number {
    const block = hash & (this.#epochs.length - 1);
    if (this.#moving) this.#move(block, this.#moving);
    const first = block * WORDS_PER_BLOCK;
    const missed = (this.#epoch - this.#epochs[block]) & 255;
    if (missed === 0) return first;
    this.#epochs[block] = this.#epoch;
    const words = this.#words;
    // Counts have 4 bits: four halvings leave nothing. A block untouched for 256 epochs keeps its counts; that is harmless.
    const kept = missed > 3 ? 0 : (15 >> missed) * 0x11111111;
    for (let i = first; i < first + WORDS_PER_BLOCK; i++) words[i] = (words[i] >>> missed) & kept;
    return first;
  }
}

/** The table that is copied, and which blocks of the one that it is copied into are done. */
interface Move {
  readonly words: Int32Array;
  readonly epochs: Uint8Array;
  readonly isMoved: Uint8Array;
}

/** Five bits a row, drawn from bits of the hash that the choice of the block does not depend on alone. */
function placesOf(hash: number): number {
  return Math.imul(hash ^ (hash >>> 16), 0x9e3779b1) >>> 12;
}
