import type { BacktestResult } from "../backtest/result.ts";
import { intervalMs, YEAR_MS } from "../core/time.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { returnsOf } from "../metrics/returns.ts";
import { sharpeSample } from "../metrics/sharpe.ts";
import { type Verdict, verdict } from "../metrics/verdict.ts";
import type { TrialRecord } from "../optimize/trial.ts";

/** How many tries a result was chosen from, and how far apart they were. */
export interface Tries {
  /** Distinct evaluations ever made on the data. */
  readonly count: number;
  /** Annualised Sharpe ratios of the trials that have one. */
  readonly sharpes: readonly number[];
}

/** What a result is worth, given the search it was picked from; one try for a single backtest. */
export function worth(inSample: BacktestResult, outOfSample: Metrics | null, tries: Tries): Verdict {
  const barsPerYear = YEAR_MS / intervalMs(inSample.data.interval);
  const returns = returnsOf({ startEquity: inSample.settings.cash, equity: inSample.equity });
  return verdict({
    sample: sharpeSample(returns),
    barsPerYear,
    inSample: inSample.metrics,
    outOfSample,
    search: { trials: tries.count, variance: variance(tries.sharpes) / barsPerYear },
  });
}

/** The Sharpe ratios a study's trials kept with their metrics. */
export function sharpesOf(trials: readonly TrialRecord[]): number[] {
  return trials.map((trial) => trial.metrics?.sharpe).filter((sharpe) => typeof sharpe === "number");
}

function variance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
