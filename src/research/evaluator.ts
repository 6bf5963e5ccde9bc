import { type BacktestInput, backtest } from "../backtest/backtest.ts";
import { strategyPlan } from "../backtest/sweep/strategy-plan.ts";
import { type SetMetrics, StrategySweep } from "../backtest/sweep/strategy-sweep.ts";
import { ToolkitError } from "../core/errors.ts";
import type { MetricName } from "../metrics/catalogue.ts";
import type { Params } from "../optimize/space.ts";
import { ColumnCache } from "../strategy/cache.ts";
import { type Evaluation, TRIAL_METRICS, type TrialMetrics } from "./search.ts";

/** Bytes of columns that an evaluator keeps. */
const CACHE_BYTES = 192 * 2 ** 20;

/** Everything of a backtest but its parameters. */
export type Fixed = Omit<BacktestInput, "params" | "cache">;

/** Evaluates parameter sets, in order. */
export type EvaluateSets = (sets: readonly Params[]) => Evaluation[];

/**
 * Evaluates parameter sets, sharing what they have in common: as a sweep where the rules allow, else as whole backtests.
 * The results are the same: to nine digits where sums tell what `objective` needs, to the bit elsewhere.
 *
 * A set that the rules refuse is a failed evaluation, not an error: others may be fine.
 */
export function evaluateSets(fixed: Fixed, objective: MetricName): EvaluateSets {
  const whole = evaluateWhole(fixed);
  const made = strategyPlan(fixed, wantedMetrics(objective));
  if (!made.ok) return whole;
  const sweep = new StrategySweep(made.plan, fixed);
  return (sets) => {
    const found = sweep.run(sets);
    return sets.map((params, s) => sweptEvaluation(found[s]!) ?? whole([params])[0]!);
  };
}

/** The same by whole backtests only. */
export function evaluateWhole(fixed: Fixed): EvaluateSets {
  let cache: ColumnCache | undefined;
  let equity: Float64Array | undefined;
  return (sets) => {
    cache ??= new ColumnCache(CACHE_BYTES);
    equity ??= new Float64Array(fixed.bars.length + (fixed.history?.length ?? 0));
    const room = { cache, equity };
    return sets.map((params) => evaluated(fixed, params, room));
  };
}

/** What an evaluation must know when a search aims at `objective`. */
export function wantedMetrics(objective: MetricName): MetricName[] {
  return [...new Set([...TRIAL_METRICS, objective])];
}

/** A sweep's metrics as an evaluation; `null` where they are not there. */
export function sweptEvaluation(found: SetMetrics): Evaluation | null {
  return hasTrialMetrics(found) ? { metrics: found } : null;
}

function hasTrialMetrics(found: SetMetrics): found is SetMetrics & TrialMetrics {
  return found?.maxDrawdown !== undefined;
}

function evaluated(fixed: Fixed, params: Params, room: { cache: ColumnCache; equity: Float64Array }): Evaluation {
  try {
    return { metrics: backtest({ ...fixed, params, ...room }).metrics };
  } catch (error) {
    if (error instanceof ToolkitError) return { failed: error.message };
    throw error;
  }
}
