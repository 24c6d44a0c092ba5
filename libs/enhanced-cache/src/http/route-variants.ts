import type { ResponseLifetime } from './response-lifetime.js';

/** How long an old response may stand in, as far as the response itself says so. */
export type StaleUse = Pick<ResponseLifetime, 'staleWhileRevalidateSeconds' | 'staleIfErrorSeconds'>;

/**
 * The keys under which one route has responses, least recently used first, so that a flood of queries that nobody asked
 * before pushes out the route's own entries and not those of others.
 *
 * Keys stay here when their entries leave by themselves, so there are never more entries of a route than keys.
 *
 * Cost: O(1) a call.
 */
export class RouteVariants {
  readonly #keys = new Map<string, StaleUse | undefined>();

  get size(): number {
    return this.#keys.size;
  }

  /** How an old response under `key` may be used; `undefined` where it did not say. */
  staleUse(key: string): StaleUse | undefined {
    return this.#keys.get(key);
  }

  /** `key` was used. */
  touch(key: string): void {
    if (this.#keys.size < 2 || !this.#keys.has(key)) return;
    const use = this.#keys.get(key);
    this.#keys.delete(key);
    this.#keys.set(key, use);
  }

  /**
   * A response was stored under `key`.
   *
   * @param max most keys, 1 or more.
   * @returns the keys that are too many, whose entries are to be deleted.
   */
  add(key: string, use: StaleUse | undefined, max: number): string[] {
    this.#keys.delete(key);
    this.#keys.set(key, use);
    const leaving: string[] = [];
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= max) break;
      this.#keys.delete(oldest);
      leaving.push(oldest);
    }
    return leaving;
  }
}
