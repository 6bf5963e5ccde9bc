import { ToolkitError } from "../../core/errors.ts";
import type { BacktestInput } from "../backtest.ts";
import { marketOf } from "../market.ts";
import type { BacktestSettings } from "../settings.ts";

/** Everything of a backtest but its parameters. */
export type SweepInput = Omit<BacktestInput, "params" | "cache" | "equity">;

/**
 * What of a backtest keeps its results from following from sums, whatever the rules are; `null` when nothing does.
 *
 * Sums live on a position that is all of the equity, to the last digit, until a signal ends it.
 */
export function sumsFault(settings: BacktestSettings, input: Omit<SweepInput, "strategy" | "bars">): string | null {
  const faults: readonly (readonly [boolean, string])[] = [
    [settings.sizing.kind !== "all-in", `size ${settings.sizing.kind} is not all-in`],
    [settings.leverage !== 1, `leverage ${settings.leverage} is not 1`],
    [settings.side === "short", "side short"],
    [settings.stopLoss !== null, "a stop loss"],
    [settings.takeProfit !== null, "a take profit"],
    [settings.trailingStop !== null, "a trailing stop"],
    [settings.participation !== null, "a share of volume"],
    [input.instrument !== undefined, "an instrument, which rounds quantities"],
    [settings.funding && (input.funding?.time.length ?? 0) > 0, "funding"],
    [input.mark !== undefined, "mark prices"],
    [input.detail !== undefined, "detail bars"],
  ];
  return faults.find(([is]) => is)?.[1] ?? null;
}

/** What keeps parameter sets from sharing anything. */
export function sweepFault(settings: BacktestSettings, input: SweepInput): string | null {
  if ((input.history?.length ?? 0) > 0) return "history for the warm-up";
  try {
    marketOf(input.bars, settings, input);
    return null;
  } catch (error) {
    if (error instanceof ToolkitError) return error.message;
    throw error;
  }
}
