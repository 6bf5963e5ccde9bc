import { admit, bboPrice, likelyPrice, spotCost } from "./admit.ts";
import type { Books } from "./books.ts";
import {
  checkAttached,
  checkIdx,
  checkNotional,
  checkPrice,
  checkQty,
  checkRoom,
  checkTrigger,
  isCount,
} from "./check.ts";
import { flushBook, lockOf, register, setLock, tell, watch } from "./life.ts";
import { spendable } from "./margin.ts";
import { execute } from "./match.ts";
import { OrderOf } from "./order.ts";
import { refuse, unknownMarket } from "./refusal.ts";
import type { Account, Holding, Order } from "./state.ts";
import { settlePrices } from "./trigger.ts";
import type { OrderAck, OrderRequest, ProtectionLeg, Refusal, Reply } from "./types.ts";

/** Takes an order, or refuses it and changes nothing. What it causes at once has happened on return. */
export function placeOrder(books: Books, account: Account, request: OrderRequest): Reply<OrderAck> {
  const order = draft(books, account, request);
  if (!(order instanceof OrderOf)) return order;
  const { holding } = order;
  const { market } = holding;
  register(books, order);
  if (order.triggerPrice !== 0) {
    holding.conditional += 1;
    watch(order);
    tell(books, order);
  } else {
    tell(books, order);
    execute(books, order);
    if (order.cumExecQty > 0) settlePrices(books, market);
  }
  flushBook(books, market);
  return { ok: true, orderId: order.id, orderLinkId: order.orderLinkId };
}

/** The order a request asks for, checked by all rules but not yet on any list. */
export function draft(books: Books, account: Account, request: OrderRequest): Order | Refusal {
  const market = books.markets.get(request.market);
  if (!market) return unknownMarket(request.market);
  const { contract } = market;
  const { isSpot } = contract;
  const link = request.orderLinkId;
  if (link !== undefined && link !== "" && account.links.has(link)) return refuse(isSpot ? 170141 : 110072);
  if (market.last === 0) return refuse(110118);
  const holding = account.at(market);
  const order = orderOf(holding, request);
  const bad = checkRequest(order, request);
  if (bad) return bad;
  if (order.triggerPrice === 0) {
    const barrier = admit(order);
    return barrier === "reduceOnly" ? refuse(110017) : (barrier ?? order);
  }
  return request.orderFilter === "tpslOrder" ? lockWaiting(order) : order;
}

function orderOf(holding: Holding, request: OrderRequest): Order {
  const order: Order = new OrderOf<Holding>(holding, request.side);
  const { market } = holding;
  const { contract } = market;
  order.orderLinkId = request.orderLinkId ?? "";
  order.type = request.type;
  order.timeInForce = request.type === "Market" ? "IOC" : (request.timeInForce ?? "GTC");
  order.qty = request.qty;
  order.leavesQty = request.qty;
  order.positionIdx = request.positionIdx ?? 0;
  order.feeCoin = contract.isSpot && order.sign === 1 ? market.base.name : market.coin.name;
  if (request.smpType) order.smpType = request.smpType;
  if (request.type === "Limit") {
    order.price = request.bbo ? bboPrice(market, order.sign, request.bbo) : (request.price ?? 0);
  } else if (contract.isSpot) {
    order.marketUnit = request.marketUnit ?? (order.sign === 1 ? "quoteCoin" : "baseCoin");
  }
  if (contract.isSpot) return withLegs(withTrigger(order, request), request);
  // In hedge mode selling from the long side, or buying from the short side, closes.
  const closes = holding.isHedge && order.positionIdx === (order.sign === 1 ? 2 : 1);
  order.reduceOnly = closes || (request.reduceOnly ?? false);
  order.closeOnTrigger = request.closeOnTrigger ?? false;
  if (request.type === "Market" && request.slippage) {
    order.slippageKind = request.slippage.kind;
    order.slippageValue = request.slippage.value;
  }
  return withLegs(withTrigger(order, request), request);
}

