import { z } from "zod";
import * as f from "./fields.ts";

const ORDER_TYPES = ["Market", "Limit"] as const;

/** Parameters of a new order that single and batch requests share. */
export const orderFields = {
  symbol: f.symbol,
  side: f.side,
  orderType: f.oneOf(ORDER_TYPES, "order type"),
  qty: f.decimal("quantity: base (inverse: USD contracts); spot market buy: quote, unless marketUnit tells", "0.01"),
  price: f.positive("limit price; ignored for Market", "60000").optional(),
  timeInForce: f.oneOf(["GTC", "IOC", "FOK", "PostOnly", "RPI"], "how long it waits; Market is always IOC").optional(),
  orderLinkId: f.orderLinkId.optional(),
  positionIdx: f.positionIdx.optional(),
  reduceOnly: f.flag("may only make the position smaller; cannot carry TP/SL").optional(),
  closeOnTrigger: f.flag("closes, and frees margin by cancelling other orders").optional(),
  triggerPrice: f.positive("price at which a conditional order is sent", "61000").optional(),
  triggerDirection: z
    .literal([1, 2])
    .meta({ description: "1 price rises to it, 2 falls to it", kind: "integer", limits: "1 2", example: 1 })
    .optional(),
  triggerBy: f.triggerBy("a conditional order").optional(),
  orderFilter: f
    .oneOf(["Order", "tpslOrder", "StopOrder"], "spot: plain, take-profit/stop-loss, conditional")
    .optional(),
  marketUnit: f.oneOf(["baseCoin", "quoteCoin"], "spot market orders: unit of qty").optional(),
  takeProfit: f.positive("take-profit price, attached", "66000").optional(),
  stopLoss: f.positive("stop-loss price, attached", "58000").optional(),
  tpTriggerBy: f.triggerBy("the take-profit").optional(),
  slTriggerBy: f.triggerBy("the stop-loss").optional(),
  tpslMode: f.oneOf(["Full", "Partial"], "TP/SL on the whole position, or on this quantity").optional(),
  tpOrderType: f.oneOf(ORDER_TYPES, "order type of the take-profit").optional(),
  slOrderType: f.oneOf(ORDER_TYPES, "order type of the stop-loss").optional(),
  tpLimitPrice: f.positive("limit price of the take-profit; Partial and Limit only", "65990").optional(),
  slLimitPrice: f.positive("limit price of the stop-loss; Partial and Limit only", "57990").optional(),
  isLeverage: z
    .literal([0, 1])
    .meta({ description: "spot: 1 borrows", kind: "integer", limits: "0 1", example: 0 })
    .optional(),
  smpType: f.oneOf(["None", "CancelMaker", "CancelTaker", "CancelBoth"], "what meeting an own order does").optional(),
  orderIv: f.positive("options: implied volatility, a fraction", "0.5").optional(),
  mmp: f.flag("options: market-maker protection").optional(),
};

/** Parameters only a single new order has. */
export const singleOrderFields = {
  slippageToleranceType: f.oneOf(["TickSize", "Percent"], "unit of slippageTolerance; market orders only").optional(),
  slippageTolerance: f.positive("1 to 10000 ticks, or 0.01 to 10 percent", "5").optional(),
  bboSideType: f.oneOf(["Queue", "Counterparty"], "price from the book: own side, other side").optional(),
  bboLevel: f.oneOf(["1", "2", "3", "4", "5"], "level of the book that gives the price").optional(),
  rpiTakerAccess: f.flag("may match retail-only quotes").optional(),
};

/** Parameters of an amendment that single and batch requests share. */
export const amendFields = {
  symbol: f.symbol,
  orderId: f.orderId.optional(),
  orderLinkId: f.orderLinkId.optional(),
  qty: f.positive("new whole quantity, above what is filled", "0.02").optional(),
  price: f.positive("new limit price", "60100").optional(),
  triggerPrice: f.positive("new trigger price", "61100").optional(),
  triggerBy: f.triggerBy("a conditional order").optional(),
  takeProfit: f.decimal("new take-profit price; 0 removes it", "66000").optional(),
  stopLoss: f.decimal("new stop-loss price; 0 removes it", "58000").optional(),
  tpTriggerBy: f.triggerBy("the take-profit").optional(),
  slTriggerBy: f.triggerBy("the stop-loss").optional(),
  tpslMode: f.oneOf(["Full", "Partial"], "TP/SL on the whole position, or on this quantity").optional(),
  tpLimitPrice: f.positive("limit price of the take-profit", "65990").optional(),
  slLimitPrice: f.positive("limit price of the stop-loss", "57990").optional(),
  orderIv: f.positive("options: implied volatility, a fraction", "0.5").optional(),
};

type Loose = Readonly<Record<string, unknown>>;
type Complain = (name: string, fact: string) => void;

/** What the fields of a new order ask of each other. `category` is on the order, or on the batch around it. */
export function checkOrder(order: Loose, category: unknown, complain: Complain): void {
  const isContract = category === "linear" || category === "inverse";
  if (
    order.orderType === "Limit" &&
    order.price === undefined &&
    order.bboSideType === undefined &&
    order.orderIv === undefined
  ) {
    complain("price", "needed for orderType Limit");
  }
  if (order.triggerPrice !== undefined && isContract && order.triggerDirection === undefined) {
    complain("triggerDirection", "needed with triggerPrice: 1 when the price must rise to it, 2 when it must fall");
  }
  if (category === "option" && order.orderLinkId === undefined) complain("orderLinkId", "needed for options");
  if (order.reduceOnly === true && (order.takeProfit !== undefined || order.stopLoss !== undefined)) {
    complain("reduceOnly", "cannot be together with takeProfit or stopLoss");
  }
  const closesAll = order.reduceOnly === true && order.closeOnTrigger === true;
  if (!closesAll && !/[1-9]/.test(String(order.qty))) {
    complain("qty", "must be above 0 (0 closes a position, with reduceOnly and closeOnTrigger)");
  }
  checkLimits(order, isContract, complain);
  if ((order.slippageTolerance === undefined) !== (order.slippageToleranceType === undefined)) {
    complain("slippageTolerance", "goes together with slippageToleranceType");
  }
  if (order.slippageTolerance !== undefined && order.orderType !== "Market") {
    complain("slippageTolerance", "is for orderType Market");
  }
}

function checkLimits(order: Loose, isContract: boolean, complain: Complain): void {
  for (const which of ["tp", "sl"] as const) {
    if (order[`${which}LimitPrice`] === undefined) continue;
    if (order[`${which}OrderType`] !== "Limit") complain(`${which}LimitPrice`, `needs ${which}OrderType Limit`);
    if (isContract && order.tpslMode !== "Partial") complain(`${which}LimitPrice`, "needs tpslMode Partial");
  }
}

/** An order is named by one of its two ids. */
export function checkOrderName(order: Loose, complain: Complain): void {
  if (order.orderId === undefined && order.orderLinkId === undefined) {
    complain("orderId", "needed, or orderLinkId");
  }
}
