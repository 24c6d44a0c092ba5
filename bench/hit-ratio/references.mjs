/** Policies to measure against. They are no part of the library; every one is a class with `request(i)`: was it a hit? */

/**
 * Belady's optimum: a newcomer is let in only where an entry is used later than it, and then the one used last leaves.
 * Exact where entries are counted. Where bytes are, nobody knows the optimum within reason; then the worst of 96 residents
 * by distance x size leaves, which comes close to it.
 */
export class Belady {
  #next;
  #heap = new MaxHeap();
  #resident;
  #entries = 0;

  constructor({ keys, unique }, limit) {
    this.keys = keys;
    this.limit = limit;
    this.#next = nextUses(keys, unique);
    this.#resident = new Uint8Array(unique);
  }

  request(i) {
    const key = this.keys[i];
    const next = this.#next[i];
    if (this.#resident[key]) {
      this.#heap.push(next, key);
      return true;
    }
    this.#resident[key] = 1;
    this.#entries++;
    this.#heap.push(next, key);
    while (this.#entries > this.limit) {
      // What was pushed before its last use is stale: a key's newest next use is the greatest that it ever had.
      const [use, victim] = this.#heap.pop();
      if (!this.#resident[victim] || use <= i) continue;
      this.#resident[victim] = 0;
      this.#entries--;
    }
    return false;
  }
}

export class SizedBelady {
  #next;
  #nextOf;
  #sizes;
  #residents = [];
  #places;
  #bytes = 0;
  #state = 1;

  constructor({ keys, unique, sizes }, limit) {
    this.keys = keys;
    this.limit = limit;
    this.requestSizes = sizes;
    this.#next = nextUses(keys, unique);
    this.#nextOf = new Float64Array(unique);
    this.#sizes = new Float64Array(unique);
    this.#places = new Int32Array(unique).fill(-1);
  }

  request(i) {
    const key = this.keys[i];
    const hit = this.#places[key] !== -1;
    this.#nextOf[key] = this.#next[i];
    if (hit) {
      this.#bytes += this.requestSizes[i] - this.#sizes[key];
    } else {
      this.#places[key] = this.#residents.push(key) - 1;
      this.#bytes += this.requestSizes[i];
    }
    this.#sizes[key] = this.requestSizes[i];
    while (this.#bytes > this.limit) this.#evict(i);
    return hit;
  }

  #evict(now) {
    let worst = this.#residents.at(-1);
    let worstValue = -1;
    for (let tries = Math.min(96, this.#residents.length); tries > 0; tries--) {
      this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
      const key = this.#residents[this.#state % this.#residents.length];
      const value = (this.#nextOf[key] - now) * this.#sizes[key];
      if (value > worstValue) [worst, worstValue] = [key, value];
    }
    const last = this.#residents.pop();
    const place = this.#places[worst];
    if (last !== worst) {
      this.#residents[place] = last;
      this.#places[last] = place;
    }
    this.#places[worst] = -1;
    this.#bytes -= this.#sizes[worst];
  }
}

/** GreedyDual-Size-Frequency as published: the in-cache count, no memory of what left. */
export class Gdsf {
  #scores;
  #frequencies;
  #sizes;
  #heap = new MaxHeap();
  #resident;
  #age = 0;
  #used = 0;

  constructor({ keys, unique, sizes }, limit, costs) {
    this.keys = keys;
    this.limit = limit;
    this.requestSizes = sizes;
    this.costs = costs;
    this.#scores = new Float64Array(unique);
    this.#frequencies = new Float64Array(unique);
    this.#sizes = new Float64Array(unique);
    this.#resident = new Uint8Array(unique);
  }

  request(i) {
    const key = this.keys[i];
    const size = this.requestSizes ? this.requestSizes[i] : 1;
    if (this.#resident[key]) {
      this.#frequencies[key]++;
      this.#score(key);
      this.#used += size - this.#sizes[key];
      this.#sizes[key] = size;
      while (this.#used > this.limit) this.#evict();
      return true;
    }
    if (size > this.limit) return false;
    while (this.#used + size > this.limit) this.#evict();
    this.#resident[key] = 1;
    this.#frequencies[key] = 1;
    this.#sizes[key] = size;
    this.#used += size;
    this.#score(key);
    return false;
  }

  #score(key) {
    const cost = this.costs ? this.costs[key] : 1;
    this.#scores[key] = this.#age + (this.#frequencies[key] * cost) / this.#sizes[key];
    this.#heap.push(-this.#scores[key], key);
  }

  #evict() {
    for (;;) {
      const [negative, key] = this.#heap.pop();
      if (!this.#resident[key] || -negative !== this.#scores[key]) continue;
      this.#age = Math.max(this.#age, this.#scores[key]);
      this.#resident[key] = 0;
      this.#used -= this.#sizes[key];
      return;
    }
  }
}

/** For each request, the request at which its key comes next. */
function nextUses(keys, unique) {
  const next = new Float64Array(keys.length);
  const last = new Float64Array(unique).fill(Infinity);
  for (let i = keys.length - 1; i >= 0; i--) {
    next[i] = last[keys[i]];
    last[keys[i]] = i;
  }
  // Keys that never come again are all the same to Belady, but a heap wants them finite.
  return next.map((use) => Math.min(use, 2 * keys.length));
}

/** Pairs of a number and a key; the greatest number comes first. */
class MaxHeap {
  #numbers = [];
  #keys = [];

  push(number, key) {
    const numbers = this.#numbers;
    const keys = this.#keys;
    let i = numbers.push(number) - 1;
    keys.push(key);
    for (let above = (i - 1) >> 1; i > 0 && numbers[above] < number; above = (i - 1) >> 1) {
      numbers[i] = numbers[above];
      keys[i] = keys[above];
      i = above;
    }
    numbers[i] = number;
    keys[i] = key;
  }

  pop() {
    const numbers = this.#numbers;
    const keys = this.#keys;
    const first = [numbers[0], keys[0]];
    const number = numbers.pop();
    const key = keys.pop();
    if (numbers.length === 0) return first;
    let i = 0;
    for (;;) {
      let below = 2 * i + 1;
      if (below + 1 < numbers.length && numbers[below + 1] > numbers[below]) below++;
      if (below >= numbers.length || numbers[below] <= number) break;
      numbers[i] = numbers[below];
      keys[i] = keys[below];
      i = below;
    }
    numbers[i] = number;
    keys[i] = key;
    return first;
  }
}
