import { ArgumentError } from "../core/errors.ts";
import type { SizingPolicy } from "../risk/policy.ts";

/** How signals become fills and what they cost. Plain JSON; fractions, never percents. */
export interface BacktestSettings {
  /** Quote at the start. */
  readonly cash: number;
  /** Taker fee, fraction of notional per fill: market orders and stops. */
  readonly feeRate: number;
  /** Fee of a resting target; `null`: as `feeRate`. */
  readonly makerFeeRate: number | null;
  /** Worsens the price of every market fill, stops included. */
  readonly slippageBps: number;
  /** `next-open`: at the open after the signal. `close`: at the signal's own close, as vectorbt does; optimistic. */
  readonly fill: "next-open" | "close";
  readonly sizing: SizingPolicy;
  /** Notional ≤ equity × leverage. It never makes a position larger than the sizing policy asks. */
  readonly leverage: number;
  /** Signals of the other side are not heard at all. */
  readonly side: "both" | "long" | "short";
  /** Fractions of the entry price that replace the strategy's own levels; `null`: the strategy's. */
  readonly stopLoss: number | null;
  readonly takeProfit: number | null;
  readonly trailingStop: number | null;
  /** A bar that opens beyond the target fills it at the `open`, or no better than its `limit`. */
  readonly targetGap: "open" | "limit";
  /** Most of a bar's volume that an entry may take, a fraction; `null`: any. What does not fill is canceled. */
  readonly participation: number | null;
  /** Whether settlements are paid where funding rates are given. */
  readonly funding: boolean;
}

export const DEFAULT_SETTINGS: BacktestSettings = {
  cash: 10_000,
  feeRate: 0.00055,
  makerFeeRate: null,
  slippageBps: 0,
  fill: "next-open",
  sizing: { kind: "all-in" },
  leverage: 1,
  side: "both",
  stopLoss: null,
  takeProfit: null,
  trailingStop: null,
  targetGap: "open",
  participation: null,
  funding: true,
};

/**
 * `given` over the defaults, checked.
 *
 * @throws ArgumentError `SETTING`
 */
export function backtestSettings(given: Partial<BacktestSettings> = {}): BacktestSettings {
  const settings = { ...DEFAULT_SETTINGS, ...given };
  const { cash, feeRate, makerFeeRate, slippageBps, leverage } = settings;
  check("cash", cash, cash > 0, "a number above 0");
  check("feeRate", feeRate, feeRate > -0.1 && feeRate < 0.1, "a fraction of notional within ±0.1 (0.00055 is 0.055 %)");
  if (makerFeeRate !== null) {
    check(
      "makerFeeRate",
      makerFeeRate,
      makerFeeRate > -0.1 && makerFeeRate < 0.1,
      "a fraction of notional within ±0.1",
    );
  }
  check("slippageBps", slippageBps, slippageBps >= 0 && slippageBps < 10_000, "basis points from 0 to below 10000");
  check("leverage", leverage, leverage > 0 && leverage <= 1000, "a number above 0, up to 1000");
  for (const name of ["stopLoss", "takeProfit", "trailingStop"] as const) {
    const value = settings[name];
    const most = name === "takeProfit" ? Infinity : 1;
    if (value === null) continue;
    check(
      name,
      value,
      value > 0 && value < most,
      `a fraction of the entry price above 0${most === 1 ? " and below 1" : ""}`,
    );
  }
  const { participation } = settings;
  if (participation !== null) {
    check(
      "participation",
      participation,
      participation > 0 && participation <= 1,
      "a fraction of volume above 0, up to 1",
    );
  }
  return settings;
}

function check(name: string, value: number, holds: boolean, wanted: string): void {
  if (holds && Number.isFinite(value)) return;
  throw new ArgumentError("SETTING", `${name} must be ${wanted}, was ${value}`, { name, value });
}
