import { plainDecimal } from "../core/decimal.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../core/time.ts";
import type { EquityCurve } from "../metrics/curve.ts";
import { drawdownColumn } from "../metrics/drawdown.ts";
import type { Trade } from "../model/trade.ts";

type Cell = number | string | boolean | null;

/**
 * Columns of the trade file. The first twelve are a fixed order that other tools read; ours follow.
 *
 * Times are ISO 8601 UTC with milliseconds. `realized_pnl` is after fees and funding, `gross_pnl` before. `pnl_percentage`
 * is percent of the entry notional (the only percent in this project: the name is given), `…_fraction` are fractions of it.
 * `hold_time` is `D days HH:MM:SS`. An open trade has status OPEN and is valued at the last close.
 */
const TRADE_COLUMNS: readonly (readonly [name: string, value: (trade: Trade) => Cell])[] = [
  ["trade_id", (trade) => trade.id],
  ["symbol", (trade) => trade.symbol],
  ["side", (trade) => trade.side],
  ["entry_time", (trade) => isoTime(trade.entryTime)],
  ["entry_price", (trade) => trade.entryPrice],
  ["quantity", (trade) => trade.quantity],
  ["exit_time", (trade) => isoTime(trade.exitTime)],
  ["exit_price", (trade) => trade.exitPrice],
  ["realized_pnl", (trade) => trade.realizedPnl],
  ["pnl_percentage", (trade) => 100 * returnOf(trade)],
  ["hold_time", (trade) => holdTime(trade.exitTime - trade.entryTime)],
  ["status", (trade) => (trade.exitReason === "open" ? "OPEN" : "CLOSED")],
  ["gross_pnl", (trade) => trade.grossPnl],
  ["fees", (trade) => trade.fees],
  ["funding", (trade) => trade.funding],
  ["exit_reason", (trade) => trade.exitReason],
  ["bars_held", (trade) => trade.barsHeld],
  ["hold_ms", (trade) => trade.exitTime - trade.entryTime],
  ["mae_fraction", (trade) => trade.maxAdverseFraction],
  ["mfe_fraction", (trade) => trade.maxFavorableFraction],
  ["initial_risk", (trade) => trade.initialRisk],
  ["r_multiple", (trade) => (trade.initialRisk ? trade.realizedPnl / trade.initialRisk : null)],
  ["ambiguous", (trade) => trade.ambiguous],
];

/** `trades` as CSV, one line each under a header. Numbers are plain decimals, never in exponent form. */
export function tradesCsv(trades: readonly Trade[]): string {
  const lines = [TRADE_COLUMNS.map(([name]) => name).join(",")];
  for (const trade of trades) lines.push(TRADE_COLUMNS.map(([, value]) => field(value(trade))).join(","));
  return `${lines.join("\n")}\n`;
}

/** An equity curve as CSV: `time` (opening of the bar), `equity` at its close, `drawdown_fraction` of the peak so far. */
export function equityCsv({ startEquity, time, equity }: Omit<EquityCurve, "intervalMs">): string {
  const curve = new Float64Array(equity.length + 1);
  curve[0] = startEquity;
  curve.set(equity, 1);
  const depths = drawdownColumn(curve);
  const lines = ["time,equity,drawdown_fraction"];
  for (let i = 0; i < equity.length; i++) {
    lines.push(`${isoTime(time[i]!)},${field(equity[i]!)},${field(depths[i + 1]!)}`);
  }
  return `${lines.join("\n")}\n`;
}

function field(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return Number.isFinite(value) ? plainDecimal(value) : "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}

function returnOf(trade: Trade): number {
  return trade.realizedPnl / (trade.entryPrice * trade.quantity);
}

function holdTime(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const clock = [(ms % DAY_MS) / HOUR_MS, (ms % HOUR_MS) / MINUTE_MS, (ms % MINUTE_MS) / SECOND_MS].map(two).join(":");
  return `${Math.floor(ms / DAY_MS)} days ${clock}`;
}
