/**
 * Time that jumps from one thing that is due to the next, for simulations: an hour takes as long as what happens in it.
 * Everything that is due at one moment runs in the order in which it was asked for, then all that is ready to run.
 */
export class VirtualClock {
  #now = 0;
  #due = new Map();
  #moments = new MinHeap();

  now() {
    return this.#now;
  }

  coarseNow() {
    return this.#now;
  }

  wallNow() {
    return Date.UTC(2026, 0, 1) + this.#now;
  }

  schedule(task, delayMs) {
    const at = this.#now + Math.max(delayMs, 0);
    let tasks = this.#due.get(at);
    if (!tasks) {
      this.#due.set(at, (tasks = new Set()));
      this.#moments.push(at);
    }
    const timer = { task };
    tasks.add(timer);
    return { cancel: () => tasks.delete(timer) };
  }

  defer(task) {
    setImmediate(task);
  }

  /** Lets time pass up to `endMs`. */
  async run(endMs) {
    while (this.#moments.size > 0 && this.#moments.least <= endMs) {
      const at = this.#moments.pop();
      this.#now = at;
      const tasks = this.#due.get(at);
      this.#due.delete(at);
      if (tasks.size === 0) continue;
      for (const { task } of tasks) task();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = endMs;
  }
}

/** A binary heap of numbers. */
class MinHeap {
  #items = [];

  get size() {
    return this.#items.length;
  }

  get least() {
    return this.#items[0];
  }

  push(item) {
    const items = this.#items;
    let i = items.push(item) - 1;
    for (let above = (i - 1) >> 1; i > 0 && items[above] > item; above = (i - 1) >> 1) {
      items[i] = items[above];
      i = above;
    }
    items[i] = item;
  }

  pop() {
    const items = this.#items;
    const [least] = items;
    const last = items.pop();
    if (items.length === 0) return least;
    let i = 0;
    for (;;) {
      let below = 2 * i + 1;
      if (below + 1 < items.length && items[below + 1] < items[below]) below++;
      if (below >= items.length || items[below] >= last) break;
      items[i] = items[below];
      i = below;
    }
    items[i] = last;
    return least;
  }
}
