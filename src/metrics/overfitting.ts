import { ArgumentError } from "../core/errors.ts";
import { combinations } from "./combinations.ts";

/** How the best of many trials fares where it was not chosen. */
export interface Overfitting {
  /** Probability (0…1) that the in-sample best is below the median out of sample: the PBO. */
  readonly probability: number;
  /** Splits of the data that were tried. */
  readonly splits: number;
  /** ln(w ÷ (1 − w)) of its relative rank w out of sample, one per split, ascending; ≤ 0 is below the median. */
  readonly logits: Float64Array;
  readonly meanLogit: number;
  /** Probability (0…1) that it loses out of sample. */
  readonly lossProbability: number;
  /** Line through (in-sample, out-of-sample) performance of the best; a slope below 0: the better, the worse. */
  readonly degradation: { readonly slope: number; readonly intercept: number };
}

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation (CSCV).
 *
 * `trials` holds one column of per-period returns per trial, all of one length. The oldest periods that do not fill a
 * block are left out. Performance is the per-period Sharpe ratio; 0 for a trial that did nothing.
 *
 * @throws ArgumentError `TRIALS` (fewer than 2), `COLUMN_LENGTH`, `BLOCKS` (odd, or shorter than 2 periods, or over 20)
 * @see Bailey, Borwein, López de Prado & Zhu 2017, "The Probability of Backtest Overfitting"
 */
export function overfitting(trials: readonly Float64Array[], blocks = 16): Overfitting {
  const periods = trials[0]?.length ?? 0;
  check(trials, blocks, periods);
  const sums = blockSums(trials, blocks, Math.floor(periods / blocks));
  const choices = combinations(blocks, blocks / 2);
  const logits = new Float64Array(choices.length);
  const best: { inside: number; outside: number }[] = [];
  const inside = new Float64Array(trials.length);
  const outside = new Float64Array(trials.length);
  choices.forEach((choice, split) => {
    const chosen = new Set(choice);
    const rest = Array.from({ length: blocks }, (_, block) => block).filter((block) => !chosen.has(block));
    for (let trial = 0; trial < trials.length; trial++) {
      inside[trial] = sharpeOf(sums, trial, choice);
      outside[trial] = sharpeOf(sums, trial, rest);
    }
    let winner = 0;
    for (let trial = 1; trial < trials.length; trial++) if (inside[trial]! > inside[winner]!) winner = trial;
    const relative = rankOf(outside, winner) / (trials.length + 1);
    logits[split] = Math.log(relative / (1 - relative));
    best.push({ inside: inside[winner]!, outside: outside[winner]! });
  });
  logits.sort();
  return {
    probability: logits.filter((logit) => logit <= 0).length / logits.length,
    splits: logits.length,
    logits,
    meanLogit: logits.reduce((sum, logit) => sum + logit, 0) / logits.length,
    lossProbability: best.filter((each) => each.outside < 0).length / best.length,
    degradation: regression(best),
  };
}

function check(trials: readonly Float64Array[], blocks: number, periods: number): void {
  if (trials.length < 2) {
    throw new ArgumentError("TRIALS", `overfitting needs at least 2 trials to choose from, has ${trials.length}`);
  }
  const odd = trials.findIndex((column) => column.length !== periods);
  if (odd >= 0) {
    throw new ArgumentError("COLUMN_LENGTH", `trial ${odd} has ${trials[odd]!.length} returns, trial 0 has ${periods}`);
  }
  if (!Number.isInteger(blocks) || blocks % 2 !== 0 || blocks < 2 || blocks > 20 || periods < 2 * blocks) {
    throw new ArgumentError(
      "BLOCKS",
      `blocks must be an even number from 2 to 20 with at least 2 of the ${periods} periods each, was ${blocks}`,
      { blocks, periods },
    );
  }
}

interface BlockSums {
  readonly blocks: number;
  readonly size: number;
  /** Σ r and Σ r² of trial t in block b at index t × blocks + b. */
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

function blockSums(trials: readonly Float64Array[], blocks: number, size: number): BlockSums {
  const sum = new Float64Array(trials.length * blocks);
  const squares = new Float64Array(trials.length * blocks);
  trials.forEach((column, trial) => {
    const skipped = column.length - blocks * size;
    for (let i = skipped; i < column.length; i++) {
      const at = trial * blocks + Math.floor((i - skipped) / size);
      sum[at]! += column[i]!;
      squares[at]! += column[i]! ** 2;
    }
  });
  return { blocks, size, sum, squares };
}

function sharpeOf(sums: BlockSums, trial: number, blocks: readonly number[]): number {
  let sum = 0;
  let squares = 0;
  for (const block of blocks) {
    sum += sums.sum[trial * sums.blocks + block]!;
    squares += sums.squares[trial * sums.blocks + block]!;
  }
  const count = blocks.length * sums.size;
  const mean = sum / count;
  const variance = (squares - sum * mean) / (count - 1);
  return variance > 1e-12 * (squares / count) ? mean / Math.sqrt(variance) : 0;
}

/** Rank of one value among all, 1 the lowest; equals share their mean rank. */
function rankOf(values: Float64Array, index: number): number {
  const value = values[index]!;
  let below = 0;
  let equal = 0;
  for (const other of values) {
    if (other < value) below++;
    else if (other === value) equal++;
  }
  return below + (equal + 1) / 2;
}

function regression(points: readonly { inside: number; outside: number }[]): { slope: number; intercept: number } {
  const meanOf = (pick: (point: { inside: number; outside: number }) => number) =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [x, y] = [meanOf((point) => point.inside), meanOf((point) => point.outside)];
  const covariance = meanOf((point) => (point.inside - x) * (point.outside - y));
  const variance = meanOf((point) => (point.inside - x) ** 2);
  const slope = variance > 0 ? covariance / variance : 0;
  return { slope, intercept: y - slope * x };
}
