import type { Category } from "../../model/instrument.ts";
import type { Params } from "../gateway/params.ts";
import { refusal } from "../gateway/retcodes.ts";

export type WireSide = "Buy" | "Sell";
export type WireTrigger = "LastPrice" | "IndexPrice" | "MarkPrice";
export type PositionIdx = 0 | 1 | 2;

/** A take-profit or stop-loss as a request states it; prices as written, "0" or "" for none. */
export interface ProtectionParams {
  readonly price: string;
  readonly triggerBy: WireTrigger;
  readonly orderType: "Market" | "Limit";
  readonly limitPrice: string;
}

/** The fields of `/v5/order/create`, checked by themselves but not against any market. */
export interface OrderParams {
  readonly symbol: string;
  readonly side: WireSide;
  readonly orderType: "Market" | "Limit";
  readonly qty: string;
  readonly price: string;
  readonly timeInForce: "GTC" | "IOC" | "FOK" | "PostOnly";
  readonly orderLinkId: string;
  readonly positionIdx: PositionIdx;
  readonly reduceOnly: boolean;
  readonly closeOnTrigger: boolean;
  readonly marketUnit: "" | "baseCoin" | "quoteCoin";
  readonly slippage: { readonly kind: "TickSize" | "Percent"; readonly value: number } | undefined;
  readonly bbo: { readonly side: "Queue" | "Counterparty"; readonly level: number } | undefined;
  readonly trigger:
    | { readonly price: string; readonly direction: 1 | 2 | undefined; readonly by: WireTrigger }
    | undefined;
  readonly orderFilter: "Order" | "tpslOrder" | "StopOrder";
  readonly tpslMode: "" | "Full" | "Partial";
  readonly takeProfit: ProtectionParams | undefined;
  readonly stopLoss: ProtectionParams | undefined;
  readonly smpType: "None" | "CancelMaker" | "CancelTaker" | "CancelBoth";
}

const TRIGGERS: readonly WireTrigger[] = ["LastPrice", "IndexPrice", "MarkPrice"];
const ORDER_TYPES = ["Market", "Limit"] as const;

/**
 * Reads the order that `params` describes.
 *
 * @throws VenueRejection 10001, 170116 170117 170115 (spot), 110108 110109
 */
export function orderParams(params: Params, category: Category): OrderParams {
  const orderType = params.oneOf("orderType", ORDER_TYPES);
  const price = params.decimal("price");
  const bbo = bboParams(params);
  if (orderType === "Limit" && !(Number(price) > 0) && !bbo) throw refusal(10001, "params error: price is required");
  const qty = params.decimal("qty");
  const reduceOnly = params.flag("reduceOnly");
  const closeOnTrigger = params.flag("closeOnTrigger");
  const closesAll = Number(qty) === 0 && reduceOnly && closeOnTrigger;
  if (qty === "" || (!(Number(qty) > 0) && !closesAll)) throw refusal(10001, "Qty invalid");
  const tif = params.oneOf("timeInForce", ["GTC", "IOC", "FOK", "PostOnly", "RPI"], "GTC");
  if (tif === "RPI") throw refusal(110119, "RPI orders are for approved makers only");
  return {
    symbol: params.required("symbol"),
    side: params.oneOf("side", ["Buy", "Sell"]),
    orderType,
    qty,
    price: orderType === "Limit" ? price : "",
    timeInForce: orderType === "Market" ? "IOC" : tif,
    orderLinkId: linkId(params),
    positionIdx: positionIdx(params) ?? 0,
    reduceOnly,
    closeOnTrigger,
    marketUnit: params.oneOf("marketUnit", ["", "baseCoin", "quoteCoin"], ""),
    slippage: slippageParams(params),
    bbo,
    trigger: triggerParams(params),
    orderFilter:
      category === "spot" ? params.oneOf("orderFilter", ["Order", "tpslOrder", "StopOrder"], "Order") : "Order",
    ...protectionParams(params),
    smpType: params.oneOf("smpType", ["None", "CancelMaker", "CancelTaker", "CancelBoth"], "None"),
  };
}

