import { enlarge } from '../../enlarge.js';
import { MAX_COUNT } from '../structures/frequency-sketch.js';
import type { AdmissionRules } from '../structures/admission-queues.js';

const WINDOW = 0;
const MAIN = 1;
const NONE = -1;

/** Bits of a flag: second chances left (0 to 3), used since it came in or winner of a contest, in the main queue. */
const CREDITS = 3;
const PROVEN = 4;
const IN_MAIN = 8;

/** As in the real queues. */
const MOST_CHANCES = 64;
const ADDITIONS_PER_ENTRY = 10;
/** Entries that a cache may hold above its limit leave that many a miss. */
const EVICTIONS_PER_MISS = 3;
/** Keys that are in no cache any more but remembered with their frequency, as a multiple of the limit. */
const REMEMBERED_SHARE = 1;
/** The longest time, in requests, in which a key is seen to come back. */
const LONGEST_RETURN = 0xffff;

/**
 * Small caches of key hashes, one for each of several rules, all fed with the same requests: what would have been hit.
 *
 * They run the rules of {@link AdmissionQueues} at the size of a sample. A key is known once for all of them: one node, one
 * exact frequency, one bit a cache that says whether it holds the key and one that says whether it was used. A request that
 * every cache hits is therefore one lookup and two writes; only a miss touches queues, those of the cache that missed.
 *
 * Cost: `request` O(caches that miss); 5 bytes a node and cache, 30 a node, {@link nodes} nodes.
 */
export class ShadowCaches {
  readonly #rules: readonly AdmissionRules[];
  readonly #count: number;
  readonly #allBits: number;
  /** By ghost-keeping cache: its place among those; `NONE` for the others. */
  readonly #ghostPlaces: Int8Array;
  readonly #ghosts: number;
  #limit = 0;
  #capacity = 0;
  /** Nodes handed out; the first two are the ends of the two queues of every cache. */
  #used = 2;

  #hashes = new Int32Array(2);
  #frequencies = new Uint8Array(2);
  /** By node: a bit for each cache that holds it, and for each in which it was used since it was looked at. */
  #resident = new Uint8Array(2);
  #usedIn = new Uint8Array(2);
  /** By node: the number of its last request, 0 for none, and how long before that the one before was, 0: unknown. */
  #requestedAt = new Uint32Array(2);
  #cameBackIn = new Uint16Array(2);
  /** Bucket chains of the index by hash. */
  #buckets = new Int32Array(0);
  #chains = new Int32Array(2);
  /** The list of nodes that no cache holds, oldest first; node 0 closes it. */
  #nextIdle = new Int32Array(2);
  #previousIdle = new Int32Array(2);
  #idle = 0;
  /** By node and cache. */
  #next: Int16Array;
  #previous: Int16Array;
  #flags: Uint8Array;
  /** By node and ghost-keeping cache: the number of its eviction, 0 for none. */
  #evictedAt: Uint32Array;

  /** By cache. */
  readonly #windowSizes: Int32Array;
  readonly #mainSizes: Int32Array;
  readonly #evictions: Uint32Array;
  #requests = 0;
  #clock = 0;
  /** As in the real queues. */
  judgesIdle = false;

  /** @param rules of 8 caches at most. */
  constructor(rules: readonly AdmissionRules[]) {
    const count = rules.length;
    this.#rules = rules;
    this.#count = count;
    this.#allBits = (1 << count) - 1;
    this.#ghostPlaces = new Int8Array(count).fill(NONE);
    let ghosts = 0;
    rules.forEach(({ welcomeReturners }, cache) => {
      if (welcomeReturners) this.#ghostPlaces[cache] = ghosts++;
    });
    this.#ghosts = ghosts;
    this.#windowSizes = new Int32Array(count);
    this.#mainSizes = new Int32Array(count);
    this.#evictions = new Uint32Array(count).fill(1);
    this.#next = new Int16Array(2 * count);
    this.#previous = new Int16Array(2 * count);
    this.#flags = new Uint8Array(2 * count);
    this.#evictedAt = new Uint32Array(2 * ghosts);
    for (let cache = 0; cache < count; cache++) {
      for (const end of [WINDOW, MAIN]) {
        this.#next[end * count + cache] = end;
        this.#previous[end * count + cache] = end;
      }
    }
  }

  /** Nodes that there is room for. */
  get nodes(): number {
    return this.#capacity;
  }

  /** Keys that the cache of that number holds. */
  size(cache: number): number {
    return this.#windowSizes[cache] + this.#mainSizes[cache];
  }

