/** What a Redis tier has counted since it was attached. */
export class TierCounts {
  hits = 0;
  misses = 0;
  unanswered = 0;
  writes = 0;
  failedWrites = 0;
  overtakenLoads = 0;
  awaitedLoads = 0;
  invalidationsSent = 0;
  invalidationsReceived = 0;
  distrusts = 0;
  readonly #failures = new Map<string, number>();

  /** @returns how many there were of that kind, this one included. */
  failed(kind: string): number {
    const count = (this.#failures.get(kind) ?? 0) + 1;
    this.#failures.set(kind, count);
    return count;
  }

  get failures(): Record<string, number> {
    return Object.fromEntries(this.#failures);
  }
}
