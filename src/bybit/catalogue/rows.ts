import { z } from "zod";

// What answers must hold to be usable. Fields that are not named pass through, new words of open lists too.

/** A decimal as the exchange writes it; kept as text, as money is counted exactly. */
export const amount = z.string().regex(/^-?\d+(\.\d+)?(e-?\d+)?$/i, "a decimal");
/** A decimal, or "" where there is none; the exchange also writes null, or leaves it out. */
export const maybe = z
  .union([amount, z.literal("")])
  .nullish()
  .transform((text) => text ?? "");
/** Epoch ms, written as text or as a number. */
export const epochMs = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);

/** An answer with nothing in it that must be there. */
export const anything = z.looseObject({});

/** A list, and where it goes on: `""` or nothing on the last page. */
export function listOf<R extends z.ZodType>(row: R) {
  return z.looseObject({ list: z.array(row), nextPageCursor: z.string().nullish() });
}

const klineRow = z.tuple([epochMs, amount, amount, amount, amount, amount, amount]);
const priceRow = z.tuple([epochMs, amount, amount, amount, amount]);

/** `[start, open, high, low, close, volume, turnover]`, newest first; the first may still be open. */
export const klines = z.looseObject({ list: z.array(klineRow) });
/** `[start, open, high, low, close]`, newest first. */
export const priceKlines = z.looseObject({ list: z.array(priceRow) });

export const serverTime = z.looseObject({ timeSecond: z.string(), timeNano: z.string() });

const level = z.tuple([amount, amount]);
export const orderbook = z.looseObject({
  s: z.string(),
  b: z.array(level),
  a: z.array(level),
  ts: z.number(),
  u: z.number(),
  seq: z.number().optional(),
});

const priceFilter = z.looseObject({
  tickSize: amount.optional(),
  minPrice: amount.optional(),
  maxPrice: amount.optional(),
});
const lotSizeFilter = z.looseObject({
  qtyStep: amount.optional(),
  basePrecision: amount.optional(),
  minOrderQty: amount.optional(),
  maxOrderQty: amount.optional(),
  maxMktOrderQty: amount.optional(),
  maxLimitOrderQty: amount.optional(),
  maxMarketOrderQty: amount.optional(),
  minNotionalValue: amount.optional(),
  minOrderAmt: amount.optional(),
});
export const instrumentRow = z.looseObject({
  symbol: z.string().min(1),
  status: z.string(),
  baseCoin: z.string(),
  quoteCoin: z.string(),
  settleCoin: z.string().optional(),
  launchTime: epochMs.optional(),
  fundingInterval: z.number().optional(),
  leverageFilter: z.looseObject({ minLeverage: amount, maxLeverage: amount, leverageStep: amount }).optional(),
  priceFilter,
  lotSizeFilter,
});

export const tickerRow = z.looseObject({ symbol: z.string().min(1), lastPrice: maybe.optional() });
export const fundingRow = z.looseObject({ symbol: z.string(), fundingRate: amount, fundingRateTimestamp: epochMs });
export const publicTradeRow = z.looseObject({ execId: z.string(), price: amount, size: amount, time: epochMs });
export const openInterestRow = z.looseObject({ openInterest: amount, timestamp: epochMs });
export const riskTierRow = z.looseObject({
  id: z.number(),
  symbol: z.string(),
  riskLimitValue: amount,
  maintenanceMargin: z.union([amount, z.number().transform(String)]),
  initialMargin: z.union([amount, z.number().transform(String)]),
  maxLeverage: amount,
  mmDeduction: maybe.optional(),
});

/** The exchange took the request in; what came of it tells the order itself. */
export const orderAck = z.looseObject({ orderId: z.string(), orderLinkId: z.string() });
/** Slots in the order of the request, and what became of each: code 0 was taken in. */
export const batchAck = z.looseObject({
  list: z.array(orderAck),
  outcomes: z.array(z.looseObject({ code: z.number(), msg: z.string() })),
});

export const orderRow = z.looseObject({
  symbol: z.string(),
  orderId: z.string().min(1),
  orderLinkId: z.string(),
  side: z.enum(["Buy", "Sell"]),
  orderType: z.string(),
  orderStatus: z.string().min(1),
  price: maybe,
  qty: amount,
  cumExecQty: amount,
  avgPrice: maybe,
  rejectReason: z.string(),
  reduceOnly: z.boolean(),
  createdTime: epochMs,
  updatedTime: epochMs,
});

export const executionRow = z.looseObject({
  symbol: z.string(),
  orderId: z.string(),
  orderLinkId: z.string(),
  execId: z.string().min(1),
  execType: z.string().min(1),
  side: z.string(),
  execPrice: amount,
  execQty: amount,
  execFee: maybe,
  isMaker: z.boolean(),
  execTime: epochMs,
});

export const positionRow = z.looseObject({
  symbol: z.string(),
  positionIdx: z.number(),
  side: z.enum(["Buy", "Sell", ""]),
  size: amount,
  avgPrice: maybe,
  leverage: maybe,
  liqPrice: maybe,
  markPrice: maybe,
  stopLoss: maybe,
  takeProfit: maybe,
  unrealisedPnl: maybe,
});

export const closedPnlRow = z.looseObject({
  symbol: z.string(),
  orderId: z.string(),
  side: z.string(),
  closedPnl: amount,
  updatedTime: epochMs,
});

export const walletRow = z.looseObject({
  accountType: z.string(),
  totalEquity: maybe,
  totalAvailableBalance: maybe,
  coin: z.array(z.looseObject({ coin: z.string(), equity: maybe, walletBalance: maybe })),
});

export const accountInfo = z.looseObject({ unifiedMarginStatus: z.number(), marginMode: z.string() });
export const feeRow = z.looseObject({ takerFeeRate: amount, makerFeeRate: amount });
export const logRow = z.looseObject({
  id: z.string(),
  type: z.string(),
  currency: z.string(),
  change: maybe,
  cashBalance: maybe,
  transactionTime: epochMs,
});

export const keyInfo = z.looseObject({
  readOnly: z.number(),
  permissions: z.record(z.string(), z.array(z.string()).nullable()),
  ips: z.array(z.string()),
  expiredAt: z.string().optional(),
  deadlineDay: z.number().optional(),
  uta: z.number().optional(),
});
