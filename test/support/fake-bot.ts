import type { JournalEvent } from "../../src/engine/events.ts";
import type { OrderRecord } from "../../src/engine/order.ts";
import type { LaneStatus, TraderStatus } from "../../src/live/status.ts";

export const NOW = Date.UTC(2025, 0, 31, 12, 0, 5);
const IDENTITY = { environment: "testnet", account: "main" } as const;

export const ORDER: OrderRecord = {
  linkId: "gabcdef-0123456789abcdef0123456789",
  lane: "rsi-trend-btcusdt",
  symbol: "BTCUSDT",
  purpose: "entry",
  side: "buy",
  qty: "0.159",
  stopLoss: "61000.5",
  takeProfit: null,
  barTime: NOW - 5_000,
  createdAt: NOW - 4_000,
  state: "working",
  orderId: "1",
  cumExecQty: "0.1",
  reason: null,
};

/** A lane that is long, as its bot would tell. */
export const LONG: LaneStatus = {
  name: "rsi-trend-btcusdt",
  strategy: "rsi-trend",
  symbol: "BTCUSDT",
  interval: "15",
  stopped: null,
  lastBar: NOW - 905_000,
  bars: 1_234,
  size: 0.159,
  entryPrice: 62_000,
  lastPrice: 62_100,
  markPrice: 62_100,
  priceAgeMs: 350,
  unrealized: 15.9,
  stop: "61000.5",
  liquidationPrice: 31_000,
  liquidationDistance: 0.5008,
  orders: [],
};

export const FLAT: LaneStatus = {
  ...LONG,
  ...{ name: "ensemble-ethusdt", strategy: "ensemble", symbol: "ETHUSDT", size: 0, entryPrice: null, unrealized: 0 },
  ...{ stop: null, liquidationPrice: null, liquidationDistance: null, lastPrice: 3_000.05, markPrice: null },
};

/** A bot that trades, as it would tell. */
export function status(change: Partial<TraderStatus> = {}): TraderStatus {
  return {
    ...IDENTITY,
    pid: 4711,
    state: "trading",
    latches: [],
    startedAt: NOW - 90_000_000,
    now: NOW,
    isLinkUp: true,
    isReconciled: true,
    isJournalWritable: true,
    clockOffsetMs: -12.4,
    balance: 10_000,
    equity: 10_015.9,
    dayStartEquity: 10_100,
    peakEquity: 10_500,
    dailyLoss: 0.0083,
    maxDailyLoss: 0.05,
    drawdown: 0.0461,
    maxDrawdown: 0.2,
    marginUsed: 0.9858,
    lanes: [LONG, FLAT],
    ...change,
  };
}

/** A journal that ends with a long position, an order nobody answered for, and a latch. */
export const EVENTS: readonly JournalEvent[] = [
  { type: "opened", at: NOW - 60_000, identity: IDENTITY, balance: "10000" },
  { type: "intent", at: NOW - 50_000, order: { ...ORDER, state: "intended", orderId: null, cumExecQty: "0" } },
  {
    type: "execution",
    at: NOW - 49_000,
    isForeign: false,
    fact: {
      symbol: "BTCUSDT",
      execId: "e1",
      orderId: "1",
      orderLinkId: ORDER.linkId,
      side: "buy",
      price: "62000",
      qty: "0.1",
      fee: "3.41",
      feeCoin: "USDT",
      type: "Trade",
      stopOrderType: "",
      time: NOW - 49_000,
    },
  },
  { type: "stop", at: NOW - 48_000, symbol: "BTCUSDT", price: "61200", why: "trailing" },
  { type: "latched", at: NOW - 40_000, latch: "paused", reason: "lunch" },
];

/** It, as it would lie on the disk. */
export const STORED = { identity: IDENTITY, events: EVENTS };
