/** Most hexadecimal digits of a BigInt in portable form: V8 holds longer ones, but what an import may cost is bounded. */
export const MAX_BIGINT_DIGITS = 2 ** 18;
/** Up to so many holes an array may be held as one block, which takes memory for each of them. */
const COSTLY_HOLES = 2048;
const MAX_HOLES = 2 ** 20;

/** Counts the memory that sparse arrays of one value may take beyond what is written of them. */
export class HoleBudget {
  #used = 0;

  /** Whether an array of `length` still fits. */
  take(length: number): boolean {
    this.#used += Math.min(length, COSTLY_HOLES);
    return this.#used <= MAX_HOLES;
  }
}
