import type { Books } from "./books.ts";
import { cancel, register, tell, unwatch, watch } from "./life.ts";
import { OrderOf } from "./order.ts";
import type { CreateType, StopOrderType } from "./rows.ts";
import type { Holding, Order, Position } from "./state.ts";
import type { PriceSource, ProtectionLeg, TpslMode } from "./types.ts";

/** Which leg of a pair. */
export type LegKind = "takeProfit" | "stopLoss";

/** A TP/SL order to be made. */
export interface LegSpec {
  readonly kind: LegKind;
  readonly mode: TpslMode | "";
  readonly sign: 1 | -1;
  readonly leg: ProtectionLeg;
  readonly qty: number;
  readonly parentOrderLinkId: string;
}

const FULL: Readonly<Record<LegKind, readonly [StopOrderType, CreateType]>> = {
  takeProfit: ["TakeProfit", "CreateByTakeProfit"],
  stopLoss: ["StopLoss", "CreateByStopLoss"],
};
const PARTIAL: Readonly<Record<LegKind, readonly [StopOrderType, CreateType]>> = {
  takeProfit: ["PartialTakeProfit", "CreateByPartialTakeProfit"],
  stopLoss: ["PartialStopLoss", "CreateByPartialStopLoss"],
};

/** An order that waits to close a position; it is on the account's lists but watches no price yet. */
export function closer(
  holding: Holding,
  position: Position,
  made: { sign: 1 | -1; qty: number; stopOrderType: StopOrderType; createType: CreateType },
): Order {
  const order = new OrderOf<Holding>(holding, made.sign === 1 ? "buy" : "sell");
  const { contract, coin, base } = holding.market;
  order.type = "Market";
  order.timeInForce = "IOC";
  order.qty = made.qty;
  order.leavesQty = made.qty;
  order.status = "Untriggered";
  order.stopOrderType = made.stopOrderType;
  order.createType = made.createType;
  order.positionIdx = position.idx;
  order.reduceOnly = !contract.isSpot;
  order.closeOnTrigger = !contract.isSpot;
  order.feeCoin = contract.isSpot && made.sign === 1 ? base.name : coin.name;
  return order;
}

/** Makes a TP/SL order and lets it watch its price. */
export function addLeg(books: Books, holding: Holding, position: Position, spec: LegSpec): Order {
  const { kind, mode, sign, leg, qty } = spec;
  const isSpot = holding.market.contract.isSpot;
  const [stopOrderType, createType] = isSpot
    ? (["tpslOrder", FULL[kind][1]] as const)
    : (mode === "Partial" ? PARTIAL : FULL)[kind];
  const order = closer(holding, position, { sign, qty, stopOrderType, createType });
  order.tpslMode = mode;
  order.parentOrderLinkId = spec.parentOrderLinkId;
  order.triggerPrice = leg.price;
  order.triggerBy = leg.triggerBy ?? "LastPrice";
  // A profit closes a long above the market, a stop below it.
  order.triggerDirection = (kind === "takeProfit") === (sign === -1) ? 1 : 2;
  if (leg.limitPrice) {
    order.type = "Limit";
    order.timeInForce = "GTC";
    order.price = leg.limitPrice;
  }
  register(books, order);
  watch(order);
  if (isSpot) holding.conditional += 1;
  else if (mode === "Partial") position.partials.push(order);
  else position[kind] = order;
  if (!isSpot) position.touched = true;
  tell(books, order);
  return order;
}

/** Makes a pair of which one leg cancels the other; a leg may be missing. */
export function addPair(
  books: Books,
  holding: Holding,
  position: Position,
  spec: Omit<LegSpec, "kind" | "leg"> & {
    takeProfit?: ProtectionLeg | undefined;
    stopLoss?: ProtectionLeg | undefined;
  },
): void {
  const { takeProfit, stopLoss } = spec;
  const profit = takeProfit && addLeg(books, holding, position, { ...spec, kind: "takeProfit", leg: takeProfit });
  const stop = stopLoss && addLeg(books, holding, position, { ...spec, kind: "stopLoss", leg: stopLoss });
  if (profit && stop) bind(profit, stop);
}

function bind(one: Order, other: Order): void {
  one.pair = other;
  other.pair = one;
}

/** Whether a Full leg already is what is asked for. */
export function isSameLeg(order: Order | undefined, leg: ProtectionLeg): boolean {
  if (!order) return leg.price === 0;
  return order.triggerPrice === leg.price && order.triggerBy === (leg.triggerBy ?? order.triggerBy);
}

/** Puts a Full leg in place of the one that is there; price 0 removes it. */
export function setFullLeg(
  books: Books,
  at: { holding: Holding; position: Position },
  wish: { kind: LegKind; leg: ProtectionLeg; parentOrderLinkId: string },
): void {
  const { holding, position } = at;
  const { kind, leg, parentOrderLinkId } = wish;
  const there = position[kind];
  if (isSameLeg(there, leg)) return;
  if (leg.price === 0) {
    if (there) cancel(books, there, { cancelType: "CancelByUser", rejectReason: "EC_PerCancelRequest" });
  } else if (there) {
    moveTrigger(there, leg.price, leg.triggerBy);
    if (parentOrderLinkId !== "") there.parentOrderLinkId = parentOrderLinkId;
    there.updatedTime = books.now;
    position.touched = true;
    tell(books, there);
  } else {
    const sign = position.size > 0 ? -1 : 1;
    const qty = Math.abs(position.size);
    addLeg(books, holding, position, { kind, mode: "Full", sign, leg, qty, parentOrderLinkId });
    if (position.takeProfit && position.stopLoss) bind(position.takeProfit, position.stopLoss);
  }
}

/** A waiting order waits for another price. */
export function moveTrigger(order: Order, price: number, by?: PriceSource | undefined): void {
  unwatch(order);
  order.triggerPrice = price;
  if (by) order.triggerBy = by;
  watch(order);
}
