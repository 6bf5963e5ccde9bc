import { type BacktestInput, backtest } from "../backtest/backtest.ts";
import { ToolkitError } from "../core/errors.ts";
import type { Params } from "../optimize/space.ts";
import { ColumnCache } from "../strategy/cache.ts";
import type { Evaluation } from "./search.ts";

/** Bytes of columns that an evaluator keeps. */
const CACHE_BYTES = 192 * 2 ** 20;

/** Everything of a backtest but its parameters. */
export type Fixed = Omit<BacktestInput, "params" | "cache">;

/**
 * Evaluates parameter sets one after the other, sharing the columns they have in common.
 *
 * A set that the rules refuse is a failed evaluation, not an error: others may be fine.
 */
export function evaluateSets(fixed: Fixed): (sets: readonly Params[]) => Evaluation[] {
  const cache = new ColumnCache(CACHE_BYTES);
  return (sets) => sets.map((params) => evaluated(fixed, params, cache));
}

function evaluated(fixed: Fixed, params: Params, cache: ColumnCache): Evaluation {
  try {
    return { metrics: backtest({ ...fixed, params, cache }).metrics };
  } catch (error) {
    if (error instanceof ToolkitError) return { failed: error.message };
    throw error;
  }
}
