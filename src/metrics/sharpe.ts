import { normalCdf, normalQuantile } from "../core/normal.ts";
import { moments } from "./moments.ts";
import { finiteOrNull } from "./tolerance.ts";

const EULER_GAMMA = 0.5772156649015329;

/** A Sharpe ratio measured on `count` returns, per period (never annualised), and the shape of those returns. */
export interface SharpeSample {
  readonly sharpe: number;
  readonly count: number;
  /** Population skewness. */
  readonly skew: number;
  /** Population kurtosis, raw: 3 for normal returns. */
  readonly kurtosis: number;
}

/**
 * Variance of the estimate of one period's Sharpe ratio, times the number of periods − 1.
 *
 * @see Bailey & López de Prado 2012, "The Sharpe Ratio Efficient Frontier"
 */
function estimateVariance({ sharpe, skew, kurtosis }: SharpeSample): number {
  return 1 - skew * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
}

/** Standard error of a per-period Sharpe ratio; `null` for fewer than two returns or an impossible shape. */
export function sharpeError(sample: SharpeSample): number | null {
  const variance = estimateVariance(sample);
  return sample.count > 1 && variance > 0 ? Math.sqrt(variance / (sample.count - 1)) : null;
}

/** Probability (0…1) that the true Sharpe ratio is above `benchmark`, per period: the PSR. */
export function probabilisticSharpe(sample: SharpeSample, benchmark = 0): number | null {
  const error = sharpeError(sample);
  return error === null ? null : finiteOrNull(normalCdf((sample.sharpe - benchmark) / error));
}

/**
 * Periods needed before the Sharpe ratio is above `benchmark` at `confidence`: the MinTRL.
 *
 * `null` where no number is enough, because the Sharpe ratio is not above the benchmark.
 */
export function minTrackRecordLength(
  sample: Omit<SharpeSample, "count">,
  { benchmark = 0, confidence = 0.95 } = {},
): number | null {
  const variance = estimateVariance({ ...sample, count: 0 });
  if (!(sample.sharpe > benchmark) || !(variance > 0)) return null;
  return finiteOrNull(1 + variance * (normalQuantile(confidence) / (sample.sharpe - benchmark)) ** 2);
}

/**
 * Best Sharpe ratio that `trials` independent strategies without skill are expected to show, in deviations of their
 * Sharpe ratios; 0 for a single trial.
 *
 * @see Bailey & López de Prado 2014, "The Deflated Sharpe Ratio"
 */
export function expectedMaxSharpe(trials: number): number {
  if (!(trials > 1)) return 0;
  const first = normalQuantile(1 - 1 / trials);
  const second = normalQuantile(1 - 1 / (trials * Math.E));
  return Math.max(0, (1 - EULER_GAMMA) * first + EULER_GAMMA * second);
}

export interface DeflatedSharpe {
  /** Per-period Sharpe ratio that luck alone reaches in that many trials. */
  readonly threshold: number;
  /** Probability (0…1) that the true Sharpe ratio is above it: the DSR. */
  readonly probability: number | null;
}

/** The Sharpe ratio of the best of `trials`, whose per-period Sharpe ratios had `variance`, against luck. */
export function deflatedSharpe(sample: SharpeSample, search: { trials: number; variance: number }): DeflatedSharpe {
  const threshold = Math.sqrt(search.variance) * expectedMaxSharpe(search.trials);
  return { threshold, probability: probabilisticSharpe(sample, threshold) };
}

/**
 * Years of data below which the best of `trials` strategies without skill is expected to reach `annualSharpe`.
 *
 * @see Bailey, Borwein, López de Prado & Zhu 2014, "Pseudo-Mathematics and Financial Charlatanism"
 */
export function minBacktestLength(trials: number, annualSharpe: number): number {
  return (expectedMaxSharpe(trials) / annualSharpe) ** 2;
}

/** The Sharpe ratio of `returns` and their shape; `null` where it is not defined. */
export function sharpeSample(returns: Float64Array): SharpeSample | null {
  const { count, mean, deviation, skew, kurtosis } = moments(returns);
  if (skew === null || kurtosis === null) return null;
  return { sharpe: mean / deviation, count, skew, kurtosis };
}
