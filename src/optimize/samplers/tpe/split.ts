import type { Observations } from "./observations.ts";

/** Some of the observations, with what each counts. */
export interface Part {
  readonly rows: readonly number[];
  readonly weights: Float64Array;
}

/**
 * The best `gamma(n)` observations, and the rest with what is still running: a running trial counts as bad
 * (the "constant liar"), so that parallel asks spread. Rows in the order of trial numbers.
 */
export function split(observations: Observations, gamma: (n: number) => number): { below: Part; above: Part } {
  const { size, runningCount, byNumber, byRank } = observations;
  const good = Math.min(gamma(size), size);
  const isGood = new Uint8Array(size);
  for (let k = 0; k < good; k++) isGood[byRank[k]!] = 1;
  const below: number[] = [];
  const above: number[] = [];
  for (let k = 0; k < size; k++) {
    const row = byNumber[k]!;
    if (isGood[row] === 1) below.push(row);
    else above.push(row);
  }
  for (let k = 0; k < runningCount; k++) above.push(size + k);
  return {
    below: { rows: below, weights: improvements(observations, below, good) },
    above: { rows: above, weights: ramp(above.length) },
  };
}

/**
 * Weights of the good observations: by how much each betters the best of the rest, 1 on average.
 *
 * All 1 where improvement has no measure: no rest, ties, or pruned and infeasible trials at the border.
 *
 * @see S. Watanabe, Tree-structured Parzen estimator, 2023 ("expected improvement" weights)
 */
function improvements(observations: Observations, below: readonly number[], good: number): Float64Array {
  const weights = new Float64Array(below.length).fill(1);
  const next = observations.byRank[good];
  if (next === undefined || observations.place(next).tier > 0) return weights;
  const border = observations.place(next).score;
  let total = 0;
  for (const row of below) total += border - observations.place(row).score;
  if (!(total > 0) || total === Infinity) return weights;
  return weights.map((_, k) => ((border - observations.place(below[k]!).score) * below.length) / total);
}

/** Weights of `n` observations from old to new: the newest 25 count fully, older ones less, down to 1/n. */
export function ramp(n: number): Float64Array {
  const weights = new Float64Array(n).fill(1);
  const old = n - 25;
  for (let k = 0; k < old; k++) weights[k] = old === 1 ? 1 / n : 1 / n + ((1 - 1 / n) * k) / (old - 1);
  return weights;
}

/** Index picked with probability `weights[k] / total`, `u` in [0, 1); `weights.length` for the prior. */
export function pick(weights: Float64Array, priorWeight: number, u: number): number {
  let total = priorWeight;
  for (let k = 0; k < weights.length; k++) total += weights[k]!;
  let rest = u * total;
  for (let k = 0; k < weights.length; k++) {
    rest -= weights[k]!;
    if (rest < 0) return k;
  }
  return weights.length;
}
