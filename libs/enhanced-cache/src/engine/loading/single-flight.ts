/** One load that is running, and what its callers share. */
export interface Flight<T> {
  readonly result: Promise<T>;
  /** Callers who wait for it, the one that began it included. */
  callers: number;
  /** What its result will be tagged with. */
  readonly tags: readonly string[];
}

/**
 * At most one load for a key at a time; whoever asks meanwhile waits for the same one.
 *
 * {@link detach} makes a running flight unjoinable: its callers still get their result, who comes after starts anew.
 * A finished flight is gone before its callers hear of it, so a failure is never shared with a later caller.
 */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Flights that can be joined. */
  get size(): number {
    return this.#flights.size;
  }

  /** The running flight of `key`, joined by one more caller. */
  join(key: string): Promise<T> | undefined {
    const flight = this.#flights.get(key);
    if (!flight) return undefined;
    flight.callers++;
    return flight.result;
  }

  /** Starts `run` as the flight of `key`; there must be none to join. `run` must not throw, it rejects. */
  lead(key: string, tags: readonly string[], run: () => Promise<T>): Promise<T> {
    let settle!: (result: Promise<T>) => void;
    const flight: Flight<T> = { callers: 1, tags, result: new Promise((resolve) => (settle = resolve)) };
    // Known before `run` begins: what `run` itself invalidates must find it.
    this.#flights.set(key, flight);
    const leave = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    settle(
      run().then(
        (result) => {
          leave();
          return result;
        },
        (error: unknown) => {
          leave();
          throw error;
        },
      ),
    );
    return flight.result;
  }

  detach(key: string): void {
    this.#flights.delete(key);
  }

  /** Detaches the flights whose result will carry one of `tags`. O(running flights). */
  detachTagged(tags: readonly string[]): void {
    for (const [key, flight] of this.#flights) {
      if (flight.tags.some((tag) => tags.includes(tag))) this.#flights.delete(key);
    }
  }

  detachAll(): void {
    this.#flights.clear();
  }

  /** Settles when every flight that can be joined now has. Never rejects. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#flights.values()].map((flight) => flight.result));
  }
}
