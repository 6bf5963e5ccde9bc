import { type Random, random } from "../core/random.ts";
import { type Axis, axis } from "./axis.ts";
import { type BinnedData, growTree, type Leaf } from "./forest.ts";
import type { TrialRecord } from "./trial.ts";

export interface ImportanceOptions {
  /** Which of the values told, default 0. */
  readonly objective?: number;
  /** Default 32. */
  readonly trees?: number;
  readonly seed?: number | string;
}

/** Fewer complete trials than this say nothing about parameters. */
const LEAST_TRIALS = 10;
const BINS = 64;

/**
 * How much of what happened to the value each parameter explains on its own; ≥ 0, sum 1, most important first.
 *
 * Functional ANOVA: a forest of regression trees is fitted to the complete trials; a parameter's share is the
 * variance, over its range, of the forest's mean over all other parameters, divided by the sum of those
 * variances. What only a combination of parameters does is in no share. Parameters that are not in every complete
 * trial, or never vary, are left out. `null` below ten trials, without such parameters, or when all values are equal.
 *
 * @see F. Hutter et al., An efficient approach for assessing hyperparameter importance, 2014
 */
export function parameterImportance(
  trials: readonly TrialRecord[],
  options: ImportanceOptions = {},
): Record<string, number> | null {
  const { objective = 0, trees = 32, seed = 1 } = options;
  const complete = trials.filter((trial) => trial.state === "complete");
  const values = Float64Array.from(complete, (trial) => trial.values![objective]!);
  const features = commonNames(complete).flatMap((name) => binned(name, complete, values) ?? []);
  if (complete.length < LEAST_TRIALS || features.length === 0 || values.every((v) => v === values[0])) return null;
  const data: BinnedData = {
    count: complete.length,
    bins: features.map((feature) => feature.bins),
    binCounts: features.map((feature) => feature.widths.length),
    values: standardized(values),
  };
  const rng: Random = random(`${seed}/importance`);
  const totals = new Float64Array(features.length);
  for (let k = 0; k < trees; k++) {
    const leaves = growTree(data, rng);
    features.forEach((_, j) => {
      totals[j]! += mainVariance(leaves, features, j);
    });
  }
  const sum = totals.reduce((a, b) => a + b, 0);
  if (!(sum > 0)) return null;
  const shares = features.map((feature, j) => [feature.name, totals[j]! / sum] as const);
  return Object.fromEntries(shares.sort((a, b) => b[1] - a[1]));
}

interface Feature {
  readonly name: string;
  readonly bins: Uint8Array;
  /** Share of the range each bin covers; sum 1. */
  readonly widths: Float64Array;
}

/** Variance over feature `j` of a tree's mean over the other features. */
function mainVariance(leaves: readonly Leaf[], features: readonly Feature[], j: number): number {
  const ends = features.map(({ widths }) => cumulated(widths));
  const { widths } = features[j]!;
  const steps = new Float64Array(widths.length + 1);
  for (const { low, high, mean } of leaves) {
    let others = mean;
    for (let f = 0; f < features.length; f++) {
      if (f !== j) others *= ends[f]![high[f]!]! - ends[f]![low[f]!]!;
    }
    steps[low[j]!]! += others;
    steps[high[j]!]! -= others;
  }
  let level = 0;
  let mean = 0;
  let square = 0;
  for (let bin = 0; bin < widths.length; bin++) {
    level += steps[bin]!;
    mean += widths[bin]! * level;
    square += widths[bin]! * level * level;
  }
  return Math.max(0, square - mean * mean);
}

function cumulated(widths: Float64Array): Float64Array {
  const ends = new Float64Array(widths.length + 1);
  for (let k = 0; k < widths.length; k++) ends[k + 1] = ends[k]! + widths[k]!;
  return ends;
}

/** A parameter's trials in bins: its cells where they are few, else about equally full intervals. */
function binned(name: string, trials: readonly TrialRecord[], values: Float64Array): Feature | null {
  const on = axis(trials[0]!.space[name]!);
  if (
    on.cells === 1 ||
    !trials.every((trial) => trial.space[name] === trials[0]!.space[name] || sameText(trial, trials[0]!, name))
  )
    return null;
  if (on.kind === "choice") return choiceBins(name, on, trials, values);
  const units = Float64Array.from(trials, (trial) => on.unit(trial.params[name]!));
  const inner = on.cells <= BINS ? cellEdges(on) : quantileEdges(units);
  const edges = [0, ...inner, 1];
  return {
    name,
    bins: Uint8Array.from(units, (unit) => inner.filter((edge) => edge <= unit).length),
    widths: Float64Array.from({ length: edges.length - 1 }, (_, k) => edges[k + 1]! - edges[k]!),
  };
}

/** Choices in the order of their mean value, so that a cut between bins can part any good from any bad ones. */
function choiceBins(name: string, on: Axis, trials: readonly TrialRecord[], values: Float64Array): Feature | null {
  if (on.cells > 256) return null;
  const sums = new Float64Array(on.cells);
  const counts = new Float64Array(on.cells);
  trials.forEach((trial, i) => {
    const choice = on.index(trial.params[name]!);
    sums[choice]! += values[i]!;
    counts[choice]!++;
  });
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const means = sums.map((sum, k) => (counts[k]! > 0 ? sum / counts[k]! : mean));
  const order = [...means.keys()].sort((a, b) => means[a]! - means[b]!);
  return {
    name,
    bins: Uint8Array.from(trials, (trial) => order.indexOf(on.index(trial.params[name]!))),
    widths: new Float64Array(on.cells).fill(1 / on.cells),
  };
}

function cellEdges(on: Axis): number[] {
  return Array.from({ length: on.cells - 1 }, (_, k) => on.edge(k + 1));
}

function quantileEdges(units: Float64Array): number[] {
  const sorted = [...new Set(units)].sort((a, b) => a - b);
  const bins = Math.min(BINS, sorted.length);
  return Array.from({ length: bins - 1 }, (_, k) => {
    const at = Math.floor(((k + 1) * sorted.length) / bins);
    return (sorted[at - 1]! + sorted[at]!) / 2;
  });
}

/** Mean 0, variance 1: sums of squares then keep their digits whatever the scale of the value. */
function standardized(values: Float64Array): Float64Array {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
  return values.map((v) => (v - mean) / sd);
}

function commonNames(trials: readonly TrialRecord[]): string[] {
  const [first, ...rest] = trials;
  return Object.keys(first?.space ?? {}).filter((name) => rest.every((trial) => Object.hasOwn(trial.space, name)));
}

function sameText(a: TrialRecord, b: TrialRecord, name: string): boolean {
  return JSON.stringify(a.space[name]) === JSON.stringify(b.space[name]);
}
