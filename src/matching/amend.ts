import { affords, holdToBand } from "./admit.ts";
import type { Books } from "./books.ts";
import { ackOf, openOrder } from "./cancel.ts";
import { checkAttached, checkNotional, checkPrice, checkQty, checkTrigger, isCount } from "./check.ts";
import { setStopLoss, setTakeProfit } from "./entry.ts";
import { moveTrigger } from "./legs.ts";
import { flushBook, lockOf, positionOf, reserve, setLock, tell, unrest } from "./life.ts";
import { spendable } from "./margin.ts";
import { execute } from "./match.ts";
import { refuse } from "./refusal.ts";
import { flushTouched } from "./settle.ts";
import type { Account, Order } from "./state.ts";
import { settlePrices } from "./trigger.ts";
import type { AmendRequest, OrderAck, Refusal, Reply } from "./types.ts";

type Terms = Pick<
  Order,
  | "qty"
  | "leavesQty"
  | "price"
  | "triggerPrice"
  | "triggerBy"
  | "takeProfit"
  | "stopLoss"
  | "tpTriggerBy"
  | "slTriggerBy"
  | "tpLimitPrice"
  | "slLimitPrice"
  | "tpslMode"
>;

function termsOf(order: Order): Terms {
  const { qty, leavesQty, price, triggerPrice, triggerBy, tpslMode } = order;
  const { takeProfit, stopLoss, tpTriggerBy, slTriggerBy, tpLimitPrice, slLimitPrice } = order;
  const legs = { takeProfit, stopLoss, tpTriggerBy, slTriggerBy, tpLimitPrice, slLimitPrice };
  return { qty, leavesQty, price, triggerPrice, triggerBy, tpslMode, ...legs };
}

/**
 * Changes an open order. A new price or a larger quantity sends it to the back of the queue (and may make it a taker), a
 * smaller quantity keeps its place.
 */
export function amendOrder(books: Books, account: Account, request: AmendRequest): Reply<OrderAck> {
  const order = openOrder(books, account, request);
  if ("ok" in order) return order;
  const before = termsOf(order);
  const refusal = change(order, request) ?? review(order, before);
  const after = termsOf(order);
  Object.assign(order, before);
  if (refusal) return refusal;
  order.updatedTime = books.now;
  order.holding.market.seq += 1;
  if (order.isWaiting) amendWaiting(order, after);
  else amendResting(books, order, after);
  return done(books, account, order);
}

function done(books: Books, account: Account, order: Order): Reply<OrderAck> {
  const { market } = order.holding;
  if (order.isWaiting) tell(books, order);
  if (positionOf(order).touched) flushTouched(books, account);
  if (order.cumExecQty > 0) settlePrices(books, market);
  flushBook(books, market);
  return ackOf(order);
}

/** Writes what is asked for into the order, as a trial. */
function change(order: Order, request: AmendRequest): Refusal | undefined {
  const { contract } = order.holding.market;
  const { qty, price, triggerPrice, triggerBy, takeProfit, stopLoss } = request;
  if (qty !== undefined && qty !== order.qty) {
    if (!isCount(qty) || qty === 0) return refuse(10001, "Qty invalid");
    if (order.tpslMode === "Full" && order.closeOnTrigger && order.isWaiting) {
      return refuse(10001, "a Full TP/SL always has the size of its position");
    }
    if (qty <= order.cumExecQty) return refuse(contract.isSpot ? 170313 : 110064);
    order.leavesQty = qty - order.cumExecQty;
    order.qty = qty;
  }
  if (price !== undefined && order.type === "Limit") order.price = price;
  if (triggerPrice !== undefined && order.isWaiting) order.triggerPrice = triggerPrice;
  if (triggerBy !== undefined && order.isWaiting && !contract.isSpot) order.triggerBy = triggerBy;
  if (takeProfit || stopLoss) {
    if (order.reduceOnly) return refuse(10001, "reduceOnly order cannot carry TP/SL");
    if (order.cumExecQty > 0) return refuse(110059, "TP/SL of a partially filled order cannot be modified");
    if (takeProfit) setTakeProfit(order, takeProfit);
    if (stopLoss) setStopLoss(order, stopLoss);
    const isBare = order.takeProfit === 0 && order.stopLoss === 0;
    if (!contract.isSpot) order.tpslMode = isBare ? "" : order.tpslMode || "Full";
  }
  return undefined;
}

/** Whether the changed order would be accepted. */
function review(order: Order, before: Terms): Refusal | undefined {
  const { market } = order.holding;
  const isUnchanged = (Object.keys(before) as (keyof Terms)[]).every((key) => before[key] === order[key]);
  if (isUnchanged) {
    return refuse(10001, "The order remains unchanged as the parameters entered match the existing ones.");
  }
  if (order.type === "Limit" && order.price !== before.price) {
    const banned = checkPrice(market, order.price) ?? (order.isWaiting ? undefined : holdToBand(order));
    if (banned) return banned;
  }
  if (order.qty !== before.qty) {
    const bad = checkQty(order);
    if (bad) return bad;
    const room = Math.abs(positionOf(order).size);
    if (order.reduceOnly && !order.isWaiting && order.leavesQty > room) {
      order.leavesQty = room;
      order.qty = order.cumExecQty + room;
    }
  }
  if (order.stopOrderType === "TrailingStop") return refuse(10001, "a trailing stop is changed by trading-stop");
  if (order.triggerPrice !== before.triggerPrice || order.triggerBy !== before.triggerBy) {
    const barred = checkTrigger(order, order.triggerPrice, order.triggerBy || "LastPrice");
    if (barred) return barred;
  }
  const small = checkNotional(order, order.type === "Limit" ? order.price : order.triggerPrice);
  return small ?? checkAttached(order) ?? (order.isWaiting ? undefined : funds(order));
}

function funds(order: Order): Refusal | undefined {
  const { account, market } = order.holding;
  if (!market.contract.isSpot) {
    return order.reduceOnly ? undefined : affords(order, order.price, order.leavesQty);
  }
  const own = account.wallet(order.sign === 1 ? market.coin : market.base);
  const more = lockOf(order) - order.lock;
  return more > spendable(account, own) ? refuse(170131) : undefined;
}

function amendWaiting(order: Order, after: Terms): void {
  const { triggerPrice, triggerBy, ...rest } = after;
  Object.assign(order, rest);
  const moves = triggerPrice !== order.triggerPrice || triggerBy !== order.triggerBy;
  if (moves && triggerBy !== "") moveTrigger(order, triggerPrice, triggerBy);
  if (order.stopOrderType !== "Stop") positionOf(order).touched = !order.holding.market.contract.isSpot;
}

function amendResting(books: Books, order: Order, after: Terms): void {
  const { market } = order.holding;
  const losesPlace = after.price !== order.price || after.leavesQty > order.leavesQty;
  if (!losesPlace) {
    if (order.level) order.level.qty -= order.leavesQty - after.leavesQty;
    if (after.leavesQty !== order.leavesQty) market.bookChanged = true;
    Object.assign(order, after);
    if (!order.reduceOnly) reserve(order);
    if (order.lock !== 0) setLock(order, lockOf(order));
    tell(books, order);
    return;
  }
  unrest(order);
  Object.assign(order, after);
  if (market.contract.isSpot) setLock(order, lockOf(order));
  tell(books, order);
  execute(books, order);
}
