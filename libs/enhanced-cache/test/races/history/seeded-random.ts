/** Numbers from 0 to below `below`, the same ones for the same seed: a 32-bit xorshift (Marsaglia, 2003). */
export class SeededRandom {
  #state: number;

  /** @param seed any integer; 0 stands for 1, as xorshift never leaves 0. */
  constructor(seed: number) {
    this.#state = seed | 0 || 1;
  }

  next(below: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) % below;
  }
}
