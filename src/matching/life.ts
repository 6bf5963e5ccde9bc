import type { Books } from "./books.ts";
import type { CancelType, OrderStatus, RejectReason } from "./rows.ts";
import type { MarketState, Order, Position } from "./state.ts";

/** What a closed order says of its end. */
export interface Ending {
  readonly cancelType?: CancelType | undefined;
  readonly rejectReason?: RejectReason | undefined;
}

export function positionOf(order: Order): Position {
  return order.holding.positions[order.positionIdx];
}

/** Tells the listener how an order stands now. */
export function tell(books: Books, order: Order): void {
  if (books.listener) books.emit(() => ({ type: "order", order }));
}

/** Numbers a new order and puts it on the account's lists. */
export function register(books: Books, order: Order): void {
  const { account, market } = order.holding;
  order.id = books.nextOrderId();
  order.createdTime = books.now;
  order.updatedTime = books.now;
  order.lastPriceOnCreated = market.last;
  market.seq += 1;
  account.orders.add(order);
  account.open.add(order);
  if (order.orderLinkId !== "") account.links.set(order.orderLinkId, order);
}

/** Puts an order into the book, behind what is displayed at its price. */
export function rest(order: Order): void {
  const { holding } = order;
  const { market } = holding;
  order.queueAhead = market.displayed.qtyAt(order.sign, order.price);
  market.own(order.sign).add(order);
  holding.active += 1;
  market.bookChanged = true;
  market.quietLow = -1;
  if (order.reduceOnly) positionOf(order).reducers.push(order);
  else reserve(order);
}

/** Takes an order out of the book. */
export function unrest(order: Order): void {
  const { holding } = order;
  const { market } = holding;
  if (!order.level) return;
  market.own(order.sign).remove(order);
  holding.active -= 1;
  market.bookChanged = true;
  market.quietLow = -1;
  if (order.reduceOnly) drop(positionOf(order).reducers, order);
  else release(order);
}

/** Counts what an order in the book may still open; again after its quantity changed. */
export function reserve(order: Order): void {
  const { contract } = order.holding.market;
  if (contract.isSpot) return;
  release(order);
  const position = positionOf(order);
  order.reserved = contract.value(order.price, order.leavesQty);
  order.reservedQty = order.leavesQty;
  if (order.sign === 1) {
    position.buyQty += order.reservedQty;
    position.buyValue += order.reserved;
  } else {
    position.sellQty += order.reservedQty;
    position.sellValue += order.reserved;
  }
}

function release(order: Order): void {
  if (order.reservedQty === 0) return;
  const position = positionOf(order);
  if (order.sign === 1) {
    position.buyQty -= order.reservedQty;
    position.buyValue -= order.reserved;
  } else {
    position.sellQty -= order.reservedQty;
    position.sellValue -= order.reserved;
  }
  order.reserved = 0;
  order.reservedQty = 0;
}

/** Takes a waiting order off the list it waits on. */
export function unwatch(order: Order): void {
  const { market } = order.holding;
  market.quietLow = -1;
  if (order.watched !== 0) {
    if (order.triggerBy !== "") market.triggers[order.triggerBy].remove(order);
  } else if (order.stopOrderType === "TrailingStop") drop(market.trailing, order);
  else if (market.held.length > 0) drop(market.held, order);
}

/** Puts a conditional order on the list of its price source; profits born in a bar wait for its close. */
export function watch(order: Order): void {
  const { market } = order.holding;
  market.quietLow = -1;
  if (order.stopOrderType === "TrailingStop") market.trailing.push(order);
  else if (market.isWalking && order.isProfit) market.held.push(order);
  else if (order.triggerBy !== "") market.triggers[order.triggerBy].add(order, order.triggerPrice);
}

/** Makes `lock` the coins of a spot order that nothing else may use. */
export function setLock(order: Order, lock: number): void {
  const { account, market } = order.holding;
  if (lock === order.lock) return;
  const own = account.wallet(order.sign === 1 ? market.coin : market.base);
  own.locked += lock - order.lock;
  order.lock = lock;
}

/** What a spot order with a limit price ties up, money of the coin it pays with. */
export function lockOf(order: Order): number {
  const { contract } = order.holding.market;
  return order.sign === 1 ? contract.value(order.price, order.leavesQty) : contract.baseUnits(order.leavesQty);
}

/** Ends an order: off every list, into history. Tells no one. */
export function end(books: Books, order: Order, status: OrderStatus, ending?: Ending): void {
  const { holding } = order;
  const { account } = holding;
  if (order.level) unrest(order);
  else if (order.isWaiting) {
    unwatch(order);
    leavePosition(order);
  }
  if (order.lock !== 0) setLock(order, 0);
  if (order.pair) {
    order.pair.pair = undefined;
    order.pair = undefined;
  }
  order.status = status;
  if (ending?.cancelType) order.cancelType = ending.cancelType;
  if (ending?.rejectReason) order.rejectReason = ending.rejectReason;
  order.leavesQty = 0;
  order.updatedTime = books.now;
  order.closedSeq = books.nextClosedSeq();
  account.open.remove(order);
  const gone = account.closed.push(order);
  if (!gone) return;
  account.orders.remove(gone);
  if (gone.orderLinkId !== "" && account.links.get(gone.orderLinkId) === gone) account.links.delete(gone.orderLinkId);
}

/** A waiting order that will wait no more: off its position, or off the count of conditional orders. */
export function leavePosition(order: Order): void {
  const { holding } = order;
  const position = positionOf(order);
  if (position.takeProfit === order) position.takeProfit = undefined;
  else if (position.stopLoss === order) position.stopLoss = undefined;
  else if (position.trailing === order) position.trailing = undefined;
  else if (!drop(position.partials, order)) {
    holding.conditional -= 1;
    return;
  }
  position.touched = true;
}

/** Ends an open order early and tells. */
export function cancel(books: Books, order: Order, ending: Ending): void {
  const { market } = order.holding;
  const isPartSpot = market.contract.isSpot && order.cumExecQty > 0;
  const status = order.isWaiting ? "Deactivated" : isPartSpot ? "PartiallyFilledCanceled" : "Cancelled";
  market.seq += 1;
  end(books, order, status, ending);
  tell(books, order);
}

function drop<T>(list: T[], item: T): boolean {
  const i = list.indexOf(item);
  if (i >= 0) list.splice(i, 1);
  return i >= 0;
}

/** Tells that the book of own orders changed, once for all changes of a call. */
export function flushBook(books: Books, market: MarketState): void {
  if (!market.bookChanged) return;
  market.bookChanged = false;
  if (books.listener) books.emit(() => ({ type: "book", market: market.key }));
}
