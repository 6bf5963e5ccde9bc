import { YEAR_MS } from "../core/time.ts";
import type { Trade } from "../model/trade.ts";
import { curveStats, type EquityCurve } from "./curve.ts";
import { annualized, cagr, calmar } from "./ratios.ts";
import { finiteOrNull } from "./tolerance.ts";
import { tradeStats } from "./trades.ts";

/**
 * What every command prints of a backtest. Fractions, never percents; money in quote currency; durations in ms.
 *
 * `null` is "not defined" (no trades, zero variance), never 0. Losses and drawdowns are positive numbers. Trade statistics
 * count closed trades; `trades`, `fees` and `funding` include one still open.
 */
export interface Metrics {
  /** Final ÷ start equity − 1. */
  readonly totalReturn: number;
  /** Compound growth per 365 days; −1 after ruin. */
  readonly cagr: number | null;
  /** Mean ÷ deviation (ddof 1) of per-bar returns × √(bars per year), idle bars included, risk-free 0. */
  readonly sharpe: number | null;
  /** The same from the closes of UTC days: comparable between intervals. */
  readonly sharpeDaily: number | null;
  readonly sortino: number | null;
  readonly calmar: number | null;
  /** Deviation of per-bar returns × √(bars per year). */
  readonly volatility: number | null;
  /** Fraction of the peak, 0…1. */
  readonly maxDrawdown: number;
  /** Longest spell below a former peak. */
  readonly maxDrawdownDurationMs: number;
  /** Bars with a position as a fraction of all. */
  readonly exposure: number;
  readonly trades: number;
  readonly winningTrades: number;
  readonly losingTrades: number;
  readonly winRate: number | null;
  readonly profitFactor: number | null;
  readonly expectancy: number | null;
  readonly netProfit: number;
  readonly grossProfit: number;
  readonly grossLoss: number;
  readonly averageWin: number | null;
  readonly averageLoss: number | null;
  readonly largestWin: number | null;
  readonly largestLoss: number | null;
  readonly averageHoldMs: number | null;
  readonly maxConsecutiveWins: number;
  readonly maxConsecutiveLosses: number;
  readonly sqn: number | null;
  /** > 0 paid. */
  readonly fees: number;
  /** > 0 received, < 0 paid. */
  readonly funding: number;
  readonly finalEquity: number;
  /** Bars that held both a trade's stop and its target, where the bars cannot say which came first. */
  readonly ambiguousBars: number;
}

export interface MetricsInput extends EquityCurve {
  /** In order of entry. */
  readonly trades: readonly Trade[];
  /** Bars during which there was a position. */
  readonly barsInMarket: number;
  readonly ambiguousBars: number;
}

/**
 * The metrics of one backtest. The return of bar 0 is taken against `startEquity`; every bar counts.
 *
 * @throws ArgumentError `COLUMN_LENGTH`, `NO_BARS`, `START_EQUITY`, `EQUITY`
 */
export function computeMetrics(input: MetricsInput): Metrics {
  const curve = curveStats(input);
  const trades = tradeStats(input.trades);
  const bars = input.equity.length;
  const barsPerYear = YEAR_MS / input.intervalMs;
  const finalEquity = input.equity[bars - 1]!;
  const growth =
    curve.ruinIndex === null ? cagr({ startEquity: input.startEquity, finalEquity, bars, barsPerYear }) : -1;
  return {
    totalReturn: finalEquity / input.startEquity - 1,
    cagr: growth,
    sharpe: annualized(curve.mean, curve.deviation, barsPerYear),
    sharpeDaily: annualized(curve.daily.mean, curve.daily.deviation, 365),
    sortino: annualized(curve.mean, curve.downsideDeviation, barsPerYear),
    calmar: calmar(growth, curve.maxDrawdown),
    volatility: finiteOrNull(curve.deviation * Math.sqrt(barsPerYear)),
    maxDrawdown: curve.maxDrawdown,
    maxDrawdownDurationMs: curve.longestUnderWaterMs,
    exposure: input.barsInMarket / bars,
    trades: trades.trades,
    winningTrades: trades.winningTrades,
    losingTrades: trades.losingTrades,
    winRate: trades.winRate,
    profitFactor: trades.profitFactor,
    expectancy: trades.expectancy,
    netProfit: trades.netProfit,
    grossProfit: trades.grossProfit,
    grossLoss: trades.grossLoss,
    averageWin: trades.averageWin,
    averageLoss: trades.averageLoss,
    largestWin: trades.largestWin,
    largestLoss: trades.largestLoss,
    averageHoldMs: trades.averageHoldMs,
    maxConsecutiveWins: trades.maxConsecutiveWins,
    maxConsecutiveLosses: trades.maxConsecutiveLosses,
    sqn: trades.sqn,
    fees: trades.fees,
    funding: trades.funding,
    finalEquity,
    ambiguousBars: input.ambiguousBars,
  };
}
