import { liquidationValue, markValue, ticksOf, totals, unrealised, usdPerUnit } from "./margin.ts";
import type { Account, Holding, MarketState, Position } from "./state.ts";

/**
 * Prices between which an account cannot be liquidated, so that nothing has to be judged there.
 *
 * Isolated positions, and the only position of a cross account whose worth no other price moves, have one exact bound:
 * their liquidation price. Everything else shares what is left among all prices that matter: each may move by the
 * same fraction, so small that even all of them together cannot cost it.
 */

/** A hair of float noise is no tick. */
const HAIR = 1e-9;
/** Widest common move; keeps what is left of second order (inverse values, margin itself) within the factor two below. */
const WIDEST = 0.1;

/** Finds an account's bounds anew, and those of the markets it holds positions in. */
export function boundAccount(account: Account): void {
  const touched = new Set<MarketState>();
  const open: [Holding, Position][] = [];
  for (const holding of account.holdings) {
    if (holding.isHolder) touched.add(holding.market);
    holding.indexLow = 0;
    holding.indexHigh = Infinity;
    for (const position of holding.positions) {
      position.riskLow = 0;
      position.riskHigh = Infinity;
      if (position.size !== 0) open.push([holding, position]);
    }
  }
  if (open.length > 0) {
    if (account.isIsolated || isAlone(account, open))
      for (const [holding, position] of open) boundExactly(holding, position);
    else boundTogether(account, open, touched);
  }
  for (const market of touched) boundMarket(market);
}

/** The bounds of a market: the nearest of its holders'. */
export function boundMarket(market: MarketState): void {
  market.riskLow = 0;
  market.riskHigh = Infinity;
  market.indexLow = 0;
  market.indexHigh = Infinity;
  for (const holding of market.holders) {
    if (holding.account.isRiskStale) {
      market.riskLow = Infinity;
      market.riskHigh = 0;
    }
    market.indexLow = Math.max(market.indexLow, holding.indexLow);
    market.indexHigh = Math.min(market.indexHigh, holding.indexHigh);
    for (const { size, riskLow, riskHigh } of holding.positions) {
      if (size === 0) continue;
      market.riskLow = Math.max(market.riskLow, riskLow);
      market.riskHigh = Math.min(market.riskHigh, riskHigh);
    }
  }
  if (!market.hasOwnIndex && !market.hasOwnMark) {
    market.riskLow = Math.max(market.riskLow, market.indexLow);
    market.riskHigh = Math.min(market.riskHigh, market.indexHigh);
  }
  market.quietLow = -1;
}

/** Whether a price of `holding`'s market has left the bounds of its account. */
export function isReached(holding: Holding): boolean {
  const { mark, index } = holding.market;
  if (index <= holding.indexLow || index >= holding.indexHigh) return true;
  return holding.positions.some(({ size, riskLow, riskHigh }) => size !== 0 && (mark <= riskLow || mark >= riskHigh));
}

/** Whether a cross account has one position, and only its mark price moves what the account is worth in its coin. */
function isAlone(account: Account, open: readonly [Holding, Position][]): boolean {
  if (open.length > 1) return false;
  const { coin } = open[0]![0].market;
  return account.coins.every((own) => own.coin === coin || own.balance === 0 || !(own.coin.priced || coin.priced));
}

function boundExactly(holding: Holding, position: Position): void {
  const { mark } = holding.market;
  const ticks = ticksOf(holding, position, liquidationValue(holding, position));
  if (position.size > 0) position.riskLow = Math.min(Math.floor(ticks * (1 + HAIR)), mark - 1);
  else position.riskHigh = Math.max(Math.ceil(ticks * (1 - HAIR)), mark + 1);
}

function boundTogether(account: Account, open: readonly [Holding, Position][], touched: Set<MarketState>): void {
  const { wallet, upl, mm } = totals(account);
  let exposed = 0;
  for (const [holding, position] of open) {
    const { coin } = holding.market;
    const moved = markValue(holding, position) + (coin.priced ? Math.abs(unrealised(holding, position)) : 0);
    exposed += moved * usdPerUnit(coin);
  }
  const priced = new Set<MarketState>();
  for (const [{ market }] of open) if (market.coin.priced) priced.add(market.coin.priced);
  for (const { coin, balance } of account.coins) {
    if (!coin.priced || balance === 0) continue;
    exposed += Math.abs(balance) * usdPerUnit(coin);
    priced.add(coin.priced);
  }
  const move = exposed > 0 ? Math.min(WIDEST, Math.max(0, wallet + upl - mm) / (2 * exposed)) : 0;
  for (const [{ market }, position] of open) [position.riskLow, position.riskHigh] = around(market.mark, move);
  for (const market of priced) {
    // The market that prices a coin has to look at this account, whether it holds a position there or not.
    const holding = account.at(market);
    [holding.indexLow, holding.indexHigh] = around(market.index, move);
    if (!holding.isHolder) {
      holding.isHolder = true;
      market.holders.push(holding);
    }
    touched.add(market);
  }
}

/** Whole ticks around a price, a tick away at least. */
function around(price: number, move: number): [low: number, high: number] {
  return [Math.min(price - 1, Math.ceil(price * (1 - move))), Math.max(price + 1, Math.floor(price * (1 + move)))];
}
