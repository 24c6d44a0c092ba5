/** Epochs that are remembered, and the weight of each against the one after it. */
const EPOCHS = 32;
const EPOCH_WEIGHT = 0.95;
/**
 * How consistently a strategy has to lead, in standard errors of its lead over epochs: where none was chosen yet, over the one
 * that was begun with, and over one that evidence spoke for.
 */
const INITIAL_CONFIDENCE = 1.3;
const FIRST_CONFIDENCE = 1.5;
const CONFIDENCE = 2;
/** A lead of less is not worth a change, as a share of the requests. */
const LEAST_LEAD = 0.01;
/** Epochs that a choice has at least. */
const LEAST_REIGN = 8;

/** What the real cache may fall short of its shadow before it is held against the strategy. */
const TOLERATED_SHORTFALL = 0.01;
/** How fast a shortfall is learned, and how fast it is forgotten while the strategy does not run. */
const SHORTFALL_LEARNING = 0.5;
const SHORTFALL_MEMORY = 0.98;

/**
 * Which strategy should run, from what shadows of all of them would have hit.
 *
 * Requests are counted in epochs. Another strategy takes over where it led the present one by {@link LEAST_LEAD} over the
 * last epochs, and not by one good epoch but consistently: the weighted sum of its leads has to be {@link CONFIDENCE} times
 * the root of the sum of their squares. Epochs and not requests are the unit because hits come in runs. Only the one that leads
 * most may take over: a small and steady lead says nothing against a large one that comes in runs.
 *
 * Reality has the last word: what the real cache fell short of the shadow of the strategy that it ran is held against that
 * strategy. Before any was chosen, the real cache runs by rules of its own, and what it hits itself is what is to be beaten.
 *
 * Cost: `count` O(1); an epoch's end O(strategies x (patterns + epochs)); about 2 KB for 5 strategies.
 */
export class StrategyChoice {
  readonly #strategies: number;
  /** What is counted of each epoch: hits by strategy, and those of the real cache. */
  readonly #columns: number;
  /** Requests of this epoch by which shadows hit: a bit a strategy. */
  readonly #patterns: Uint32Array;
  /** Hits by epoch and column, a ring. */
  readonly #hits: Float64Array;
  readonly #shortfalls: Float64Array;
  /** The column that is to be beaten. */
  #present: number;
  #epochs = 0;
  #epochRequests = 0;
  #epochRealHits = 0;
  #reign = 0;
  #changes = 0;
  #checked = 0;
  #checkedRealHits = 0;
  #checkedShadowHits = 0;

  /** @param present who runs; `undefined` where none was chosen yet. */
  constructor(strategies: number, present?: number) {
    this.#strategies = strategies;
    this.#columns = strategies + 1;
    this.#present = present ?? strategies;
    this.#patterns = new Uint32Array(1 << strategies);
    this.#hits = new Float64Array(EPOCHS * this.#columns);
    this.#shortfalls = new Float64Array(this.#columns);
  }

  /** Who should run; `undefined` before any was chosen. */
  get current(): number | undefined {
    return this.#isChosen() ? this.#present : undefined;
  }

  /** How often another strategy took over. */
  get changes(): number {
    return this.#changes;
  }

  /** Requests counted in the epoch under way. */
  get epochRequests(): number {
    return this.#epochRequests;
  }

