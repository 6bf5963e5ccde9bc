import { finiteOrNull } from "./tolerance.ts";

/**
 * Mean ÷ deviation of per-bar returns × √(bars per year); `null` without a deviation.
 *
 * With the standard deviation it is the Sharpe ratio, with the downside deviation the Sortino ratio.
 */
export function annualized(mean: number, deviation: number, barsPerYear: number): number | null {
  return deviation > 0 ? finiteOrNull((mean / deviation) * Math.sqrt(barsPerYear)) : null;
}

/** Compound growth per year, a fraction; −1 when nothing is left, `null` when a short span makes it overflow. */
export function cagr(span: {
  startEquity: number;
  finalEquity: number;
  bars: number;
  barsPerYear: number;
}): number | null {
  if (span.finalEquity <= 0) return -1;
  return finiteOrNull((span.finalEquity / span.startEquity) ** (span.barsPerYear / span.bars) - 1);
}

/** Growth per year ÷ deepest drawdown; `null` without a drawdown. */
export function calmar(growth: number | null, maxDrawdown: number): number | null {
  return growth !== null && maxDrawdown > 0 ? finiteOrNull(growth / maxDrawdown) : null;
}

/** Growth per year ÷ ulcer index, which weighs long drawdowns; `null` without a drawdown. */
export function ulcerPerformance(growth: number | null, ulcer: number): number | null {
  return calmar(growth, ulcer);
}

/** Money made ÷ greatest fall in money; `null` without a fall. */
export function recoveryFactor(netProfit: number, maxDrawdownMoney: number): number | null {
  return maxDrawdownMoney > 0 ? finiteOrNull(netProfit / maxDrawdownMoney) : null;
}
