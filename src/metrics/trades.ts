import type { Trade } from "../model/trade.ts";
import { ROUNDING } from "./tolerance.ts";

/**
 * What a list of trades amounts to. Money is quote currency, net of fees and funding; losses are positive numbers.
 *
 * A trade with `exitReason: "open"` counts in `trades`, `fees` and `funding` only. A trade that made exactly nothing is
 * closed, and neither a win nor a loss. `null`: not defined for these trades.
 */
export interface TradeStats {
  /** Closed and open ones. */
  readonly trades: number;
  readonly closedTrades: number;
  readonly winningTrades: number;
  readonly losingTrades: number;
  /** Wins as a fraction of closed trades. */
  readonly winRate: number | null;
  /** Gross profit ÷ gross loss; `null` without a loss. */
  readonly profitFactor: number | null;
  /** Mean profit of a closed trade. */
  readonly expectancy: number | null;
  /** Average win ÷ average loss. */
  readonly payoff: number | null;
  /** Fraction of equity that would have grown it fastest: win rate − loss rate ÷ payoff. May be negative. */
  readonly kelly: number | null;
  /** Sum over closed trades: gross profit − gross loss. */
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
  /** Mean profit as a multiple of the risk at entry; `null` unless every closed trade had a stop. */
  readonly averageR: number | null;
  /** System quality number: √min(N, 100) × mean ÷ deviation (ddof 1) of those multiples. */
  readonly sqn: number | null;
  /** > 0 paid. */
  readonly fees: number;
  /** > 0 received, < 0 paid. */
  readonly funding: number;
  /** Closed trades whose exit bar held both stop and target. */
  readonly ambiguousTrades: number;
}

/** Statistics of `trades`, which are in order of entry. */
export function tradeStats(trades: readonly Trade[]): TradeStats {
  let closedTrades = 0;
  let winningTrades = 0;
  let losingTrades = 0;
  let grossProfit = 0;
  let grossLoss = 0;
  let largestWin = 0;
  let largestLoss = 0;
  let holdMs = 0;
  let streak = 0; // > 0 wins in a row, < 0 losses in a row
  let maxConsecutiveWins = 0;
  let maxConsecutiveLosses = 0;
  let fees = 0;
  let funding = 0;
  let ambiguousTrades = 0;
  for (const trade of trades) {
    fees += trade.fees;
    funding += trade.funding;
    if (trade.exitReason === "open") continue;
    closedTrades++;
    holdMs += trade.exitTime - trade.entryTime;
    if (trade.ambiguous) ambiguousTrades++;
    const profit = trade.realizedPnl;
    if (profit > 0) {
      winningTrades++;
      grossProfit += profit;
      largestWin = Math.max(largestWin, profit);
      streak = streak > 0 ? streak + 1 : 1;
      maxConsecutiveWins = Math.max(maxConsecutiveWins, streak);
    } else if (profit < 0) {
      losingTrades++;
      grossLoss -= profit;
      largestLoss = Math.max(largestLoss, -profit);
      streak = streak < 0 ? streak - 1 : -1;
      maxConsecutiveLosses = Math.max(maxConsecutiveLosses, -streak);
    } else {
      streak = 0;
    }
  }
  const averageWin = ratio(grossProfit, winningTrades);
  const averageLoss = ratio(grossLoss, losingTrades);
  const payoff = averageWin === null || averageLoss === null ? null : averageWin / averageLoss;
  return {
    trades: trades.length,
    closedTrades,
    winningTrades,
    losingTrades,
    winRate: ratio(winningTrades, closedTrades),
    profitFactor: ratio(grossProfit, grossLoss),
    expectancy: ratio(grossProfit - grossLoss, closedTrades),
    payoff,
    kelly: payoff === null ? null : winningTrades / closedTrades - losingTrades / closedTrades / payoff,
    netProfit: grossProfit - grossLoss,
    grossProfit,
    grossLoss,
    averageWin,
    averageLoss,
    largestWin: winningTrades > 0 ? largestWin : null,
    largestLoss: losingTrades > 0 ? largestLoss : null,
    averageHoldMs: ratio(holdMs, closedTrades),
    maxConsecutiveWins,
    maxConsecutiveLosses,
    ...riskMultiples(trades),
    fees,
    funding,
    ambiguousTrades,
  };
}

function ratio(value: number, by: number): number | null {
  return by > 0 ? value / by : null;
}

function riskMultiples(trades: readonly Trade[]): { averageR: number | null; sqn: number | null } {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const trade of trades) {
    if (trade.exitReason === "open") continue;
    if (trade.initialRisk === null || !(trade.initialRisk > 0)) return { averageR: null, sqn: null };
    const multiple = trade.realizedPnl / trade.initialRisk;
    const before = multiple - mean;
    mean += before / ++count;
    squares += before * (multiple - mean);
  }
  if (count === 0) return { averageR: null, sqn: null };
  const deviation = Math.sqrt(squares / (count - 1));
  const defined = deviation > ROUNDING * Math.max(1, Math.abs(mean));
  return { averageR: mean, sqn: defined ? (Math.sqrt(Math.min(count, 100)) * mean) / deviation : null };
}