function withTrigger(order: Order, { trigger, orderFilter }: OrderRequest): Order {
  if (!trigger) return order;
  const { market } = order.holding;
  order.status = "Untriggered";
  order.stopOrderType = orderFilter === "tpslOrder" ? "tpslOrder" : "Stop";
  order.createType = "CreateByStopOrder";
  order.triggerPrice = trigger.price;
  order.triggerBy = trigger.by ?? "LastPrice";
  const ahead = market.contract.isSpot ? (trigger.price > market.price(order.triggerBy) ? 1 : 2) : 0;
  order.triggerDirection = trigger.direction ?? ahead;
  return order;
}

function withLegs(order: Order, { takeProfit, stopLoss, tpslMode }: OrderRequest): Order {
  if (!takeProfit && !stopLoss) return order;
  const { isSpot } = order.holding.market.contract;
  if (takeProfit) setTakeProfit(order, takeProfit);
  if (stopLoss) setStopLoss(order, stopLoss);
  if (!isSpot && (order.takeProfit !== 0 || order.stopLoss !== 0)) order.tpslMode = tpslMode ?? "Full";
  return order;
}

/** Writes the profit an order carries; price 0 takes it away. */
export function setTakeProfit(order: Order, leg: ProtectionLeg): void {
  order.takeProfit = leg.price;
  order.tpTriggerBy = leg.price === 0 ? "" : (leg.triggerBy ?? (order.tpTriggerBy || "LastPrice"));
  order.tpLimitPrice = leg.price === 0 ? 0 : (leg.limitPrice ?? order.tpLimitPrice);
}

/** Writes the stop an order carries; price 0 takes it away. */
export function setStopLoss(order: Order, leg: ProtectionLeg): void {
  order.stopLoss = leg.price;
  order.slTriggerBy = leg.price === 0 ? "" : (leg.triggerBy ?? (order.slTriggerBy || "LastPrice"));
  order.slLimitPrice = leg.price === 0 ? 0 : (leg.limitPrice ?? order.slLimitPrice);
}

/** All that can be said of a request without asking for money. */
function checkRequest(order: Order, request: OrderRequest): Refusal | undefined {
  const { holding } = order;
  const { market } = holding;
  const { isSpot } = market.contract;
  const badIdx = checkIdx(holding, order.positionIdx);
  if (badIdx) return badIdx;
  if (!isCount(order.qty)) return refuse(10001, "Qty invalid");
  if (isSpot && (request.reduceOnly || request.closeOnTrigger)) return refuse(10001, "spot has no positions to reduce");
  const closesAll = order.qty === 0 && order.reduceOnly && order.closeOnTrigger;
  if (order.qty === 0 && !closesAll) return refuse(isSpot ? 170136 : 10001, isSpot ? undefined : "Qty invalid");
  if (order.type === "Limit") {
    if (Number.isNaN(order.price)) return refuse(110003, "there is no such level in the book");
    const banned = checkPrice(market, order.price);
    if (banned) return banned;
  }
  const badQty = closesAll ? undefined : checkQty(order);
  if (badQty) return badQty;
  if (order.triggerPrice !== 0 || request.trigger) {
    if (order.triggerDirection === 0) return refuse(10001, "params error: triggerDirection is required");
    const barred = checkTrigger(order, order.triggerPrice, order.triggerBy || "LastPrice");
    if (barred) return barred;
  }
  const small = checkNotional(order, priceForSize(order));
  return small ?? checkAttached(order) ?? checkRoom(order);
}

function priceForSize(order: Order): number {
  if (order.type === "Limit") return order.price;
  if (order.triggerPrice !== 0) return order.triggerPrice;
  const { market } = order.holding;
  const price = likelyPrice(order, market, order.sign * Infinity);
  return Number.isFinite(price) ? price : market.last;
}

/** Spot TP/SL orders hold their coins while they wait. */
function lockWaiting(order: Order): Order | Refusal {
  const { account, market } = order.holding;
  const own = account.wallet(order.sign === 1 ? market.coin : market.base);
  const lock = order.type === "Limit" ? lockOf(order) : spotCost(order, market, order.triggerPrice);
  if (lock > spendable(account, own)) return refuse(170131);
  setLock(order, lock);
  return order;
}
