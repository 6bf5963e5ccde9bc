import type { BacktestInput } from "../backtest.ts";
import type { BacktestSettings } from "../settings.ts";

/** Everything of a backtest but its parameters. */
export type SweepInput = Omit<BacktestInput, "params" | "cache" | "equity">;

/**
 * What of a backtest no sweep can do, whatever the rules are; `null` when there is nothing.
 *
 * A sweep lives on a position that is all of the equity, to the last digit, until a signal ends it.
 */
export function settingsFault(settings: BacktestSettings, input: Omit<SweepInput, "strategy" | "bars">): string | null {
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
    [(input.history?.length ?? 0) > 0, "history for the warm-up"],
  ];
  return faults.find(([is]) => is)?.[1] ?? null;
}
