/** Lets those who ask for one key at a time share one call, and what it ends with. */
export class SharedCalls {
  readonly #running = new Map<string, Promise<unknown>>();

  run<T>(key: string, call: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key) as Promise<T> | undefined;
    if (running) return running;
    const result = call().finally(() => this.#running.delete(key));
    this.#running.set(key, result);
    return result;
  }
}
