import { backtest } from "../backtest/backtest.ts";
import type { MarketExtras } from "../backtest/market.ts";
import { type BacktestSettings, backtestSettings } from "../backtest/settings.ts";
import { metricOf } from "../metrics/catalogue.ts";
import type { Bars } from "../model/bar.ts";
import { memoryStorage } from "../optimize/storages/memory.ts";
import type { Storage } from "../optimize/storages/storage.ts";
import type { TrialRecord } from "../optimize/trial.ts";
import { graphOf } from "../strategy/graph.ts";
import { resolveParams } from "../strategy/resolve.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { evaluateSets } from "./evaluator.ts";
import { type Optimized, optimizeStrategy } from "./optimize-strategy.ts";

/** A search over a strategy's parameters; what is left out is as in `grimoire optimize`. */
export interface OptimizeInput {
  readonly strategy: Strategy;
  readonly bars: Bars;
  readonly settings?: Partial<BacktestSettings>;
  /** Funding, mark prices, instrument rules. */
  readonly extras?: MarketExtras;
  /** Any metric that can be an objective. Default "sharpe". */
  readonly objective?: string;
  /** "tpe" (default), "tpe-univariate", "random", "qmc" or "grid". */
  readonly sampler?: string;
  /** Size of the study at the end. Default 100. */
  readonly trials?: number;
  /** Sets with fewer rank behind all others. Default 30. */
  readonly minTrades?: number;
  /** Last part of the bars that the search never sees, 0…1. Default 0.25. */
  readonly holdout?: number;
  /** Default 1. Same seed, same search. */
  readonly seed?: number;
  /** Default: the strategy's name. A stored study of this name is resumed. */
  readonly name?: string;
  /** Default: in memory. The caller closes it. */
  readonly storage?: Storage;
  /** Ends the search after the current batch; what was found is returned. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (told: number, best: TrialRecord | null) => void;
}

/**
 * Searches a strategy's parameters in this thread, holds bars out, and says what the best is worth.
 *
 * @throws as `optimizeStrategy`; ArgumentError `SETTING`, `METRIC`
 */
export function optimize(input: OptimizeInput): Promise<Optimized> {
  const { strategy, bars, extras, objective = "sharpe", name = strategy.name, seed = 1, onProgress } = input;
  const { sampler = "tpe", trials = 100, minTrades = 30, holdout = 0.25, storage = memoryStorage() } = input;
  const settings = backtestSettings(input.settings);
  const metric = metricOf(objective);
  return optimizeStrategy({
    ...{ strategy, bars, settings, name, seed, sampler, trials, minTrades, holdout, storage },
    rulesHash: graphOf(strategy, resolveParams(strategy)).hash,
    objective: metric,
    about: null,
    batch: 1,
    signal: input.signal ?? new AbortController().signal,
    ...(onProgress && { onProgress }),
    evaluator: async (inSample) => {
      const evaluate = evaluateSets({ strategy, bars: inSample, settings, ...extras }, metric.name);
      return { evaluate: async (sets) => evaluate(sets), close: async () => {} };
    },
    backtest: (params, part, history) => backtest({ strategy, params, bars: part, history, settings, ...extras }),
  });
}
