interface Flight {
  callers: number;
  result?: { readonly value: unknown };
}

/** A load of this flight returned something that is not to be stored. */
export type KeepUnstored = (value: unknown) => undefined;

/**
 * Lets callers who wait for one load share a result that the cache is not to store. The cache stores nothing for
 * `undefined`, so such a load returns that, and its result passes by the side.
 *
 * A flight lives as long as one of its callers waits.
 */
export class SharedResults {
  readonly #flights = new Map<string, Flight>();

  /** `read` under `key`; its load hands a result that is not to be stored to `keep` and returns what that returns. */
  async during(key: string, read: (keep: KeepUnstored, begin: () => void) => Promise<unknown>): Promise<unknown> {
    const flight = this.#flights.get(key) ?? { callers: 0 };
    this.#flights.set(key, flight);
    flight.callers++;
    const keep: KeepUnstored = (value) => void (flight.result = { value });
    try {
      // A load that began later must not end with what an earlier one left here.
      const stored = await read(keep, () => delete flight.result);
      return stored === undefined && flight.result ? flight.result.value : stored;
    } finally {
      if (--flight.callers === 0) this.#flights.delete(key);
    }
  }
}