/** `tpslMode`, `takeProfit` and `stopLoss` of an order, an amendment, or a trading stop. */
export function protectionParams(params: Params): Pick<OrderParams, "tpslMode" | "takeProfit" | "stopLoss"> {
  const tpslMode = params.oneOf("tpslMode", ["", "Full", "Partial"], "");
  const leg = (name: "takeProfit" | "stopLoss", short: "tp" | "sl"): ProtectionParams | undefined => {
    const price = params.decimal(name);
    if (price === "") return undefined;
    const orderType = params.oneOf(`${short}OrderType`, ORDER_TYPES, "Market");
    const limitPrice = params.decimal(`${short}LimitPrice`);
    if (orderType === "Limit" && tpslMode === "Full") {
      throw refusal(10001, `params error: ${short}OrderType Limit needs tpslMode Partial`);
    }
    if (orderType === "Limit" && !(Number(limitPrice) > 0)) {
      throw refusal(10001, `params error: ${short}LimitPrice is required`);
    }
    return { price, triggerBy: params.oneOf(`${short}TriggerBy`, TRIGGERS, "LastPrice"), orderType, limitPrice };
  };
  return { tpslMode, takeProfit: leg("takeProfit", "tp"), stopLoss: leg("stopLoss", "sl") };
}

/** The client's own id: up to 36 letters, digits, `-` and `_`. */
export function linkId(params: Params): string {
  const text = params.text("orderLinkId");
  if (!/^[A-Za-z0-9_-]{0,36}$/.test(text)) throw refusal(10001, "params error: orderLinkId invalid");
  return text;
}

/** 0 one-way, 1 and 2 the sides of hedge mode; `undefined` when not given. */
export function positionIdx(params: Params): PositionIdx | undefined {
  const value = params.raw.positionIdx;
  if (typeof value === "string" && value !== "") throw refusal(10001, "params error: positionIdx must be an integer");
  return params.integer("positionIdx", { min: 0, max: 2 }) as PositionIdx | undefined;
}

/** Which order is meant: by the exchange's id, or else by the client's. */
export function orderNamed(params: Params): { orderId: string; orderLinkId: string } {
  const orderId = params.text("orderId");
  const orderLinkId = params.text("orderLinkId");
  if (orderId === "" && orderLinkId === "") throw refusal(10001, "params error: orderId or orderLinkId is required");
  return { orderId, orderLinkId };
}

function triggerParams(params: Params): OrderParams["trigger"] {
  const price = params.decimal("triggerPrice");
  if (price === "" || Number(price) === 0) return undefined;
  const direction = params.integer("triggerDirection", { min: 0, max: 2 });
  const by = params.oneOf("triggerBy", TRIGGERS, "LastPrice");
  return { price, direction: direction === 1 || direction === 2 ? direction : undefined, by };
}

function slippageParams(params: Params): OrderParams["slippage"] {
  const kind = params.oneOf("slippageToleranceType", ["", "TickSize", "Percent"], "");
  if (kind === "") return undefined;
  const text = params.decimal("slippageTolerance");
  const value = Number(text === "" ? Number.NaN : text);
  if (kind === "TickSize" && !(Number.isInteger(value) && value >= 1 && value <= 10_000)) {
    throw refusal(110108, "slippageTolerance must be 1 to 10000 ticks");
  }
  if (kind === "Percent" && !(value >= 0.01 && value <= 10 && /^\d+(\.\d{1,2})?$/.test(text))) {
    throw refusal(110109, "slippageTolerance must be 0.01 to 10 percent");
  }
  return { kind, value };
}

function bboParams(params: Params): OrderParams["bbo"] {
  const side = params.oneOf("bboSideType", ["", "Queue", "Counterparty"], "");
  if (side === "") return undefined;
  const level = Number(params.oneOf("bboLevel", ["1", "2", "3", "4", "5"]));
  return { side, level };
}
