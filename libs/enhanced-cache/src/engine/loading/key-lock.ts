/**
 * Runs work alone for its key, in the order in which it was asked for, within this process.
 *
 * Work that fails lets the next go on. A key that nobody waits for takes no memory. Work that locks its own key again
 * waits for itself for ever; it must not.
 */
export class KeyLock {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Keys that are locked now. */
  get size(): number {
    return this.#tails.size;
  }

  async run<T>(key: string, work: () => T | Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    // What the next one waits for must not reject unheard.
    const tail = mine.then(ignore, ignore);
    this.#tails.set(key, tail);
    try {
      return await mine;
    } finally {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }
}

function ignore(): void {}
