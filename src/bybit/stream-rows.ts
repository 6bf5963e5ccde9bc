import { z } from "zod";

/** A decimal number as Bybit writes it. Private rows keep the text: money is counted exactly, not in floats. */
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, "a decimal number");
/** A decimal, or nothing where there is none yet. */
const maybe = z.union([decimal, z.literal("")]);
const number = decimal.transform(Number);
const epochMs = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);

/** A kline; prices and volumes as numbers, for bars. `confirm` is true once, when it is closed. */
export const klineRow = z.looseObject({
  start: z.number(),
  end: z.number(),
  interval: z.string(),
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
  turnover: number,
  confirm: z.boolean(),
  timestamp: z.number(),
});

/** A trade of the market: `S` is the taker's side, `v` the quantity in base (inverse: USD). */
export const publicTradeRow = z.looseObject({
  T: z.number(),
  s: z.string(),
  S: z.enum(["Buy", "Sell"]),
  v: number,
  p: number,
  i: z.string(),
  seq: z.number().optional(),
});

/** Prices of a symbol. A delta holds only what changed. */
export const tickerRow = z.looseObject({
  symbol: z.string(),
  lastPrice: maybe.optional(),
  markPrice: maybe.optional(),
  indexPrice: maybe.optional(),
  bid1Price: maybe.optional(),
  bid1Size: maybe.optional(),
  ask1Price: maybe.optional(),
  ask1Size: maybe.optional(),
  fundingRate: maybe.optional(),
  nextFundingTime: z.string().optional(),
});

/** Somebody's position was taken over: `S` "Buy" was a long. */
export const liquidationRow = z.looseObject({
  T: z.number(),
  s: z.string(),
  S: z.enum(["Buy", "Sell"]),
  v: number,
  p: number,
});

/** An order of the account after a change. Statuses are Bybit's own and may be new: check before relying on one. */
export const orderRow = z.looseObject({
  category: z.string(),
  symbol: z.string(),
  orderId: z.string().min(1),
  orderLinkId: z.string(),
  side: z.enum(["Buy", "Sell"]),
  orderType: z.string(),
  price: maybe,
  qty: decimal,
  leavesQty: maybe,
  cumExecQty: decimal,
  cumExecValue: maybe,
  avgPrice: maybe,
  orderStatus: z.string().min(1),
  cancelType: z.string(),
  rejectReason: z.string(),
  stopOrderType: z.string(),
  reduceOnly: z.boolean(),
  positionIdx: z.number(),
  createdTime: epochMs,
  updatedTime: epochMs,
});

/** A fill, or funding, settlement, ADL, liquidation: `execType` tells. Book each `execId` once. */
export const executionRow = z.looseObject({
  category: z.string(),
  symbol: z.string(),
  orderId: z.string(),
  orderLinkId: z.string(),
  execId: z.string().min(1),
  side: z.string(),
  execPrice: decimal,
  execQty: decimal,
  execValue: decimal,
  execFee: maybe,
  feeRate: maybe,
  isMaker: z.boolean(),
  execType: z.string().min(1),
  closedSize: maybe.optional(),
  execTime: epochMs,
  seq: z.number(),
});

/** A position after a change; `size` 0 and `side` "" when flat. */
export const positionRow = z.looseObject({
  category: z.string(),
  symbol: z.string(),
  positionIdx: z.number(),
  side: z.enum(["Buy", "Sell", ""]),
  size: decimal,
  entryPrice: maybe,
  markPrice: maybe,
  liqPrice: maybe,
  takeProfit: maybe,
  stopLoss: maybe,
  trailingStop: maybe,
  unrealisedPnl: maybe,
  cumRealisedPnl: maybe,
  seq: z.number().optional(),
  updatedTime: epochMs,
});

/** The account's balances after a change. */
export const walletRow = z.looseObject({
  accountType: z.string().optional(),
  totalEquity: maybe.optional(),
  totalWalletBalance: maybe.optional(),
  totalAvailableBalance: maybe.optional(),
  coin: z.array(
    z.looseObject({ coin: z.string(), equity: maybe, walletBalance: maybe, cumRealisedPnl: maybe.optional() }),
  ),
});

export type KlineRow = z.infer<typeof klineRow>;
export type PublicTradeRow = z.infer<typeof publicTradeRow>;
export type TickerRow = z.infer<typeof tickerRow>;
export type LiquidationRow = z.infer<typeof liquidationRow>;
export type OrderRow = z.infer<typeof orderRow>;
export type ExecutionRow = z.infer<typeof executionRow>;
export type PositionRow = z.infer<typeof positionRow>;
export type WalletRow = z.infer<typeof walletRow>;
