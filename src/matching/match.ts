import type { Books } from "./books.ts";
import { afterFills, dropReducer, fill, fillMaker, publish, tradable } from "./fill.ts";
import { cancel, type Ending, end, lockOf, positionOf, rest, setLock, tell } from "./life.ts";
import type { MarketState, Order, Position } from "./state.ts";

/** Levels of displayed depth that a fill-or-kill order looks through. */
const DEEP = 10_000;

/**
 * Sends an accepted order into the book: it takes what it may, and rests or ends.
 *
 * Price first, then time; displayed quantity that was there before an own order is served before it.
 */
export function execute(books: Books, order: Order): void {
  const { market } = order.holding;
  const { price: limit, cumExecQty: filledBefore } = order;
  if (order.timeInForce === "PostOnly") {
    const best = market.best(-order.sign as 1 | -1);
    if (order.sign * (limit - best) >= 0) {
      cancel(books, order, { rejectReason: "EC_PostOnlyWillTakeLiquidity" });
      return;
    }
  } else if (order.timeInForce === "FOK" && fillable(order) < order.leavesQty) {
    cancel(books, order, { rejectReason: "EC_CancelForNoFullFill" });
    return;
  } else {
    const ending = take(books, order);
    if (finishTaker(books, order, ending)) return;
  }
  rest(order);
  if (market.contract.isSpot) setLock(order, lockOf(order));
  if (order.cumExecQty === filledBefore) return;
  tell(books, order);
  afterFills(books, order);
}

/** Closes a taker that does not rest; false when the rest of it belongs in the book. */
function finishTaker(books: Books, order: Order, ending: Ending | undefined): boolean {
  const { timeInForce } = order;
  if (order.leavesQty === 0) end(books, order, "Filled");
  else if (ending) stopTaker(books, order, ending);
  else if (timeInForce === "GTC" || timeInForce === "PostOnly") return false;
  else if (isSpent(order)) end(books, order, "Filled");
  else stopTaker(books, order, { rejectReason: "EC_NoImmediateQtyToFill" });
  tell(books, order);
  if (order.cumExecQty > 0) afterFills(books, order);
  return true;
}

function stopTaker(books: Books, order: Order, ending: Ending): void {
  const isPartSpot = order.holding.market.contract.isSpot && order.cumExecQty > 0;
  end(books, order, isPartSpot ? "PartiallyFilledCanceled" : "Cancelled", ending);
}

/** Whether what is left of quote money buys no step any more. */
function isSpent(order: Order): boolean {
  if (order.marketUnit !== "quoteCoin" || order.cumExecQty === 0) return false;
  const { market } = order.holding;
  const best = market.best(-order.sign as 1 | -1);
  return Number.isFinite(best) && market.contract.value(best, 1) > order.leavesQty;
}

/** Trades up to the order's limit; returns how it ended when its remainder must not rest. */
function take(books: Books, order: Order): Ending | undefined {
  const { market } = order.holding;
  const { sign, price: limit } = order;
  const other = -sign as 1 | -1;
  const side = market.own(other);
  const { displayed } = market;
  while (order.leavesQty > 0) {
    const own = side.best;
    const shown = displayed.best(other);
    const isOwnFirst =
      own !== undefined && sign * (own.price - shown) <= 0 && own.price >= market.barLow && own.price <= market.barHigh;
    const price = isOwnFirst ? own.price : shown;
    if (sign * (price - limit) > 0 || !Number.isFinite(price)) return undefined;
    const maker = isOwnFirst ? own.head : undefined;
    if (maker) {
      const ahead = price === shown ? Math.min(maker.queueAhead, displayed.qtyAt(other, price)) : 0;
      if (ahead > 0) {
        if (!takeDisplayed(books, order, { shown: price, most: ahead })) return endless(order);
        continue;
      }
      const met = meet(books, order, maker);
      if (met !== "trade") {
        if (met) return met;
        continue;
      }
      const qty = Math.min(tradable(order, price), tradable(maker, price));
      if (qty === 0 && tradable(maker, price) > 0) return endless(order);
      if (qty === 0) dropReducer(books, maker);
      else cross(books, order, maker, qty);
    } else if (!takeDisplayed(books, order, { shown, most: displayed.qtyAt(other, shown) })) return endless(order);
  }
  return undefined;
}

