/** Levels a doubling of the value, and the range of values that are told apart: 2^-64 to 2^64. */
const LEVELS_PER_DOUBLING = 4;
const MIDDLE = 256;
const LEVELS = 2 * MIDDLE;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);
/** Bits of a float's mantissa below the two that tell four levels apart. */
const FRACTION_BITS = 21;
const LEVEL_OF_ONE = 127 * LEVELS_PER_DOUBLING;

/**
 * The level of a value > 0. Read off the exponent and the first two bits of the mantissa, as a logarithm would cost more
 * than the rest of an insertion; the levels of a doubling are equal steps of the value, not of its logarithm.
 */
export function levelOf(value: number): number {
  float[0] = value;
  const level = (bits[0] >>> FRACTION_BITS) - LEVEL_OF_ONE + MIDDLE;
  return level < 0 ? 0 : level >= LEVELS ? LEVELS - 1 : level;
}

/**
 * How many values there are of each level, a logarithmic scale, and how far they are apart. Counts, so that nothing drifts
 * whatever comes and goes. Cost: `add` and `remove` O(1), {@link spread} O(levels in use); 2 KB.
 */
export class LevelCounts {
  readonly #counts = new Int32Array(LEVELS);
  /** The range of levels that were in use since the last {@link clear}: few, as a rule. */
  #lowest = LEVELS;
  #highest = -1;
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(level: number): void {
    this.#counts[level]++;
    this.#total++;
    if (level < this.#lowest) this.#lowest = level;
    if (level > this.#highest) this.#highest = level;
  }

  remove(level: number): void {
    this.#counts[level]--;
    this.#total--;
  }

  clear(): void {
    if (this.#highest >= 0) this.#counts.fill(0, this.#lowest, this.#highest + 1);
    this.#lowest = LEVELS;
    this.#highest = -1;
    this.#total = 0;
  }

  /**
   * The larger of two standard deviations, >= 0: that of the natural logarithms of the values, and that of the values over
   * their mean, for which one precious among a hundred is enough.
   */
  get spread(): number {
    const total = this.#total;
    if (total === 0) return 0;
    let levels = 0;
    let levelSquares = 0;
    let values = 0;
    let valueSquares = 0;
    for (let level = this.#lowest; level <= this.#highest; level++) {
      const count = this.#counts[level];
      if (count === 0) continue;
      const value = 2 ** ((level - MIDDLE) / LEVELS_PER_DOUBLING);
      levels += count * level;
      levelSquares += count * level * level;
      values += count * value;
      valueSquares += count * value * value;
    }
    const logarithmic = (deviation(levels, levelSquares, total) * Math.LN2) / LEVELS_PER_DOUBLING;
    const relative = deviation(values, valueSquares, total) / (values / total);
    return Math.max(logarithmic, relative);
  }
}

function deviation(sum: number, squares: number, count: number): number {
  const mean = sum / count;
  return Math.sqrt(Math.max(squares / count - mean * mean, 0));
}
