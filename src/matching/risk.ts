import type { Books } from "./books.ts";
import { boundAccount, boundMarket, isReached } from "./bounds.ts";
import { cancelOpen } from "./cancel.ts";
import { coverDebt } from "./debt.ts";
import {
  available,
  bankruptcyValue,
  earningSign,
  markValue,
  positionIM,
  positionMM,
  takerRate,
  totals,
  unrealised,
  usdPerUnit,
} from "./margin.ts";
import { bankruptcyTick } from "./positionrow.ts";
import { flushTouched } from "./settle.ts";
import type { Account, Holding, MarketState, Position } from "./state.ts";
import { takeAway, takeOver } from "./takeover.ts";

/** Less than this many money units of margin is none. */
const NONE = 0.5;

/**
 * Judges every account that a price or a change has brought near liquidation, and liquidates.
 *
 * Costs nothing while the market's prices stay strictly between its bounds. Call after prices and positions changed.
 */
export function judgeRisk(books: Books, market: MarketState): void {
  judgeStale(books);
  const { mark, index } = market;
  if (mark > market.riskLow && mark < market.riskHigh && index > market.indexLow && index < market.indexHigh) return;
  for (const holding of [...market.holders]) if (isReached(holding)) judgeAccount(books, holding.account);
  boundMarket(market);
  judgeStale(books);
}

/** Those that changed; also who was deleveraged by that. */
function judgeStale(books: Books): void {
  const { stale } = books;
  if (stale.length === 0) return;
  for (let i = 0; i < stale.length; i++) {
    const account = stale[i]!;
    if (account.isRiskStale) judgeAccount(books, account);
  }
  stale.length = 0;
}

/** Judges one account, in all its markets. */
function judgeAccount(books: Books, account: Account): void {
  // A liquidation changes positions, which makes the account stale again; each round leaves fewer or smaller ones.
  do {
    account.isRiskStale = false;
    if (account.isIsolated) judgeIsolated(books, account);
    else judgeCross(books, account);
    coverDebt(books, account);
  } while (account.isRiskStale);
  boundAccount(account);
}

/** Takes the account's positions in this market over at their bankruptcy price; false when there are none. */
export function liquidate(books: Books, account: Account, market: MarketState): boolean {
  const holding = account.byMarket.get(market.key);
  if (!holding?.hasPosition) return false;
  for (const position of holding.positions) {
    if (position.size === 0) continue;
    announce(books, holding, position);
    takeOver(books, holding, position, { qty: Math.abs(position.size), price: bustTick(holding, position) });
    settled(books, account, position);
  }
  judgeRisk(books, market);
  return true;
}

/** Takes up to `qty` steps (all: 0) of the account's position away at the mark price; false when there is none. */
export function deleverage(books: Books, account: Account, market: MarketState, qty: number): boolean {
  const holding = account.byMarket.get(market.key);
  if (!holding?.hasPosition) return false;
  let left = qty === 0 ? Infinity : qty;
  for (const position of holding.positions) {
    const taken = Math.min(left, Math.abs(position.size));
    if (taken === 0) continue;
    takeAway(books, holding, position, { qty: taken, price: market.mark });
    left -= taken;
  }
  judgeRisk(books, market);
  return true;
}

function judgeIsolated(books: Books, account: Account): void {
  for (const holding of account.holdings) {
    if (!holding.hasPosition) continue;
    for (const position of holding.positions) {
      if (position.size === 0 || slack(holding, position) >= NONE) continue;
      if (position.autoAdd && addMargin(holding, position)) {
        flushTouched(books, account);
        continue;
      }
      announce(books, holding, position);
      while (position.size !== 0 && slack(holding, position) < NONE) liquidateStep(books, holding, position);
      settled(books, account, position);
    }
  }
}

/** What an isolated position's margin is above its maintenance margin, money. */
function slack(holding: Holding, position: Position): number {
  const margin = positionIM(holding, position) + position.extra + unrealised(holding, position);
  return margin - positionMM(holding, position);
}

