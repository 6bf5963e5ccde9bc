import { backtest } from "../../../src/backtest/backtest.ts";
import { type ReplayInput, replay } from "../../../src/backtest/replay/replay.ts";
import type { Bars } from "../../../src/model/bar.ts";
import type { Trade } from "../../../src/model/trade.ts";

const SAME = ["side", "entryTime", "exitTime", "quantity"] as const;
const NEAR = ["entryPrice", "exitPrice", "realizedPnl", "fees", "funding"] as const;

/** How far fast backtest and replay agree. */
export interface Parity {
  readonly fastTrades: number;
  readonly replayTrades: number;
  /** Trades up to the first one that differs. */
  readonly same: number;
  /** The first difference that no named difference of the models explains; `null` if there is none. */
  readonly difference: string | null;
}

/**
 * Compares trade by trade. The models differ in two named ways: the exchange counts money in units of 1e-8, and a target of
 * the exchange is a market order that fires when touched, where the fast backtest waits for the price to trade through.
 */
export function parityOf(input: ReplayInput): Parity {
  const fast = backtest(input);
  const slow = replay(input);
  const count = Math.max(fast.trades.length, slow.trades.length);
  const base = { fastTrades: fast.trades.length, replayTrades: slow.trades.length };
  for (let k = 0; k < count; k++) {
    const [one, other] = [fast.trades[k], slow.trades[k]];
    const fields = differing(one, other);
    if (fields.length === 0) continue;
    const isTouch = other?.exitReason === "takeProfit" && isOnlyTouched(other, input.bars);
    return { ...base, same: k, difference: isTouch ? null : describe(k, fields, one, other) };
  }
  return { ...base, same: count, difference: null };
}

function differing(one: Trade | undefined, other: Trade | undefined): string[] {
  if (!one || !other) return ["there"];
  const far = (a: number, b: number) => Math.abs(a - b) > 1e-9 * Math.abs(a) + 2e-7;
  return [...SAME.filter((name) => one[name] !== other[name]), ...NEAR.filter((name) => far(one[name], other[name]))];
}

/** Whether the target was the very extreme of its bar. */
function isOnlyTouched(trade: Trade, bars: Bars): boolean {
  const i = bars.time.indexOf(trade.exitTime);
  const extreme = trade.side === "buy" ? bars.high[i]! : bars.low[i]!;
  return Math.abs(extreme - trade.exitPrice) < 1e-9 * extreme;
}

function describe(k: number, fields: readonly string[], one: Trade | undefined, other: Trade | undefined): string {
  const show = (trade: Trade | undefined) =>
    trade ? fields.map((name) => `${name} ${trade[name as keyof Trade]}`).join(" ") : "none";
  return `trade ${k}: fast ${show(one)} (${one?.exitReason}), replay ${show(other)} (${other?.exitReason})`;
}
