import type { BacktestResult } from "../backtest/result.ts";
import { ConfigError } from "../core/errors.ts";
import type { MetricInfo } from "../metrics/catalogue.ts";
import type { Verdict } from "../metrics/verdict.ts";
import type { Bars } from "../model/bar.ts";
import { parameterImportance } from "../optimize/importance.ts";
import type { Params } from "../optimize/space.ts";
import type { Storage } from "../optimize/storages/storage.ts";
import { createStudy, type Study, type StudyOptions } from "../optimize/study.ts";
import type { Json, TrialRecord } from "../optimize/trial.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { dataKey, fingerprint } from "./fingerprint.ts";
import { holdOut } from "./holdout.ts";
import { otherSearch, type SearchAbout } from "./mismatch.ts";
import { samplerOf } from "./samplers.ts";
import { type Evaluate, search } from "./search.ts";
import { searchSpace } from "./search-space.ts";
import { sharpesOf, worth } from "./worth.ts";

export interface OptimizeOptions {
  readonly strategy: Strategy;
  /** What the strategy's rules are, e.g. a hash of them: another text, another study. */
  readonly rulesHash: string;
  readonly bars: Bars;
  /** Part of the bars the search never sees, 0…1. */
  readonly holdout: number;
  /** What is the same in every trial: cash, fees, sizing …; plain JSON. */
  readonly settings: unknown;
  readonly objective: MetricInfo;
  readonly minTrades: number;
  readonly name: string;
  /** Kept with the study: how its trials can be run again. */
  readonly about: Json;
  readonly storage: Storage;
  readonly sampler: string;
  readonly seed: number;
  /** Size of the study at the end. */
  readonly trials: number;
  readonly batch: number;
  /** Makes what evaluates parameter sets on the bars of the search. */
  readonly evaluator: (inSample: Bars) => Promise<{ evaluate: Evaluate; close(): Promise<void> }>;
  /** One whole backtest; `history` are bars before, for the warm-up. */
  readonly backtest: (params: Params, bars: Bars, history: Bars | null) => BacktestResult;
  readonly signal: AbortSignal;
  readonly onProgress?: (told: number, best: TrialRecord | null) => void;
}

export interface Optimized {
  readonly study: Study;
  readonly best: TrialRecord | null;
  /** The best breaks the constraint: no trial kept it. */
  readonly infeasible: boolean;
  readonly top: readonly TrialRecord[];
  readonly importance: Readonly<Record<string, number>> | null;
  readonly inSample: BacktestResult | null;
  readonly outOfSample: BacktestResult | null;
  readonly verdict: Verdict | null;
  readonly elapsedMs: number;
}

/**
 * Searches a strategy's parameters on the first part of the bars, then says what the best is worth on the rest.
 *
 * Every evaluation is counted against the data, over all studies: the deflated Sharpe ratio needs the true number.
 *
 * @throws ConfigError `STUDY_MISMATCH`; DataError `STUDY_BUSY`, `STORAGE_…`; ArgumentError `HOLDOUT`, `SAMPLER`
 */
export async function optimizeStrategy(options: OptimizeOptions): Promise<Optimized> {
  const started = performance.now();
  const { strategy, objective, storage, signal } = options;
  const { inSample, outOfSample } = holdOut(options.bars, options.holdout);
  const data = dataKey(inSample);
  const subject = { strategy: strategy.name, rules: options.rulesHash, settings: options.settings };
  const aim = { objective: objective.name, minTrades: options.minTrades };
  const study = opened({
    name: options.name,
    direction: objective.better === "higher" ? "maximize" : "minimize",
    sampler: samplerOf(options.sampler),
    seed: options.seed,
    storage,
    space: searchSpace(strategy.params),
    about: { options: options.about, data, ...aim },
    fingerprint: fingerprint({ ...subject, data, ...aim }),
  });
  try {
    const evaluator = await options.evaluator(inSample);
    try {
      await search({
        study,
        trials: options.trials,
        batch: options.batch,
        evaluate: evaluator.evaluate,
        ...aim,
        signal,
        onAsked(sets) {
          storage.recordEvaluations(
            data,
            sets.map((params) => fingerprint({ ...subject, params })),
          );
        },
        onTold: (told) => options.onProgress?.(told, study.bestTrial),
      });
    } finally {
      await evaluator.close();
    }
    const top = study.topTrials(10);
    const best = study.bestTrial ?? top[0] ?? null;
    const inside = best && options.backtest(best.params, inSample, null);
    const outside = best && outOfSample && options.backtest(best.params, outOfSample, inSample);
    return {
      study,
      best,
      infeasible: best !== null && study.bestTrial === null,
      top,
      importance: importanceOf(study),
      inSample: inside,
      outOfSample: outside,
      verdict:
        inside &&
        worth(inside, outside?.metrics ?? null, {
          count: Math.max(1, storage.evaluationsOf(data)),
          sharpes: sharpesOf(study.trials),
        }),
      elapsedMs: performance.now() - started,
    };
  } finally {
    study.close();
  }
}

/** Opens the study; a search that is not its own is refused with what is other. */
function opened(options: StudyOptions & { readonly storage: Storage; readonly about: SearchAbout }): Study {
  try {
    return createStudy(options);
  } catch (error) {
    if (!(error instanceof ConfigError && error.code === "STUDY_MISMATCH")) throw error;
    throw otherSearch(options.name, options.storage.readStudy(options.name)?.about ?? null, options.about, error);
  }
}

function importanceOf(study: Study): Readonly<Record<string, number>> | null {
  return parameterImportance(study.trials, { seed: study.seed });
}
