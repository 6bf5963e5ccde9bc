import { backtest } from "../backtest/backtest.ts";
import { type Optimized, type OptimizeOptions, optimizeStrategy } from "../research/optimize-strategy.ts";
import { evaluator } from "../research/parallel.ts";
import { graphOf } from "../strategy/graph.ts";
import { resolveParams } from "../strategy/resolve.ts";
import type { Strategy } from "../strategy/strategy.ts";
import type { Run } from "./backtest-options.ts";

type Search = Omit<OptimizeOptions, "strategy" | "rulesHash" | "bars" | "settings" | "evaluator" | "backtest"> & {
  readonly jobs: number;
};

/** Optimizes what the options of a backtest describe. */
export function optimizeRun(run: Run, search: Search): Promise<Optimized> {
  const { strategy, strategyName, bars, settings, extras } = run;
  return optimizeStrategy({
    ...search,
    strategy,
    rulesHash: rulesHash(strategy),
    bars,
    settings,
    evaluator: async (inSample) =>
      evaluator(
        {
          strategy: strategyName,
          fixed: { bars: inSample, settings, ...extras },
          objective: search.objective.name,
        },
        search.jobs,
      ),
    backtest: (params, part, history) => backtest({ strategy, params, bars: part, history, settings, ...extras }),
  });
}

/** Stands for the rules: their graph with default parameters. */
function rulesHash(strategy: Strategy): string {
  return graphOf(strategy, resolveParams(strategy)).hash;
}
