import type { Flight } from './flight.js';

/**
 * The loads that are running: at most one that can be joined for a key, and those that were detached.
 *
 * {@link detach} makes a load unjoinable: its callers still get their result, who comes after starts anew.
 */
export class Flights {
  readonly #joinable = new Map<string, Flight>();
  readonly #running = new Set<Flight>();

  /** Loads that can be joined. */
  get size(): number {
    return this.#joinable.size;
  }

  /** Loads that are running, joinable or not. */
  get running(): ReadonlySet<Flight> {
    return this.#running;
  }

  get(key: string): Flight | undefined {
    return this.#joinable.get(key);
  }

  begin(flight: Flight): void {
    this.#joinable.set(flight.key, flight);
    this.#running.add(flight);
  }

  /** Its source has answered, or is not waited for any more. */
  end(flight: Flight): void {
    this.leave(flight);
    this.#running.delete(flight);
  }

  /** Makes this very flight unjoinable. */
  leave(flight: Flight): void {
    if (this.#joinable.get(flight.key) === flight) this.#joinable.delete(flight.key);
  }

  detach(key: string): void {
    if (this.#joinable.size > 0) this.#joinable.delete(key);
  }

  /** Detaches the loads whose result will carry one of `tags`. O(running loads). */
  detachTagged(tags: readonly string[]): void {
    for (const flight of this.#joinable.values()) {
      if (flight.tags.some((tag) => tags.includes(tag))) this.leave(flight);
    }
  }

  detachAll(): void {
    this.#joinable.clear();
  }

  /** Gives up every load that is running: who waits for it gets `reason`, and its signal is aborted with it. */
  abandon(reason: unknown): void {
    for (const flight of this.#running) {
      flight.giveUp(reason);
      flight.abort(reason);
      this.end(flight);
    }
  }

  /** Settles when every load that runs now has ended. Never rejects. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#running].map((flight) => flight.result));
  }
}
