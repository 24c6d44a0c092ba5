/** Requests between two looks, for each entry of the cache. */
const REQUESTS_PER_ENTRY = 10;
/** The first step, as a share of the cache, and what is left of it a look later. */
const FIRST_STEP = 0.0625;
const STEP_DECAY = 0.98;
/** A hit ratio that changes by so much means another load: steps are large again. */
const RESTART_CHANGE = 0.05;
const LEAST_SHARE = 0.01;
const MOST_SHARE = 0.8;

/**
 * Finds the window's share by hill climbing on the hit ratio: it goes on in one direction while that helps, and turns when
 * it does not, in ever smaller steps.
 *
 * Cost: O(1) a request; 48 bytes.
 *
 * Einziger, Eytan, Friedman, Manes, "Adaptive Software Cache Management", Middleware 2018; figures as in Caffeine 3.
 */
export class WindowClimber {
  #share = LEAST_SHARE;
  #step = FIRST_STEP;
  #requests = 0;
  #hits = 0;
  #hitRatio = -1;
  #changes = 0;

  /** The share of the entries that the window should have, 0.01 to 0.8. */
  get share(): number {
    return this.#share;
  }

  /** How often it was changed. */
  get changes(): number {
    return this.#changes;
  }

  hit(): void {
    this.#requests++;
    this.#hits++;
  }

  /** A miss of a cache that holds `entries`. Returns whether the share changed. */
  miss(entries: number): boolean {
    this.#requests++;
    if (this.#requests < REQUESTS_PER_ENTRY * entries) return false;
    const hitRatio = this.#hits / this.#requests;
    this.#requests = 0;
    this.#hits = 0;
    const change = this.#hitRatio < 0 ? 0 : hitRatio - this.#hitRatio;
    this.#hitRatio = hitRatio;
    if (change < 0) this.#step = -this.#step;
    const size = Math.abs(change) >= RESTART_CHANGE ? FIRST_STEP : Math.abs(this.#step) * STEP_DECAY;
    this.#step = Math.sign(this.#step) * size;
    this.#share = Math.min(Math.max(this.#share + this.#step, LEAST_SHARE), MOST_SHARE);
    this.#changes++;
    return true;
  }
}
