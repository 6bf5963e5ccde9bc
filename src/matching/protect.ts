import type { Books } from "./books.ts";
import { addPair, type LegKind, setFullLeg } from "./legs.ts";
import { cancel, positionOf, tell } from "./life.ts";
import type { Holding, Order, Position } from "./state.ts";
import type { PriceSource, ProtectionLeg } from "./types.ts";

/** The legs an order carries, as it would hand them to its position. */
export function legsOf(order: Order): { takeProfit?: ProtectionLeg; stopLoss?: ProtectionLeg } {
  const leg = (price: number, by: PriceSource | "", limitPrice: number): ProtectionLeg => ({
    price,
    triggerBy: by === "" ? undefined : by,
    limitPrice: limitPrice === 0 ? undefined : limitPrice,
  });
  return {
    ...(order.takeProfit !== 0 && { takeProfit: leg(order.takeProfit, order.tpTriggerBy, order.tpLimitPrice) }),
    ...(order.stopLoss !== 0 && { stopLoss: leg(order.stopLoss, order.slTriggerBy, order.slLimitPrice) }),
  };
}

/** Puts the TP/SL an entry carries in place, for what it filled since the last time. */
export function protect(books: Books, order: Order): void {
  const { holding } = order;
  const position = positionOf(order);
  const isSpot = holding.market.contract.isSpot;
  const qty = isSpot ? order.unprotected : Math.min(order.unprotected, Math.max(0, order.sign * position.size));
  order.unprotected = 0;
  if (qty === 0) return;
  const legs = legsOf(order);
  const parentOrderLinkId = order.orderLinkId;
  const sign = order.sign === 1 ? -1 : 1;
  if (isSpot || order.tpslMode === "Partial") {
    const mode = isSpot ? "" : "Partial";
    addPair(books, holding, position, { mode, sign, qty, parentOrderLinkId, ...legs });
    return;
  }
  for (const kind of ["takeProfit", "stopLoss"] satisfies LegKind[]) {
    const leg = legs[kind];
    if (leg) setFullLeg(books, { holding, position }, { kind, leg, parentOrderLinkId });
  }
}

/**
 * Lets the orders that belong to a position follow its size.
 *
 * Full TP/SL are resized; a closed or turned position takes its TP/SL with it; reduce-only orders in the book never
 * exceed it. To be called after each change of a position.
 */
export function followPosition(books: Books, holding: Holding, position: Position): void {
  const { takeProfit, stopLoss, trailing, partials, reducers, size } = position;
  if (takeProfit) follow(books, takeProfit, size);
  if (stopLoss) follow(books, stopLoss, size);
  if (trailing) follow(books, trailing, size);
  if (partials.length > 0) {
    for (const leg of [...partials]) if (leg.sign * size >= 0) clear(books, leg);
  }
  if (reducers.length > 0) for (const order of [...reducers]) trim(books, order, size);
  if (size !== 0 && (takeProfit || stopLoss || trailing)) holding.market.quietLow = -1;
}

function follow(books: Books, leg: Order, size: number): void {
  if (leg.sign * size >= 0) {
    clear(books, leg);
    return;
  }
  const qty = Math.abs(size);
  if (leg.qty === qty) return;
  leg.qty = qty;
  leg.leavesQty = qty;
  leg.updatedTime = books.now;
  tell(books, leg);
}

function clear(books: Books, leg: Order): void {
  // A leg may have gone with its pair.
  if (leg.isOpen) cancel(books, leg, { cancelType: "CancelByTpSlTsClear" });
}

function trim(books: Books, order: Order, size: number): void {
  if (!order.isOpen || !order.level) return;
  const most = Math.max(0, -order.sign * size);
  if (order.leavesQty <= most) return;
  if (most === 0) {
    cancel(books, order, { cancelType: "CancelByReduceOnly" });
    return;
  }
  order.level.qty -= order.leavesQty - most;
  order.qty = order.cumExecQty + most;
  order.leavesQty = most;
  order.updatedTime = books.now;
  order.holding.market.bookChanged = true;
  tell(books, order);
}
