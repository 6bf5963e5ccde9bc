import type { ExitReason, Trade } from "../model/trade.ts";

/** The trades that ended for one reason. */
export interface ExitGroup {
  readonly reason: ExitReason;
  readonly trades: number;
  readonly wins: number;
  readonly netPnl: number;
}

/** `trades` by why they ended, most frequent first. */
export function exitGroups(trades: readonly Trade[]): ExitGroup[] {
  const groups = new Map<ExitReason, { trades: number; wins: number; netPnl: number }>();
  for (const trade of trades) {
    const group = groups.get(trade.exitReason) ?? { trades: 0, wins: 0, netPnl: 0 };
    group.trades++;
    if (trade.realizedPnl > 0) group.wins++;
    group.netPnl += trade.realizedPnl;
    groups.set(trade.exitReason, group);
  }
  return [...groups].map(([reason, group]) => ({ reason, ...group })).sort((a, b) => b.trades - a.trades);
}

/** The best `count` trades' profit as a fraction of all profit; `null` where there was none. Above 1: the rest lost. */
export function topTradesShare(trades: readonly Trade[], count = 5): number | null {
  const profits = trades.map((trade) => trade.realizedPnl).sort((a, b) => b - a);
  const all = profits.reduce((sum, profit) => sum + profit, 0);
  const best = profits.slice(0, count).reduce((sum, profit) => sum + Math.max(0, profit), 0);
  return all > 0 ? best / all : null;
}
