/** How long after the last failure that was seen a check stays degraded, in milliseconds. */
export const RECENT_MS = 5 * 60_000;

/**
 * Whether a counter that only grows has grown lately, as far as those who looked could see.
 *
 * What was counted before the first look counts as happening then.
 */
export class RecentIncrease {
  #count = 0;
  #seenAt = -Infinity;

  /** `nowMs` is monotonic. */
  within(count: number, nowMs: number): boolean {
    if (count > this.#count) this.#seenAt = nowMs;
    this.#count = count;
    return nowMs - this.#seenAt < RECENT_MS;
  }
}