/** Brings an isolated position's margin back to its initial margin, as far as there is money; true when that saves it. */
function addMargin(holding: Holding, position: Position): boolean {
  const need = Math.ceil(-position.extra - unrealised(holding, position));
  const added = Math.min(need, Math.floor(available(holding)));
  if (added <= 0) return false;
  position.extra += added;
  position.touched = true;
  return slack(holding, position) >= NONE;
}

function judgeCross(books: Books, account: Account): void {
  if (!isShort(account)) return;
  const open = openPositions(account);
  if (open.length === 0) return;
  setStatus(open, "Liq");
  cancelOpen(books, account, undefined, "CancelAllBeforeLiq");
  flushTouched(books, account);
  // The position that needs the most margin goes first.
  while (isShort(account)) {
    const [first] = openPositions(account);
    if (!first) break;
    liquidateStep(books, ...first);
  }
  setStatus(open, "Normal");
  flushTouched(books, account);
}

function setStatus(positions: readonly [Holding, Position][], status: Position["status"]): void {
  for (const [, position] of positions) {
    position.status = status;
    position.touched = true;
  }
}

/** Whether maintenance margin has eaten what a cross account is worth. */
function isShort(account: Account): boolean {
  const { wallet, upl, mm } = totals(account);
  return mm > 0 && wallet + upl - mm < NONE * leastUnit(account);
}

/** USD of the smallest unit among the coins its positions settle in. */
function leastUnit(account: Account): number {
  let least = Infinity;
  for (const holding of account.holdings) {
    if (holding.hasPosition) least = Math.min(least, usdPerUnit(holding.market.coin));
  }
  return least;
}

/** Open positions of an account, dearest maintenance margin first. */
function openPositions(account: Account): [Holding, Position][] {
  const open: { at: [Holding, Position]; mm: number }[] = [];
  for (const holding of account.holdings) {
    for (const position of holding.positions) {
      if (position.size === 0) continue;
      open.push({ at: [holding, position], mm: positionMM(holding, position) * usdPerUnit(holding.market.coin) });
    }
  }
  return open.sort((a, b) => b.mm - a.mm).map(({ at }) => at);
}

/** Takes over what exceeds the next lower rung of the risk ladder; on the lowest rung, all. */
function liquidateStep(books: Books, holding: Holding, position: Position): void {
  const { contract } = holding.market;
  const whole = Math.abs(position.size);
  const value = markValue(holding, position);
  const tier = contract.tierIndex(value);
  const kept = tier === 0 ? 0 : Math.floor((whole * contract.tiers[tier - 1]!.limit) / value);
  const qty = Math.max(1, whole - kept);
  takeOver(books, holding, position, { qty, price: bustTick(holding, position) });
}

/** The price at which a position leaves nothing: isolated of its own margin, cross of its share of the account. */
function bustTick(holding: Holding, position: Position): number {
  const { account, market } = holding;
  if (account.isIsolated) return bankruptcyTick(holding, position, bankruptcyValue(holding, position));
  const { wallet, upl, mm } = totals(account);
  const usd = usdPerUnit(market.coin);
  const portion = mm > 0 ? (positionMM(holding, position) * usd) / mm : 1;
  const equity = ((wallet + upl) / usd) * portion;
  const s = earningSign(market, position.size);
  const taker = takerRate(holding);
  const value = markValue(holding, position);
  return bankruptcyTick(holding, position, s === 1 ? (value - equity) / (1 - taker) : (value + equity) / (1 + taker));
}

function announce(books: Books, holding: Holding, position: Position): void {
  const { account, market } = holding;
  position.status = "Liq";
  position.touched = true;
  cancelOpen(books, account, account.isIsolated ? market : undefined, "CancelAllBeforeLiq");
  flushTouched(books, account);
}

function settled(books: Books, account: Account, position: Position): void {
  position.status = "Normal";
  flushTouched(books, account);
}
