/**
 * From so many keys on there is more than one Map: the next larger one, for 2^17 keys, takes more than 10 ms to be rebuilt.
 */
export const WHOLE_KEYS = 120_000;
/** Keys that move from the one Map to the many at each change. */
const MOVES_PER_CHANGE = 16;
/** A shard that reaches so many keys is split in two: a Map of this size is rebuilt in about a millisecond. */
export const SHARD_KEYS = 8192;
const FIRST_DEPTH = 5;
/** So many bits tell shards apart at most: 4096 shards. */
const MAX_DEPTH = 12;
/** Of keys up to this length every character is hashed, up to four times the length every second one, beyond every fourth. */
const DENSE_CHARS = 16;

/**
 * Key -> slot, in Maps that no change has to rebuild for long.
 *
 * A JavaScript Map rebuilds itself in one go when it is full: 6 ms for 65,536 keys, 256 ms for a million, and about as
 * often under churn, as removed keys keep their places until then. So a cache of many keys has many Maps: a directory of
 * 2^d of them is addressed by d bits of a cheap hash of the key; a Map that has grown to {@link SHARD_KEYS} is split by
 * the next bit, and the directory doubles when it runs out of bits. The hash is felt (some 50 ns, as it has to look at
 * the key's characters), so up to {@link WHOLE_KEYS} there is one Map and no hash. Past it the keys move to the directory
 * a few at each change, and are found in either place until all have.
 *
 * The hash only spreads keys: it need not be good, and keys that it cannot tell apart share a Map, which grows as any.
 *
 * Cost: that of a Map, past {@link WHOLE_KEYS} and the hash of up to 32 characters or a quarter of them; a split
 * O({@link SHARD_KEYS}).
 *
 * Fagin, Nievergelt, Pippenger, Strong, "Extendible Hashing", ACM TODS 4(3), 1979.
 */
export class KeyIndex {
  #whole = new Map<string, number>();
  /** Empty while there is one Map only. */
  #directory: Map<string, number>[] = [];
  /** By place in the directory: the bits that its Map's keys have in common. */
  #depths: number[] = [];
  /** The keys of the one Map that have not moved to the directory yet. */
  #moving: Iterator<[string, number]> | undefined;

  get(key: string): number | undefined {
    return this.#directory.length === 0 ? this.#whole.get(key) : this.#find(key);
  }

  set(key: string, slot: number): void {
    if (this.#directory.length === 0) {
      this.#whole.set(key, slot);
      if (this.#whole.size >= WHOLE_KEYS) this.#divide();
      return;
    }
    if (this.#moving) {
      this.#whole.delete(key);
      this.#move(this.#moving);
    }
    this.#place(key, slot);
  }

  delete(key: string): void {
    if (this.#directory.length === 0) {
      this.#whole.delete(key);
      return;
    }
    if (!this.#shardOf(key).delete(key) && this.#moving) this.#whole.delete(key);
    if (this.#moving) this.#move(this.#moving);
  }

  /** Keys in each Map; for tests. */
  get sizes(): number[] {
    return [...new Set([this.#whole, ...this.#directory])].map((map) => map.size);
  }

  #find(key: string): number | undefined {
    // Only this way looks into the key: what is no string is not found, as in a Map.
    if (typeof key !== 'string') return undefined;
    const slot = this.#shardOf(key).get(key);
    return slot === undefined && this.#moving ? this.#whole.get(key) : slot;
  }

  #shardOf(key: string): Map<string, number> {
    return this.#directory[spread(key) & (this.#directory.length - 1)];
  }

  #divide(): void {
    this.#directory = Array.from({ length: 2 ** FIRST_DEPTH }, () => new Map<string, number>());
    this.#depths = this.#directory.map(() => FIRST_DEPTH);
    this.#moving = this.#whole.entries();
  }

  #move(moving: Iterator<[string, number]>): void {
    for (let moves = 0; moves < MOVES_PER_CHANGE; moves++) {
      const next = moving.next();
      if (next.done) {
        this.#moving = undefined;
        return;
      }
      const [key, slot] = next.value;
      this.#whole.delete(key);
      this.#place(key, slot);
    }
  }

  #place(key: string, slot: number): void {
    const shard = this.#shardOf(key);
    shard.set(key, slot);
    if (shard.size >= SHARD_KEYS) this.#split(shard, spread(key));
  }

  /** Splits the Map that `hash` leads to until keys are parted. O(keys in it) for each bit. */
  #split(full: Map<string, number>, hash: number): void {
    let shard = full;
    const known = this.#depths[hash & (this.#directory.length - 1)];
    for (let depth = known; depth < MAX_DEPTH; depth++) {
      const bit = 1 << depth;
      if (bit === this.#directory.length) this.#double();
      const zeros = new Map<string, number>();
      const ones = new Map<string, number>();
      for (const [each, slot] of shard) (spread(each) & bit ? ones : zeros).set(each, slot);
      for (let place = hash & (bit - 1); place < this.#directory.length; place += bit) {
        this.#directory[place] = place & bit ? ones : zeros;
        this.#depths[place] = depth + 1;
      }
      if (zeros.size > 0 && ones.size > 0) return;
      shard = zeros.size > 0 ? zeros : ones;
    }
  }

  #double(): void {
    this.#directory = [...this.#directory, ...this.#directory];
    this.#depths = [...this.#depths, ...this.#depths];
  }
}

/** Evenly spaced characters of `key`, the last one among them, mixed as FNV-1a does. */
function spread(key: string): number {
  const { length } = key;
  const step = length <= DENSE_CHARS ? 1 : length <= 4 * DENSE_CHARS ? 2 : 4;
  let hash = length;
  for (let at = length - 1; at >= 0; at -= step) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 15);
}