  /** Whether the cache of that number holds the key of that hash. */
  holds(cache: number, hash: number): boolean {
    const node = this.#find(hash);
    return node !== NONE && (this.#resident[node] & (1 << cache)) !== 0;
  }

  /** Room for caches of `limit` entries each, whatever they hold. */
  reserve(limit: number): void {
    const capacity = 2 + Math.ceil(limit * (this.#count + REMEMBERED_SHARE)) + 1;
    if (capacity <= this.#capacity) return;
    this.#capacity = capacity;
    this.#hashes = enlarge(this.#hashes, capacity);
    this.#frequencies = enlarge(this.#frequencies, capacity);
    this.#resident = enlarge(this.#resident, capacity);
    this.#usedIn = enlarge(this.#usedIn, capacity);
    this.#requestedAt = enlarge(this.#requestedAt, capacity);
    this.#cameBackIn = enlarge(this.#cameBackIn, capacity);
    this.#chains = enlarge(this.#chains, capacity);
    this.#nextIdle = enlarge(this.#nextIdle, capacity);
    this.#previousIdle = enlarge(this.#previousIdle, capacity);
    this.#next = enlarge(this.#next, capacity * this.#count);
    this.#previous = enlarge(this.#previous, capacity * this.#count);
    this.#flags = enlarge(this.#flags, capacity * this.#count);
    this.#evictedAt = enlarge(this.#evictedAt, capacity * this.#ghosts);
    this.#index();
  }

  /** Entries that each cache holds at most, from the next misses on; not more than was reserved. */
  limitTo(limit: number): void {
    this.#limit = limit;
  }

  /** Forgets every key whose hash is not in the sample any more. O(nodes). */
  thin(isSampled: (hash: number) => boolean): void {
    for (let node = 2; node < this.#used; node++) {
      if (isSampled(this.#hashes[node])) continue;
      for (let cache = 0; cache < this.#count; cache++) {
        if (this.#resident[node] & (1 << cache)) this.#takeOut(cache, node);
      }
      if (this.#ghosts > 0) this.#evictedAt.fill(0, node * this.#ghosts, (node + 1) * this.#ghosts);
      this.#frequencies[node] = 0;
    }
  }

  /** A request for the key of that hash; whoever misses it stores it. Returns a bit for each cache that held it. */
  request(hash: number): number {
    if (++this.#requests >= ADDITIONS_PER_ENTRY * Math.max(this.#residentAtMost(), 8)) this.#halve();
    let node = this.#find(hash);
    if (node === NONE) node = this.#admit(hash);
    const holders = this.#resident[node];
    if (this.#frequencies[node] < MAX_COUNT) this.#frequencies[node]++;
    this.#usedIn[node] |= holders;
    const requestedAt = this.#requestedAt[node];
    this.#requestedAt[node] = ++this.#clock;
    if (holders === this.#allBits) return holders;
    const interval = requestedAt === 0 ? 0 : this.#requestsSince(requestedAt);
    this.#cameBackIn[node] = interval > LONGEST_RETURN ? 0 : interval;
    if (holders === 0) this.#unidle(node);
    this.#resident[node] = this.#allBits;
    for (let cache = 0; cache < this.#count; cache++) if (!(holders & (1 << cache))) this.#store(cache, node);
    return holders;
  }

  /**
   * Re-derives queues, sizes and the index, for tests.
   *
   * @returns the number of keys that any cache holds.
   * @throws {Error} naming what does not fit.
   */
  verify(): number {
    let held = 0;
    for (let node = 2; node < this.#used; node++) {
      if (this.#resident[node] !== 0) held++;
      if (this.#find(this.#hashes[node]) !== node) throw new Error(`node ${node} is not found by its hash`);
    }
    if (held + this.#idle !== this.#used - 2)
      throw new Error(`${held} held and ${this.#idle} idle of ${this.#used - 2}`);
    for (let cache = 0; cache < this.#count; cache++) {
      for (const end of [WINDOW, MAIN]) {
        let walked = 0;
        for (let node = this.#nextOf(cache, end); node !== end; node = this.#nextOf(cache, node)) {
          if (!(this.#resident[node] & (1 << cache)))
            throw new Error(`cache ${cache} queues node ${node} it does not hold`);
          if (((this.#flags[node * this.#count + cache] & IN_MAIN) !== 0) !== (end === MAIN)) {
            throw new Error(`node ${node} does not know its queue in cache ${cache}`);
          }
          walked++;
        }
        const size = end === MAIN ? this.#mainSizes[cache] : this.#windowSizes[cache];
        if (walked !== size) throw new Error(`cache ${cache} queues ${walked} nodes, not ${size}`);
      }
    }
    return held;
  }

  #residentAtMost(): number {
    let most = 0;
    for (let cache = 0; cache < this.#count; cache++) most = Math.max(most, this.size(cache));
    return most;
  }

  #halve(): void {
    this.#requests = 0;
    for (let node = 2; node < this.#used; node++) this.#frequencies[node] >>>= 1;
  }

  #store(cache: number, node: number): void {
    this.#usedIn[node] &= ~(1 << cache);
    const ghost = this.#ghostPlaces[cache];
    const evictedAt = ghost === NONE ? 0 : this.#evictedAt[node * this.#ghosts + ghost];
    const returns = evictedAt !== 0 && this.#evictions[cache] - evictedAt <= this.#limit;
    this.#enqueue(cache, node, returns ? MAIN : WINDOW);
    if (this.size(cache) > this.#limit) {
      for (let i = 0; i < EVICTIONS_PER_MISS && this.size(cache) > this.#limit; i++) this.#evict(cache, node);
    } else if (this.#windowSizes[cache] > this.#windowTarget(cache)) {
      this.#promote(cache, this.#nextOf(cache, WINDOW));
    }
  }

  #evict(cache: number, newcomer: number): void {
    const bit = 1 << cache;
    for (let chances = MOST_CHANCES; this.#windowSizes[cache] > this.#windowTarget(cache);) {
      let candidate = this.#nextOf(cache, WINDOW);
      if (candidate === newcomer) candidate = this.#nextOf(cache, candidate);
      if (candidate === WINDOW) break;
      if (this.#usedIn[candidate] & bit) {
        this.#usedIn[candidate] &= ~bit;
        this.#flags[candidate * this.#count + cache] |= PROVEN;
        if (chances-- > 0 && this.#windowSizes[cache] > 2) {
          this.#requeue(cache, candidate, WINDOW);
          continue;
        }
      }
      const incumbent = this.#mainVictim(cache, newcomer);
      if (incumbent === NONE || !this.#wins(cache, candidate, incumbent)) return this.#leave(cache, candidate);
      this.#leave(cache, incumbent);
      this.#promote(cache, candidate);
      this.#flags[candidate * this.#count + cache] |= PROVEN;
      return;
    }
    const incumbent = this.#mainVictim(cache, newcomer);
    if (incumbent !== NONE) return this.#leave(cache, incumbent);
    const first = this.#nextOf(cache, WINDOW);
    const candidate = first === newcomer ? this.#nextOf(cache, first) : first;
    if (candidate !== WINDOW) this.#leave(cache, candidate);
  }

  #wins(cache: number, candidate: number, incumbent: number): boolean {
    const lead = this.#frequencies[candidate] - this.#frequencies[incumbent];
    if (!this.#rules[cache].strict || this.#isProven(cache, candidate)) return lead > 0;
    if (lead !== 1 || !this.judgesIdle || this.#isProven(cache, incumbent)) return lead > 1;
    const interval = this.#cameBackIn[candidate];
    return interval > 0 && this.#requestsSince(this.#requestedAt[incumbent]) > interval;
  }

  #isProven(cache: number, node: number): boolean {
    return (this.#flags[node * this.#count + cache] & PROVEN) !== 0;
  }

  /** Requests since the one of that number; the count wraps. */
  #requestsSince(requestedAt: number): number {
    return (this.#clock - requestedAt) >>> 0;
  }

  #mainVictim(cache: number, newcomer: number): number {
    const bit = 1 << cache;
    for (let chances = MOST_CHANCES; ; chances--) {
      const node = this.#nextOf(cache, MAIN);
      if (node === MAIN) return NONE;
      if (node === newcomer) {
        if (this.#mainSizes[cache] === 1) return NONE;
        this.#requeue(cache, node, MAIN);
        continue;
      }
      const place = node * this.#count + cache;
      if (this.#usedIn[node] & bit) {
        this.#usedIn[node] &= ~bit;
        this.#flags[place] |= PROVEN;
        if ((this.#flags[place] & CREDITS) !== CREDITS) this.#flags[place]++;
      }
      if ((this.#flags[place] & CREDITS) === 0 || chances <= 0) return node;
      this.#flags[place]--;
      this.#requeue(cache, node, MAIN);
    }
  }

  #windowTarget(cache: number): number {
    const share = this.#rules[cache].windowShare;
    return Math.max(1, Math.round(share * Math.min(this.#limit, this.size(cache))));
  }

  /** The cache evicts the key, and remembers it where its rules welcome returners. */
  #leave(cache: number, node: number): void {
    this.#takeOut(cache, node);
    const ghost = this.#ghostPlaces[cache];
    if (ghost !== NONE) this.#evictedAt[node * this.#ghosts + ghost] = this.#evictions[cache]++;
  }

  #takeOut(cache: number, node: number): void {
    const bit = 1 << cache;
    this.#detach(cache, node);
    if (this.#flags[node * this.#count + cache] & IN_MAIN) this.#mainSizes[cache]--;
    else this.#windowSizes[cache]--;
    this.#usedIn[node] &= ~bit;
    this.#resident[node] &= ~bit;
    if (this.#resident[node] === 0) this.#makeIdle(node);
  }

  #promote(cache: number, node: number): void {
    this.#detach(cache, node);
    this.#windowSizes[cache]--;
    const proven = this.#flags[node * this.#count + cache] & PROVEN;
    this.#enqueue(cache, node, MAIN);
    this.#flags[node * this.#count + cache] |= proven;
  }

  #enqueue(cache: number, node: number, end: number): void {
    this.#flags[node * this.#count + cache] = end === MAIN ? IN_MAIN : 0;
    if (end === MAIN) this.#mainSizes[cache]++;
    else this.#windowSizes[cache]++;
    this.#attach(cache, node, end);
  }

  #requeue(cache: number, node: number, end: number): void {
    this.#detach(cache, node);
    this.#attach(cache, node, end);
  }

  #nextOf(cache: number, node: number): number {
    return this.#next[node * this.#count + cache];
  }

  #attach(cache: number, node: number, end: number): void {
    const count = this.#count;
    const last = this.#previous[end * count + cache];
    this.#next[last * count + cache] = node;
    this.#previous[node * count + cache] = last;
    this.#next[node * count + cache] = end;
    this.#previous[end * count + cache] = node;
  }

  #detach(cache: number, node: number): void {
    const count = this.#count;
    const next = this.#next[node * count + cache];
    const previous = this.#previous[node * count + cache];
    this.#next[previous * count + cache] = next;
    this.#previous[next * count + cache] = previous;
  }

  #bucketOf(hash: number): number {
    return (Math.imul(hash, 0x9e3779b1) >>> 7) & (this.#buckets.length - 1);
  }

  #find(hash: number): number {
    if (this.#buckets.length === 0) return NONE;
    let node = this.#buckets[this.#bucketOf(hash)] - 1;
    while (node !== NONE && this.#hashes[node] !== hash) node = this.#chains[node] - 1;
    return node;
  }

  /** A node for a key that none of the caches knows: a fresh one, or that of the key forgotten the longest. */
  #admit(hash: number): number {
    let node = this.#used;
    if (node < this.#capacity) this.#used++;
    else {
      node = this.#nextIdle[0];
      this.#unidle(node);
      this.#unindex(node);
    }
    this.#hashes[node] = hash;
    this.#frequencies[node] = 0;
    this.#usedIn[node] = 0;
    this.#requestedAt[node] = 0;
    if (this.#ghosts > 0) this.#evictedAt.fill(0, node * this.#ghosts, (node + 1) * this.#ghosts);
    const bucket = this.#bucketOf(hash);
    this.#chains[node] = this.#buckets[bucket];
    this.#buckets[bucket] = node + 1;
    this.#makeIdle(node);
    return node;
  }

  #makeIdle(node: number): void {
    const last = this.#previousIdle[0];
    this.#nextIdle[last] = node;
    this.#previousIdle[node] = last;
    this.#nextIdle[node] = 0;
    this.#previousIdle[0] = node;
    this.#idle++;
  }

  #unidle(node: number): void {
    const next = this.#nextIdle[node];
    const previous = this.#previousIdle[node];
    this.#nextIdle[previous] = next;
    this.#previousIdle[next] = previous;
    this.#idle--;
  }

  #unindex(node: number): void {
    const bucket = this.#bucketOf(this.#hashes[node]);
    if (this.#buckets[bucket] === node + 1) {
      this.#buckets[bucket] = this.#chains[node];
      return;
    }
    let before = this.#buckets[bucket] - 1;
    while (this.#chains[before] !== node + 1) before = this.#chains[before] - 1;
    this.#chains[before] = this.#chains[node];
  }

  #index(): void {
    let buckets = 16;
    while (buckets < this.#capacity) buckets *= 2;
    this.#buckets = new Int32Array(buckets);
    for (let node = 2; node < this.#used; node++) {
      const bucket = this.#bucketOf(this.#hashes[node]);
      this.#chains[node] = this.#buckets[bucket];
      this.#buckets[bucket] = node + 1;
    }
  }
}
