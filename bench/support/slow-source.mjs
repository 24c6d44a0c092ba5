/** So many queries at a time, each of the same length; more wait in a queue that does not know who still wants them. */
export class SlowSource {
  #clock;
  #slots;
  #latencyMs;
  #running = 0;
  #queue = [];
  /** The most queries it had at a time, the waiting ones included. */
  most = 0;

  constructor(clock, slots, latencyMs) {
    this.#clock = clock;
    this.#slots = slots;
    this.#latencyMs = latencyMs;
  }

  get queued() {
    return this.#queue.length;
  }

  query(key) {
    return new Promise((resolve) => {
      this.#queue.push(() => resolve(key));
      this.most = Math.max(this.most, this.#running + this.#queue.length);
      this.#next();
    });
  }

  #next() {
    if (this.#running === this.#slots || this.#queue.length === 0) return;
    const answer = this.#queue.shift();
    this.#running++;
    this.#clock.schedule(() => {
      this.#running--;
      answer();
      this.#next();
    }, this.#latencyMs);
  }
}
