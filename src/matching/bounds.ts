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
/** Widest common move; keeps what is of second order (inverse values, margin itself) within the factor two below. */
const WIDEST = 0.1;

/** Finds an account's bounds anew and tightens those of its markets; only `boundMarket` widens them. */
export function boundAccount(account: Account): void {
  let open = 0;
  let only: Holding | undefined;
  for (const holding of account.holdings) {
    holding.indexLow = 0;
    holding.indexHigh = Infinity;
    for (const { size } of holding.positions) {
      if (size === 0) continue;
      open += 1;
      only = holding;
    }
  }
  if (!only) return;
  const isExact = account.isIsolated || (open === 1 && isAlone(only));
  if (!isExact) boundTogether(account);
  for (const holding of account.holdings) {
    if (isExact) for (const position of holding.positions) if (position.size !== 0) boundExactly(holding, position);
    if (holding.isHolder) tighten(holding);
  }
}

/** The bounds of a market: the nearest of its holders'. */
export function boundMarket(market: MarketState): void {
  market.riskLow = 0;
  market.riskHigh = Infinity;
  market.indexLow = 0;
  market.indexHigh = Infinity;
  for (const holding of market.holders) tighten(holding);
  market.quietLow = -1;
}

function tighten(holding: Holding): void {
  const { market, indexLow, indexHigh } = holding;
  let { riskLow, riskHigh } = market;
  for (const position of holding.positions) {
    if (position.size === 0) continue;
    if (position.riskLow > riskLow) riskLow = position.riskLow;
    if (position.riskHigh < riskHigh) riskHigh = position.riskHigh;
  }
  if (indexLow > market.indexLow) market.indexLow = indexLow;
  if (indexHigh < market.indexHigh) market.indexHigh = indexHigh;
  if (!market.hasOwnIndex && !market.hasOwnMark) {
    // Both follow the last price: who watches one of them watches both.
    riskLow = Math.max(riskLow, indexLow);
    riskHigh = Math.min(riskHigh, indexHigh);
  }
  market.riskLow = riskLow;
  market.riskHigh = riskHigh;
}

/** Whether a price of `holding`'s market has left the bounds of its account. */
export function isReached(holding: Holding): boolean {
  const { mark, index } = holding.market;
  if (index <= holding.indexLow || index >= holding.indexHigh) return true;
  for (const { size, riskLow, riskHigh } of holding.positions) {
    if (size !== 0 && (mark <= riskLow || mark >= riskHigh)) return true;
  }
  return false;
}

/** Whether only the mark price of `holding`'s market moves what a cross account is worth in its coin. */
function isAlone(holding: Holding): boolean {
  const { coin } = holding.market;
  for (const own of holding.account.coins) {
    if (own.coin !== coin && own.balance !== 0 && (own.coin.priced || coin.priced)) return false;
  }
  return true;
}

function boundExactly(holding: Holding, position: Position): void {
  const { mark } = holding.market;
  const ticks = ticksOf(holding, position, liquidationValue(holding, position));
  position.riskLow = position.size > 0 ? Math.min(Math.floor(ticks * (1 + HAIR)), mark - 1) : 0;
  position.riskHigh = position.size > 0 ? Infinity : Math.max(Math.ceil(ticks * (1 - HAIR)), mark + 1);
}

function boundTogether(account: Account): void {
  const priced = new Set<MarketState>();
  const move = commonMove(account, priced);
  for (const { market, positions } of account.holdings) {
    for (const position of positions) {
      if (position.size !== 0) [position.riskLow, position.riskHigh] = around(market.mark, move);
    }
  }
  for (const market of priced) {
    // The market that prices a coin has to look at this account, whether it holds a position there or not.
    const holding = account.at(market);
    [holding.indexLow, holding.indexHigh] = around(market.index, move);
    if (holding.isHolder) continue;
    holding.isHolder = true;
    market.holders.push(holding);
  }
}

/** The fraction by which all prices may move against a cross account; collects the markets whose index matters. */
function commonMove(account: Account, priced: Set<MarketState>): number {
  let exposed = 0;
  for (const holding of account.holdings) {
    const { coin } = holding.market;
    for (const position of holding.positions) {
      if (position.size === 0) continue;
      const gained = coin.priced ? Math.abs(unrealised(holding, position)) : 0;
      exposed += (markValue(holding, position) + gained) * usdPerUnit(coin);
      if (coin.priced) priced.add(coin.priced);
    }
  }
  for (const { coin, balance } of account.coins) {
    if (!coin.priced || balance === 0) continue;
    exposed += Math.abs(balance) * usdPerUnit(coin);
    priced.add(coin.priced);
  }
  const { wallet, upl, mm } = totals(account);
  return exposed > 0 ? Math.min(WIDEST, Math.max(0, wallet + upl - mm) / (2 * exposed)) : 0;
}

/** Whole ticks around a price, a tick away at least. */
function around(price: number, move: number): [low: number, high: number] {
  return [Math.min(price - 1, Math.ceil(price * (1 - move))), Math.max(price + 1, Math.floor(price * (1 + move)))];
}
