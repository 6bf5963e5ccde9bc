import type { Side } from "../model/trade.ts";

/** What became of a request. */
export type Outcome =
  | { readonly kind: "accepted"; readonly orderId: string }
  /** The exchange said no, definitively: nothing of it happened or will. */
  | { readonly kind: "refused"; readonly code: number; readonly reason: string }
  /** It was never sent. */
  | { readonly kind: "notSent"; readonly reason: string }
  /** It was sent, and nobody knows: it may have happened, or happen yet. */
  | { readonly kind: "unknown"; readonly reason: string };

/** An order as the exchange last told it. Quantities are plain decimals. */
export interface OrderFact {
  readonly symbol: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  /** Bybit's word; new ones may come. */
  readonly status: string;
  readonly cumExecQty: string;
  readonly qty: string;
  readonly reduceOnly: boolean;
  /** "" for plain orders; "StopLoss", "TakeProfit", "TrailingStop", … of a position's protection. */
  readonly stopOrderType: string;
  readonly rejectReason: string;
  readonly updatedTime: number;
}

/** A row of the execution list: a fill, or funding, settlement, ADL, liquidation. Never changes. */
export interface ExecutionFact {
  readonly symbol: string;
  readonly execId: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly side: Side;
  readonly price: string;
  readonly qty: string;
  /** > 0 paid. */
  readonly fee: string;
  readonly feeCoin: string;
  /** Bybit's word: Trade, Funding, AdlTrade, BustTrade, Settle, … */
  readonly type: string;
  readonly stopOrderType: string;
  readonly time: number;
  /** Cross sequence of the market: which of two executions of one millisecond came first. */
  readonly seq?: number;
}

/** Stop orders that an exchange makes of a position's stop and target. Other conditional orders somebody placed. */
const PROTECTION = new Set(["StopLoss", "TakeProfit", "TrailingStop", "PartialStopLoss", "PartialTakeProfit"]);

/** Whether an order or execution comes from a position's own stop or target. */
export function isProtection({ stopOrderType }: { readonly stopOrderType: string }): boolean {
  return PROTECTION.has(stopOrderType);
}

/** A position as the exchange last told it. `size` is signed: > 0 long. */
export interface PositionFact {
  readonly symbol: string;
  readonly size: string;
  readonly entryPrice: number;
  /** `null` where there is none. */
  readonly stopLoss: string | null;
  readonly takeProfit: string | null;
  readonly trailingStop: string | null;
  readonly liquidationPrice: number | null;
}

/** Prices of a symbol now, quote per base; `null` where unknown. */
export interface Quote {
  readonly last: number;
  readonly bid: number | null;
  readonly ask: number | null;
  readonly mark: number | null;
  /** When the exchange said so, epoch ms. */
  readonly time: number;
}

/** Everything the exchange says of an account, asked at one time. */
export interface AccountReport {
  /** When it was asked: what happened since may or may not be in it. */
  readonly askedAt: number;
  readonly openOrders: readonly OrderFact[];
  /** All pages since the time asked for, any order. */
  readonly executions: readonly ExecutionFact[];
  readonly positions: readonly PositionFact[];
  /** Wallet balance of the settle coin, without unrealised profit. */
  readonly walletBalance: string;
}
