import { unrealised } from "./margin.ts";
import type { Account, Holding, MarketState, Position } from "./state.ts";

/** Who stands before whom: profit as a share of the entry, times leverage; a loss weighs less the higher the leverage. */
function score(holding: Holding, position: Position): number {
  const profit = position.cost > 0 ? unrealised(holding, position) / position.cost : 0;
  const leverage = holding.leverage(position.size);
  return profit >= 0 ? profit * leverage : profit / leverage;
}

/** Place in the line for auto-deleveraging: 0 flat, 1…5 by the share of its side that stands behind it or level. */
export function adlRank(holding: Holding, position: Position): number {
  if (position.size === 0) return 0;
  const own = score(holding, position);
  let behind = 0;
  let all = 0;
  for (const other of holding.market.holders) {
    for (const rival of other.positions) {
      if (rival.size * position.size <= 0) continue;
      all += Math.abs(rival.size);
      if (score(other, rival) <= own) behind += Math.abs(rival.size);
    }
  }
  return Math.max(1, Math.ceil((5 * behind) / all));
}

/** Positions of this sign that other accounts hold, first in line first. */
export function adlLine(market: MarketState, sign: number, except: Account): [Holding, Position][] {
  const line: { at: [Holding, Position]; score: number }[] = [];
  for (const holding of market.holders) {
    if (holding.account === except) continue;
    for (const position of holding.positions) {
      if (position.size * sign > 0) line.push({ at: [holding, position], score: score(holding, position) });
    }
  }
  return line.sort((a, b) => b.score - a.score).map(({ at }) => at);
}