  /** Hits per request of each shadow, 0 to 1, over the epochs remembered. */
  hitShares(epochRequests: number): number[] {
    const shares = new Array<number>(this.#strategies).fill(0);
    const known = Math.min(this.#epochs, EPOCHS);
    for (let age = 0; age < known; age++) shares.forEach((_, i) => (shares[i] += this.#hitsAt(age, i)));
    return shares.map((hits) => (known === 0 ? 0 : hits / (known * epochRequests)));
  }

  /** Points of the hit ratio, 0 to 1, that are held against each strategy for what reality fell short of. */
  get shortfalls(): readonly number[] {
    return [...this.#shortfalls.subarray(0, this.#strategies)];
  }

  /** Begins with another strategy, before any evidence. */
  begin(strategy: number): void {
    this.#present = strategy;
  }

  /**
   * One request. `isChecked`: the real cache runs the present strategy for long enough to be compared with its shadow.
   */
  count(shadowHits: number, isRealHit: boolean, isChecked: boolean): void {
    this.#patterns[shadowHits]++;
    this.#epochRequests++;
    if (isRealHit) this.#epochRealHits++;
    if (!isChecked) return;
    this.#checked++;
    if (isRealHit) this.#checkedRealHits++;
    if (shadowHits & (1 << this.#present)) this.#checkedShadowHits++;
  }

  /** Ends the epoch. Returns whether another strategy is the {@link current} one now. */
  endEpoch(): boolean {
    const requests = this.#epochRequests;
    this.#fileEpoch();
    this.#compareWithReality(requests);
    const best = this.#leader(requests);
    if (this.#reign > 0) this.#reign--;
    if (best === this.#present) return false;
    this.#present = best;
    this.#changes++;
    this.#reign = LEAST_REIGN;
    this.#checked = this.#checkedRealHits = this.#checkedShadowHits = 0;
    return true;
  }

  #fileEpoch(): void {
    const row = (this.#epochs++ % EPOCHS) * this.#columns;
    this.#hits.fill(0, row, row + this.#strategies);
    this.#hits[row + this.#strategies] = this.#epochRealHits;
    this.#epochRealHits = 0;
    for (let pattern = 1; pattern < this.#patterns.length; pattern++) {
      const times = this.#patterns[pattern];
      if (times === 0) continue;
      for (let i = 0; i < this.#strategies; i++) if (pattern & (1 << i)) this.#hits[row + i] += times;
    }
    this.#patterns.fill(0);
    this.#epochRequests = 0;
  }

  #compareWithReality(requests: number): void {
    const shortfalls = this.#shortfalls;
    for (let i = 0; i < this.#strategies; i++) if (i !== this.#present) shortfalls[i] *= SHORTFALL_MEMORY;
    if (this.#checked < requests || !this.#isChosen()) return;
    const lack = (this.#checkedShadowHits - this.#checkedRealHits) / this.#checked - TOLERATED_SHORTFALL;
    shortfalls[this.#present] += SHORTFALL_LEARNING * (Math.max(lack, 0) - shortfalls[this.#present]);
    this.#checked /= 2;
    this.#checkedRealHits /= 2;
    this.#checkedShadowHits /= 2;
  }

  #leader(requests: number): number {
    let best = this.#present;
    if (this.#reign > 0) return best;
    const confidence = this.#confidence();
    const known = Math.min(this.#epochs, EPOCHS);
    let bestLead = 0;
    for (let rival = 0; rival < this.#strategies; rival++) {
      if (rival === this.#present) continue;
      const allowance = (this.#shortfalls[this.#present] - this.#shortfalls[rival]) * requests;
      let lead = 0;
      let squares = 0;
      let weights = 0;
      for (let age = 0, weight = 1; age < known; age++, weight *= EPOCH_WEIGHT) {
        const epochLead = this.#hitsAt(age, rival) - this.#hitsAt(age, this.#present) + allowance;
        lead += weight * epochLead;
        squares += weight * weight * epochLead * epochLead;
        weights += weight;
      }
      if (lead <= bestLead) continue;
      bestLead = lead;
      const isWorthIt = lead > LEAST_LEAD * weights * requests && lead * lead > confidence * confidence * squares;
      best = isWorthIt ? rival : this.#present;
    }
    return best;
  }

  #isChosen(): boolean {
    return this.#present < this.#strategies;
  }

  #confidence(): number {
    if (!this.#isChosen()) return INITIAL_CONFIDENCE;
    return this.#changes === 0 ? FIRST_CONFIDENCE : CONFIDENCE;
  }

  /** Hits of `column` in the epoch that ended `age` epochs ago. */
  #hitsAt(age: number, column: number): number {
    return this.#hits[((this.#epochs - 1 - age) % EPOCHS) * this.#columns + column];
  }
}
