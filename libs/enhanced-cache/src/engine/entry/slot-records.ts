/** A block has this many records: 768 KiB. */
const BLOCK_BITS = 14;
const BLOCK_SLOTS = 2 ** BLOCK_BITS;
const BLOCK_MASK = BLOCK_SLOTS - 1;
/** Records of the first block to begin with. */
const FIRST_SLOTS = 64;

/** A record: four times and amounts as f64, three sizes as u32, one time as f32. */
const RECORD_BYTES = 48;
const F64S = RECORD_BYTES / 8;
const WORDS = RECORD_BYTES / 4;
const EXPIRES_AT = 0;
const FRESH_UNTIL = 1;
const CREATED = 2;
const COST = 3;
const WEIGHT = 8;
const ORIGINAL_BYTES = 9;
const STORED_BYTES = 10;
const LOAD_MS = 11;
/** Of a free slot: the one that was freed before it, plus 1; 0 where there is none. */
const FREED_BEFORE = WEIGHT;

class Block {
  readonly f64: Float64Array;
  readonly u32: Uint32Array;
  readonly f32: Float32Array;

  constructor(records: number, smaller?: Block) {
    this.f64 = new Float64Array(records * F64S);
    this.u32 = new Uint32Array(this.f64.buffer);
    this.f32 = new Float32Array(this.f64.buffer);
    if (smaller) this.f64.set(smaller.f64);
  }
}

/**
 * What is known of the entry in each slot apart from what a hit needs: a record a slot, so that a write or a removal
 * touches one or two cache lines instead of a dozen.
 *
 * Records stand in blocks; a further block copies nothing, so no write waits for a growth.
 */
export class SlotRecords {
  readonly #blocks: Block[] = [new Block(FIRST_SLOTS)];

  /** To be called before `slot` is used for the first time; slots come one after the other. */
  makeRoom(slot: number): void {
    const index = slot >>> BLOCK_BITS;
    const block = this.#blocks[index];
    if (block === undefined) this.#blocks.push(new Block(BLOCK_SLOTS));
    else if ((slot & BLOCK_MASK) * F64S === block.f64.length) this.#blocks[index] = new Block(2 * slot, block);
  }

  /** Times are monotonic milliseconds, `cost` is seconds. */
  fill(slot: number, now: number, freshUntil: number, expiresAt: number, cost: number, loadMs: number): void {
    const { f64, f32 } = this.#blocks[slot >>> BLOCK_BITS];
    const record = (slot & BLOCK_MASK) * F64S;
    f64[record + EXPIRES_AT] = expiresAt;
    f64[record + FRESH_UNTIL] = freshUntil;
    f64[record + CREATED] = now;
    f64[record + COST] = cost;
    f32[(slot & BLOCK_MASK) * WORDS + LOAD_MS] = loadMs;
  }

  setSizes(slot: number, weight: number, originalBytes: number, storedBytes: number): void {
    const { u32 } = this.#blocks[slot >>> BLOCK_BITS];
    const record = (slot & BLOCK_MASK) * WORDS;
    u32[record + WEIGHT] = weight;
    u32[record + ORIGINAL_BYTES] = originalBytes;
    u32[record + STORED_BYTES] = storedBytes;
  }

  /**
   * Ends the record of `slot`, which from now on names the slot that was freed before it, -1 for none: a list of free slots beside
   * would be copied as it grows, for milliseconds where a million entries leave at once.
   */
  free(slot: number, freedBefore: number): void {
    const { f64, u32 } = this.#blocks[slot >>> BLOCK_BITS];
    f64[(slot & BLOCK_MASK) * F64S + EXPIRES_AT] = 0;
    u32[(slot & BLOCK_MASK) * WORDS + FREED_BEFORE] = freedBefore + 1;
  }

  freedBefore(slot: number): number {
    return this.#u32(slot, FREED_BEFORE) - 1;
  }

  /** When the entry leaves; `Infinity` never; 0 in a free slot. */
  expiresAt(slot: number): number {
    return this.#f64(slot, EXPIRES_AT);
  }

  setExpiresAt(slot: number, at: number): void {
    this.#setF64(slot, EXPIRES_AT, at);
  }

  /** When its value stops being fresh: {@link expiresAt}, or before where it is kept to stand in for a load. */
  freshUntil(slot: number): number {
    return this.#f64(slot, FRESH_UNTIL);
  }

  setFreshUntil(slot: number, until: number): void {
    this.#setF64(slot, FRESH_UNTIL, until);
  }

  created(slot: number): number {
    return this.#f64(slot, CREATED);
  }

  setCreated(slot: number, at: number): void {
    this.#setF64(slot, CREATED, at);
  }

  /** Seconds to recreate the value. */
  cost(slot: number): number {
    return this.#f64(slot, COST);
  }

  /** How long its load took, in milliseconds. */
  loadMs(slot: number): number {
    return this.#blocks[slot >>> BLOCK_BITS].f32[(slot & BLOCK_MASK) * WORDS + LOAD_MS];
  }

  /** Bytes charged for the entry as a whole. */
  weight(slot: number): number {
    return this.#u32(slot, WEIGHT);
  }

  /** Bytes of the value as serialized. */
  originalBytes(slot: number): number {
    return this.#u32(slot, ORIGINAL_BYTES);
  }

  /** Bytes of the value as stored. */
  storedBytes(slot: number): number {
    return this.#u32(slot, STORED_BYTES);
  }

  #f64(slot: number, field: number): number {
    return this.#blocks[slot >>> BLOCK_BITS].f64[(slot & BLOCK_MASK) * F64S + field];
  }

  #setF64(slot: number, field: number, value: number): void {
    this.#blocks[slot >>> BLOCK_BITS].f64[(slot & BLOCK_MASK) * F64S + field] = value;
  }

  #u32(slot: number, field: number): number {
    return this.#blocks[slot >>> BLOCK_BITS].u32[(slot & BLOCK_MASK) * WORDS + field];
  }
}
