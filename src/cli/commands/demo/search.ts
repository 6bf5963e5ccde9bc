import { join } from "node:path";
import { type BacktestSettings, backtestSettings } from "../../../backtest/settings.ts";
import { DataError } from "../../../core/errors.ts";
import { metricOf } from "../../../metrics/catalogue.ts";
import type { Bars } from "../../../model/bar.ts";
import type { FundingRates } from "../../../model/funding.ts";
import type { Instrument } from "../../../model/instrument.ts";
import { sqliteStorage } from "../../../optimize/storages/sqlite.ts";
import type { OptimizationInput } from "../../../report/input.ts";
import { progress } from "../../../report/progress.ts";
import type { Optimized } from "../../../research/optimize-strategy.ts";
import { loadStrategy } from "../../../strategies/load.ts";
import type { Io } from "../../io.ts";
import { optimizationInput } from "../../optimize-output.ts";
import { optimizeRun } from "../../optimize-run.ts";

/** Both, as one strategy that does well is soon found when only one is looked at. */
export const CANDIDATES = ["rsi-trend", "ensemble"] as const;
const TRIALS = 100;

/** A search that found something. */
export interface Found {
  readonly strategy: string;
  readonly optimized: Optimized;
  readonly input: OptimizationInput;
}

export interface SearchOptions {
  readonly bars: Bars;
  readonly funding: FundingRates;
  readonly instrument: Instrument;
  readonly settings: Partial<BacktestSettings>;
  readonly seed: number;
  readonly out: string;
  /** The bars' file, for the record. */
  readonly dataFile: string;
}

/** Searches the parameters of both strategies; the better one in sample first. @throws DataError `NO_TRIAL` */
export async function search(options: SearchOptions, io: Io): Promise<Found[]> {
  const { bars, funding, instrument, settings, seed, out, dataFile } = options;
  const storage = sqliteStorage(join(out, "studies.sqlite"));
  const objective = metricOf("sharpe");
  const searched = (name: string, onProgress: (done: number) => void): Promise<Optimized> =>
    optimizeRun(
      {
        strategy: loadStrategy(name),
        strategyName: name,
        bars,
        history: null,
        settings: backtestSettings(settings),
        extras: { funding, instrument },
      },
      {
        ...{ name, about: { strategy: name, data: dataFile }, storage, sampler: "tpe", seed, trials: TRIALS },
        ...{ batch: 1, jobs: 1, objective, holdout: 0.25, minTrades: 30, signal: io.signal, onProgress },
      },
    );
  const found: Found[] = [];
  try {
    for (const name of CANDIDATES) storage.deleteStudy(name);
    for (const name of CANDIDATES) {
      const bar = progress(`3/6  optimize ${name}`, TRIALS);
      await searched(name, (done) => bar.update(done)).finally(() => bar.stop());
    }
    // Judged once both are through: what the best is worth depends on all that was tried on these bars.
    for (const name of CANDIDATES) {
      const optimized = await searched(name, () => {});
      const input = optimizationInput(optimized, { objective: objective.name, seed });
      if (input) found.push({ strategy: name, optimized, input });
    }
  } finally {
    storage.close();
  }
  if (found.length === 0)
    throw new DataError("NO_TRIAL", `no trial with seed ${seed} made a trade; try another --seed`);
  return found.sort((a, b) => (b.input.best.value ?? -Infinity) - (a.input.best.value ?? -Infinity));
}
