/** Two-sided 95 % quantiles of Student's t by degrees of freedom; between them the larger one. */
const T_95 = [
  [5, 2.571],
  [10, 2.228],
  [20, 2.086],
  [40, 2.021],
  [80, 1.99],
  [Infinity, 1.96],
];

/**
 * How fast `y` grows with time where the covariate stays the same: least squares of y = a + b t + c x.
 *
 * A cache that is cleared now and then fills up again, so its memory goes up and down with what it holds; that is no
 * leak. What grows beside it is.
 *
 * @param {{ t: number, x: number, y: number }[]} samples at least four.
 * @returns `slope` b, and `within`: the true one is in slope - within .. slope + within in 95 of 100 cases.
 */
export function trend(samples) {
  const n = samples.length;
  const mean = (of) => samples.reduce((sum, sample) => sum + of(sample), 0) / n;
  const [meanT, meanX, meanY] = [mean(({ t }) => t), mean(({ x }) => x), mean(({ y }) => y)];
  const sum = (of) => samples.reduce((total, { t, x, y }) => total + of(t - meanT, x - meanX, y - meanY), 0);
  const [tt, tx, xx] = [sum((t) => t * t), sum((t, x) => t * x), sum((_t, x) => x * x)];
  const [ty, xy] = [sum((t, _x, y) => t * y), sum((_t, x, y) => x * y)];
  const determinant = tt * xx - tx * tx;
  // A covariate that does not move explains nothing.
  const alone = determinant <= 1e-12 * tt * xx || xx === 0;
  const slope = alone ? ty / tt : (ty * xx - xy * tx) / determinant;
  const perX = alone ? 0 : (xy * tt - ty * tx) / determinant;
  const freedom = n - (alone ? 2 : 3);
  const squares = sum((t, x, y) => (y - slope * t - perX * x) ** 2);
  const variance = (squares / freedom) * (alone ? 1 / tt : xx / determinant);
  return { slope, within: quantile(freedom) * Math.sqrt(variance) };
}

function quantile(freedom) {
  return T_95.findLast(([from]) => from <= Math.max(freedom, 5))[1];
}