/** A reducing order without a position left to reduce may not rest. */
function endless(order: Order): Ending | undefined {
  const canReduce = order.reduceOnly && -order.sign * positionOf(order).size > 0;
  return order.reduceOnly && !canReduce ? { cancelType: "CancelByReduceOnly" } : undefined;
}

/** Self-match prevention, by the taker's wish: an ending for the taker, "trade", or nothing (the maker is gone). */
function meet(books: Books, taker: Order, maker: Order): Ending | "trade" | undefined {
  const { smpType } = taker;
  if (smpType === "None" || maker.holding.account !== taker.holding.account) return "trade";
  if (smpType !== "CancelTaker") {
    maker.smpOrderId = taker.id;
    cancel(books, maker, { cancelType: "CancelBySmp", rejectReason: "EC_BySelfMatch" });
  }
  if (smpType === "CancelMaker") return undefined;
  taker.smpOrderId = maker.id;
  return { cancelType: "CancelBySmp", rejectReason: "EC_BySelfMatch" };
}

function cross(books: Books, taker: Order, maker: Order, qty: number): void {
  const { price } = maker;
  publish(books, taker, price, qty);
  fill(books, taker, { price, qty, isMaker: false });
  fillMaker(books, maker, { price, qty }, taker.holding.account);
  moved(books, taker.holding.market, price);
}

/** Trades with depth that belongs to no account; false when nothing could be traded. */
function takeDisplayed(books: Books, order: Order, at: { shown: number; most: number }): boolean {
  const { market } = order.holding;
  const { displayed } = market;
  const other = -order.sign as 1 | -1;
  let price = displayed.takerPrice(other, order.price);
  // Within a bar (or at its open) nothing is shown beyond its extremes, however thin the book; slippage is a cost on top.
  price += Math.min(market.barHigh, Math.max(market.barLow, at.shown)) - at.shown;
  const qty = Math.min(tradable(order, price), at.most);
  if (qty === 0) return false;
  displayed.take(other, at.shown, qty);
  const level = market.own(other).at(at.shown);
  for (let behind = level?.head; behind; behind = behind.after) {
    behind.queueAhead = Math.max(0, behind.queueAhead - qty);
  }
  publish(books, order, price, qty);
  fill(books, order, { price, qty, isMaker: false });
  moved(books, market, price);
  return true;
}

/** On a real exchange the last price is that of the last trade, whoever made it; within a bar the bar decides. */
function moved(books: Books, market: MarketState, price: number): void {
  if (!books.ownTradesMovePrice || market.barHigh !== Infinity || market.last === price) return;
  market.noteLast(price);
  market.quietLow = -1;
}

/** Steps that could be traded at once within the order's limit. */
function fillable(order: Order): number {
  const { holding, sign, price: limit, smpType } = order;
  const { market } = holding;
  const other = -sign as 1 | -1;
  let sum = 0;
  // An own order that would end the taker ends what it can have; what is displayed at that price may stand behind it.
  let end = sign * Infinity;
  /** What positions still have to reduce: several orders may share one. */
  const reducible = new Map<Position, number>();
  levels: for (const level of market.own(other).bestFirst()) {
    if (sign * (level.price - limit) > 0) break;
    for (let maker = level.head; maker; maker = maker.after) {
      if (smpType !== "None" && maker.holding.account === holding.account) {
        if (smpType === "CancelMaker") continue;
        end = level.price;
        break levels;
      }
      const position = positionOf(maker);
      const left = reducible.get(position) ?? Math.max(0, sign * position.size);
      const most = tradable(maker, maker.price);
      const steps = maker.reduceOnly ? Math.min(most, left) : most;
      reducible.set(position, Math.max(0, left - steps));
      sum += steps;
    }
  }
  for (const [price, qty] of market.displayed.levels(other, DEEP)) {
    if (sign * (price - limit) > 0 || sign * (price - end) >= 0) break;
    sum += qty;
  }
  return sum;
}
