import type { Books } from "./books.ts";
import { cancel, end, lockOf, positionOf, reserve, setLock, tell } from "./life.ts";
import { spendable } from "./margin.ts";
import { followPosition, protect } from "./protect.ts";
import { applyFill, flushTouched } from "./settle.ts";
import type { Account, MarketState, Order } from "./state.ts";

/** Steps that an order may still trade at `price`; a reducing one no more than the position. */
export function tradable(order: Order, price: number): number {
  const { leavesQty } = order;
  if (order.reduceOnly) return Math.min(leavesQty, Math.max(0, -order.sign * positionOf(order).size));
  const { account, market } = order.holding;
  const { contract } = market;
  if (!contract.isSpot) return leavesQty;
  const steps = order.marketUnit === "quoteCoin" ? stepsFor(market, leavesQty, price) : leavesQty;
  // What is locked can pay; a market order that locked nothing pays with what is free.
  if (order.lock > 0) return steps;
  const own = account.wallet(order.sign === 1 ? market.coin : market.base);
  const free = spendable(account, own);
  return Math.min(steps, order.sign === 1 ? stepsFor(market, free, price) : contract.baseSteps(free));
}

/** Whole steps that `money` buys at `price`. */
function stepsFor(market: MarketState, money: number, price: number): number {
  const { contract } = market;
  if (!(money > 0)) return 0;
  const many = 1_048_576;
  let steps = Math.floor((money * many) / contract.value(price, many)) + 1;
  while (steps > 0 && contract.value(price, steps) > money) steps -= 1;
  return steps;
}

/** Books one fill of an order: its own numbers, the position, the money. The caller tells and closes. */
export function fill(books: Books, order: Order, trade: { price: number; qty: number; isMaker: boolean }): void {
  const { holding } = order;
  const { contract } = holding.market;
  const { price, qty } = trade;
  if (order.marketUnit === "quoteCoin") order.leavesQty = Math.max(0, order.leavesQty - contract.value(price, qty));
  else order.leavesQty -= qty;
  if (order.level) {
    order.level.qty -= qty;
    holding.market.bookChanged = true;
    if (!order.reduceOnly) reserve(order);
  }
  order.status = order.leavesQty === 0 ? "Filled" : "PartiallyFilled";
  order.updatedTime = books.now;
  const position = positionOf(order);
  applyFill(books, order, trade);
  if (order.lock !== 0) setLock(order, lockOf(order));
  if (order.takeProfit !== 0 || order.stopLoss !== 0) {
    const held = contract.isSpot ? qty : Math.max(0, order.sign * position.size);
    order.unprotected += Math.min(qty, held);
  }
}

/** Lets the public know of a trade; comes before its executions. */
export function publish(books: Books, order: Order, price: number, qty: number): void {
  const { market } = order.holding;
  market.seq += 1;
  if (!books.listener) return;
  const { key, seq } = market;
  books.emit(() => ({ type: "trade", market: key, price, qty, side: order.side, seq }));
}

/** A trade whose taker is the rest of the market hits a resting order. */
export function publishAgainst(books: Books, maker: Order, price: number, qty: number): void {
  const { market } = maker.holding;
  market.seq += 1;
  if (!books.listener) return;
  const { key, seq } = market;
  const side = maker.sign === 1 ? "sell" : "buy";
  books.emit(() => ({ type: "trade", market: key, price, qty, side, seq }));
}

/** Fills a resting order and tells its account; `held` keeps position and wallet for the caller to tell. */
export function fillMaker(books: Books, maker: Order, trade: { price: number; qty: number }, held?: Account): void {
  fill(books, maker, { price: trade.price, qty: trade.qty, isMaker: true });
  if (maker.leavesQty === 0) end(books, maker, "Filled");
  tell(books, maker);
  afterFills(books, maker, held);
}

/** What follows an order's fills: orders of the position shrink or go, its own stops are put in place. */
export function afterFills(books: Books, order: Order, held?: Account): void {
  const { holding } = order;
  if (!holding.market.contract.isSpot) followPosition(books, holding, positionOf(order));
  if (order.unprotected > 0) protect(books, order);
  if (holding.account !== held) flushTouched(books, holding.account);
}

/** A resting order that may only reduce and has nothing left to reduce. */
export function dropReducer(books: Books, order: Order): void {
  cancel(books, order, { cancelType: "CancelByReduceOnly" });
}
