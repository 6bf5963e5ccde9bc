import { ArgumentError } from "../core/errors.ts";
import { combinations } from "./combinations.ts";

/** Bars from `from` up to, not including, `to`. */
export interface BarRange {
  readonly from: number;
  readonly to: number;
}

/** Bars to search on and the bars after them to judge by. */
export interface Window {
  readonly inSample: BarRange;
  readonly outOfSample: BarRange;
}

/**
 * Walk-forward windows over `bars`, each a step of `outOfSample` bars after the one before.
 *
 * Anchored windows all begin at bar 0. `purge` bars between the two parts belong to neither. Bars that do not fill a
 * last window are left over.
 *
 * @throws ArgumentError `WINDOW`
 */
export function walkForwardWindows(options: {
  bars: number;
  inSample: number;
  outOfSample: number;
  anchored?: boolean;
  purge?: number;
}): Window[] {
  const { bars, inSample, outOfSample, anchored = false, purge = 0 } = options;
  for (const [name, value, least] of [
    ["inSample", inSample, 1],
    ["outOfSample", outOfSample, 1],
    ["purge", purge, 0],
  ] as const) {
    if (!Number.isInteger(value) || value < least) {
      throw new ArgumentError("WINDOW", `${name} must be an integer ≥ ${least} bars, was ${value}`, { name, value });
    }
  }
  const windows: Window[] = [];
  for (let start = 0; start + inSample + purge + outOfSample <= bars; start += outOfSample) {
    const end = start + inSample;
    windows.push({
      inSample: { from: anchored ? 0 : start, to: end },
      outOfSample: { from: end + purge, to: end + purge + outOfSample },
    });
  }
  return windows;
}

/** One fold of a cross-validation: a block of bars to judge by, and the bars that know nothing of it. */
export interface Fold {
  readonly outOfSample: BarRange;
  readonly inSample: Int32Array;
}

/**
 * Cross-validation folds without leakage.
 *
 * What a bar leads to is known `horizon` bars later: bars whose outcome overlaps the block's are purged, and after it
 * another ⌈bars × `embargoFraction`⌉ bars are left out.
 *
 * @throws ArgumentError `FOLDS`
 * @see López de Prado 2018, "Advances in Financial Machine Learning", chapter 7
 */
export function purgedFolds(options: {
  bars: number;
  folds: number;
  horizon?: number;
  embargoFraction?: number;
}): Fold[] {
  const { bars, folds, horizon = 0, embargoFraction = 0 } = options;
  if (!Number.isInteger(folds) || folds < 2 || folds > bars) {
    throw new ArgumentError("FOLDS", `folds must be an integer from 2 to the ${bars} bars, was ${folds}`, {
      folds,
      bars,
    });
  }
  const embargo = Math.ceil(bars * embargoFraction);
  return blocksOf(bars, folds).map((outOfSample) => {
    const inSample: number[] = [];
    for (let bar = 0; bar < bars; bar++) {
      if (bar + horizon < outOfSample.from || bar > outOfSample.to - 1 + horizon + embargo) inSample.push(bar);
    }
    return { outOfSample, inSample: Int32Array.from(inSample) };
  });
}

/** `bars` cut into `count` blocks in order, the first ones a bar longer where it does not come out even. */
export function blocksOf(bars: number, count: number): BarRange[] {
  const size = Math.floor(bars / count);
  const longer = bars % count;
  return Array.from({ length: count }, (_, i) => {
    const from = i * size + Math.min(i, longer);
    return { from, to: from + size + (i < longer ? 1 : 0) };
  });
}

/** Combinatorial purged cross-validation: which groups each split judges by, and how the splits make whole paths. */
export interface CombinatorialSplits {
  /** Groups (0-based) out of sample, one list per split. */
  readonly splits: readonly (readonly number[])[];
  /** Per path the split that judges each group; every group of every split is used exactly once. */
  readonly paths: readonly (readonly number[])[];
}

/**
 * All splits of `groups` blocks with `outOfSample` of them held out.
 *
 * @throws ArgumentError `GROUPS`
 * @see López de Prado 2018, "Advances in Financial Machine Learning", chapter 12
 */
export function combinatorialSplits(groups: number, outOfSample: number): CombinatorialSplits {
  if (!Number.isInteger(groups) || !Number.isInteger(outOfSample) || outOfSample < 1 || outOfSample >= groups) {
    throw new ArgumentError("GROUPS", `hold out 1 to ${groups - 1} of ${groups} groups, was ${outOfSample}`, {
      groups,
      outOfSample,
    });
  }
  const splits = combinations(groups, outOfSample);
  const byGroup = Array.from({ length: groups }, (_, group) =>
    splits.flatMap((split, index) => (split.includes(group) ? [index] : [])),
  );
  const paths = byGroup[0]!.map((_, path) => byGroup.map((indices) => indices[path]!));
  return { splits, paths };
}

/**
 * How much of the growth found in sample was kept out of sample: mean ÷ mean of the windows' yearly growth.
 *
 * Not the mean of their ratios, which one window near zero would own. `null` where nothing was found in sample.
 */
export function walkForwardEfficiency(inSample: readonly number[], outOfSample: readonly number[]): number | null {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const found = mean(inSample);
  return found > 0 && outOfSample.length > 0 ? mean(outOfSample) / found : null;
}
