import { plainDecimal } from "../core/decimal.ts";
import type { ExecutionFact, OrderFact, PositionFact } from "../engine/facts.ts";

/** What is read of a row of orders, from a list or a stream. Words that are missing there are "". */
export interface WireOrder {
  readonly symbol: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly orderStatus: string;
  readonly cumExecQty: string;
  readonly qty: string;
  readonly reduceOnly: boolean;
  readonly stopOrderType?: unknown;
  readonly rejectReason: string;
  readonly updatedTime: number;
}

export interface WireExecution {
  readonly symbol: string;
  readonly execId: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly side: string;
  readonly execPrice: string;
  readonly execQty: string;
  readonly execFee: string;
  readonly execType: string;
  readonly execTime: number;
  readonly feeCurrency?: unknown;
  readonly stopOrderType?: unknown;
  readonly seq?: unknown;
}

export interface WirePosition {
  readonly symbol: string;
  readonly side: "Buy" | "Sell" | "";
  readonly size: string;
  /** Lists say `avgPrice`, streams `entryPrice`. */
  readonly avgPrice?: unknown;
  readonly entryPrice?: unknown;
  readonly stopLoss: string;
  readonly takeProfit: string;
  readonly trailingStop?: unknown;
  readonly liqPrice: string;
}

/** Ends of orders, in Bybit's words. */
const OVER = new Set(["Filled", "Cancelled", "Rejected", "Deactivated", "PartiallyFilledCanceled"]);

/** Whether an order of a stream is news to a bot: of a position's own stop and target only the end is. */
export function isOrderNews(row: WireOrder): boolean {
  return row.orderLinkId !== "" || (OVER.has(row.orderStatus) && textOf(row.stopOrderType) !== "");
}

export function orderFactOf(row: WireOrder): OrderFact {
  return {
    symbol: row.symbol,
    orderId: row.orderId,
    orderLinkId: row.orderLinkId,
    status: row.orderStatus,
    cumExecQty: plain(row.cumExecQty),
    qty: row.qty,
    reduceOnly: row.reduceOnly,
    stopOrderType: textOf(row.stopOrderType),
    rejectReason: row.rejectReason,
    updatedTime: row.updatedTime,
  };
}

/** `settleCoin` where the row does not name the coin of its fee. */
export function executionFactOf(row: WireExecution, settleCoin: string): ExecutionFact {
  const seq = Number(row.seq);
  return {
    symbol: row.symbol,
    execId: row.execId,
    orderId: row.orderId,
    orderLinkId: row.orderLinkId,
    side: row.side === "Sell" ? "sell" : "buy",
    price: row.execPrice,
    qty: row.execQty,
    fee: row.execFee === "" ? "0" : row.execFee,
    feeCoin: textOf(row.feeCurrency) || settleCoin,
    type: row.execType,
    stopOrderType: textOf(row.stopOrderType),
    time: row.execTime,
    ...(Number.isFinite(seq) && { seq }),
  };
}

export function positionFactOf(row: WirePosition): PositionFact {
  const size = plain(row.size);
  return {
    symbol: row.symbol,
    size: row.side === "Sell" && size !== "0" ? `-${size}` : size,
    entryPrice: Number(textOf(row.avgPrice) || textOf(row.entryPrice) || 0),
    stopLoss: priceOf(row.stopLoss),
    takeProfit: priceOf(row.takeProfit),
    trailingStop: priceOf(textOf(row.trailingStop)),
    liquidationPrice: Number(row.liqPrice) > 0 ? Number(row.liqPrice) : null,
  };
}

/** Bybit writes "", "0" or "0.00" where there is no price. */
function priceOf(text: string): string | null {
  return Number(text) > 0 ? text : null;
}

/** Bybit writes "UNKNOWN" or nothing where an order is of no special kind. */
function textOf(value: unknown): string {
  return typeof value === "string" && value !== "UNKNOWN" ? value : "";
}

/** Without zeros that say nothing: quantities are compared as text. */
function plain(text: string): string {
  return plainDecimal(Number(text));
}
