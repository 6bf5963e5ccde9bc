import { z } from "zod";
import { define, perSecond } from "./entry.ts";
import * as f from "./fields.ts";
import * as rows from "./rows.ts";

const query = { group: "position", method: "GET", auth: "key", effect: "reads", idempotency: "read" } as const;
const set = { group: "position", method: "POST", auth: "key", effect: "sets", idempotency: "absolute" } as const;
const CONTRACTS = ["linear", "inverse"] as const;

const window = {
  startTime: f.startTime.optional(),
  endTime: f.endTime.optional(),
};

/** Positions and how they are held. */
export const POSITION = {
  get_positions: define({
    ...query,
    path: "/v5/position/list",
    summary: "open positions; by symbol also a flat one",
    rate: perSecond(50),
    categories: ["linear", "inverse", "option"],
    params: z
      .strictObject({
        category: f.category("linear", "inverse", "option"),
        symbol: f.symbol.optional(),
        baseCoin: f.coin("options of this coin").optional(),
        settleCoin: f.coin("settle coin; only positions above 0").optional(),
        limit: f.limit(200, 20).optional(),
        cursor: f.cursor.optional(),
      })
      .refine((p) => p.category !== "linear" || p.symbol !== undefined || p.settleCoin !== undefined, {
        path: ["symbol"],
        error: "needed for linear, or settleCoin",
      }),
    result: rows.listOf(rows.positionRow),
    example: { category: "linear", symbol: "BTCUSDT" },
    note: "Hedge mode: two rows per symbol, positionIdx 1 and 2.",
  }),
  get_position_symbol_info: define({
    ...query,
    path: "/v5/position/symbol-info",
    summary: "leverage and position mode of each symbol",
    rate: perSecond(50),
    categories: CONTRACTS,
    params: z.strictObject({ category: f.category(...CONTRACTS), symbol: f.symbol.optional() }),
    result: rows.listOf(rows.anything),
    example: { category: "linear", symbol: "BTCUSDT" },
  }),
  set_leverage: define({
    ...set,
    path: "/v5/position/set-leverage",
    summary: "leverage of a symbol; it caps the position, it is no target",
    rate: perSecond(10),
    categories: CONTRACTS,
    params: z.strictObject({
      category: f.category(...CONTRACTS),
      symbol: f.symbol,
      buyLeverage: f.positive("leverage of the long side", "2"),
      sellLeverage: f.positive("leverage of the short side; the same in one-way and in cross", "2"),
    }),
    result: rows.anything,
    example: { category: "linear", symbol: "BTCUSDT", buyLeverage: "2", sellLeverage: "2" },
    renamed: { leverage: "buyLeverage and sellLeverage", buy_leverage: "buyLeverage", sell_leverage: "sellLeverage" },
    note: "retCode 110043: it is that already.",
  }),
  switch_position_mode: define({
    ...set,
    path: "/v5/position/switch-mode",
    summary: "one-way, or long and short side by side (hedge)",
    rate: perSecond(10),
    categories: ["linear"],
    params: z.strictObject({
      category: f.category("linear"),
      symbol: f.symbol.optional(),
      coin: f.coin("all symbols of this settle coin").optional(),
      mode: z.literal([0, 3]).meta({ description: "0 one-way, 3 hedge", kind: "integer", limits: "0 3", example: 0 }),
    }),
    result: rows.anything,
    example: { category: "linear", symbol: "BTCUSDT", mode: 0 },
    note: "USDT perpetuals; no position and no open order may be there. retCode 110025: it is that already.",
  }),
  set_trading_stop: define({
    ...set,
    path: "/v5/position/trading-stop",
    summary: "take-profit, stop-loss and trailing stop of a position",
    effect: "trades",
    rate: perSecond(10),
    categories: ["linear", "inverse", "option"],
    params: z
      .strictObject({
        category: f.category("linear", "inverse", "option"),
        symbol: f.symbol,
        tpslMode: f.oneOf(["Full", "Partial"], "the whole position, or tpSize and slSize of it"),
        positionIdx: f.positionIdx,
        takeProfit: f.decimal("take-profit price; 0 removes it", "66000").optional(),
        stopLoss: f.decimal("stop-loss price; 0 removes it", "58000").optional(),
        trailingStop: f.decimal("distance in price at which the stop follows; 0 removes it", "500").optional(),
        activePrice: f.positive("price from which it follows", "61000").optional(),
        tpTriggerBy: f.triggerBy("the take-profit").optional(),
        slTriggerBy: f.triggerBy("the stop-loss").optional(),
        tpSize: f.positive("Partial: quantity; equal to slSize").optional(),
        slSize: f.positive("Partial: quantity; equal to tpSize").optional(),
        tpLimitPrice: f.positive("limit price of the take-profit", "65990").optional(),
        slLimitPrice: f.positive("limit price of the stop-loss", "57990").optional(),
        tpOrderType: f.oneOf(["Market", "Limit"], "order type of the take-profit").optional(),
        slOrderType: f.oneOf(["Market", "Limit"], "order type of the stop-loss").optional(),
      })
      .refine((p) => p.takeProfit !== undefined || p.stopLoss !== undefined || p.trailingStop !== undefined, {
        path: ["stopLoss"],
        error: "needed, or takeProfit, or trailingStop",
      }),
    result: rows.anything,
    example: { category: "linear", symbol: "BTCUSDT", tpslMode: "Full", positionIdx: 0, stopLoss: "58000" },
    note: "Full changes the stops that are there; Partial adds. retCode 34040: nothing would change.",
  }),
  set_auto_add_margin: define({
    ...set,
    path: "/v5/position/set-auto-add-margin",
    summary: "adds margin by itself before a position is liquidated",
    rate: perSecond(10),
    categories: ["linear"],
    params: z.strictObject({
      category: f.category("linear"),
      symbol: f.symbol,
      autoAddMargin: z.literal([0, 1]).meta({ description: "1 on, 0 off", kind: "integer", limits: "0 1", example: 0 }),
      positionIdx: f.positionIdx.optional(),
    }),
    result: rows.anything,
    example: { category: "linear", symbol: "BTCUSDT", autoAddMargin: 0 },
    note: "Isolated margin only.",
  }),
  add_or_reduce_margin: define({
    ...set,
    path: "/v5/position/add-margin",
    summary: "puts margin to a position or takes it back",
    idempotency: "never",
    rate: perSecond(10),
    categories: CONTRACTS,
    aliases: ["add_margin"],
    params: z.strictObject({
      category: f.category(...CONTRACTS),
      symbol: f.symbol,
      margin: f.signed("margin in the settle coin, negative to take back, at most 4 decimals", "10"),
      positionIdx: f.positionIdx.optional(),
    }),
    result: rows.anything,
    example: { category: "linear", symbol: "BTCUSDT", margin: "10" },
    renamed: { amount: "margin" },
    note: "Isolated margin only. Each call adds up: it is never sent twice.",
  }),
  confirm_new_risk_limit: define({
    ...set,
    path: "/v5/position/confirm-pending-mmr",
    summary: "lifts the reduce-only mark the exchange put on a symbol",
    rate: perSecond(10),
    categories: CONTRACTS,
    params: z.strictObject({ category: f.category(...CONTRACTS), symbol: f.symbol }),
    result: rows.anything,
    example: { category: "linear", symbol: "BTCUSDT" },
  }),
  get_closed_pnl: define({
    ...query,
    path: "/v5/position/closed-pnl",
    summary: "profit and loss of closing orders, fees taken off, funding not",
    rate: perSecond(50),
    categories: CONTRACTS,
    params: z.strictObject({
      category: f.category(...CONTRACTS),
      symbol: f.symbol.optional(),
      ...window,
      limit: f.limit(100, 50).optional(),
      cursor: f.cursor.optional(),
    }),
    result: rows.listOf(rows.closedPnlRow),
    example: { category: "linear", symbol: "BTCUSDT", limit: 10 },
    note: "`side` is that of the closing order. Seven days at most per request.",
  }),
  get_closed_options_positions: define({
    ...query,
    path: "/v5/position/get-closed-positions",
    summary: "closed positions in options, six months back",
    rate: perSecond(50),
    categories: ["option"],
    params: z.strictObject({
      category: f.category("option"),
      symbol: f.symbol.optional(),
      ...window,
      limit: f.limit(100, 50).optional(),
      cursor: f.cursor.optional(),
    }),
    result: rows.listOf(rows.anything),
    example: { category: "option", limit: 10 },
  }),
  move_position: define({
    ...set,
    path: "/v5/position/move-positions",
    summary: "positions from one account of yours to another, at most 25",
    effect: "moves",
    idempotency: "never",
    rate: perSecond(10),
    params: z.strictObject({
      fromUid: f.text("account they leave", "100307601"),
      toUid: f.text("account they come to", "592324"),
      list: z
        .array(
          z.strictObject({
            category: f.category("linear", "inverse", "spot", "option"),
            symbol: f.symbol,
            price: f.positive("price, within 5 % of the mark price", "60000"),
            side: f.side,
            qty: f.positive("quantity"),
          }),
        )
        .min(1)
        .max(25)
        .meta({ description: "what is moved", kind: "list", limits: "1 to 25", example: "[{…}]" }),
    }),
    result: rows.anything,
    example: {
      fromUid: "100307601",
      toUid: "592324",
      list: [{ category: "linear", symbol: "BTCUSDT", price: "60000", side: "Sell", qty: "0.01" }],
    },
  }),
  get_move_position_history: define({
    ...query,
    path: "/v5/position/move-history",
    summary: "what was moved between accounts",
    rate: perSecond(10),
    params: z.strictObject({
      category: f.category("linear", "inverse", "spot", "option").optional(),
      symbol: f.symbol.optional(),
      ...window,
      status: f.oneOf(["Processing", "Filled", "Rejected"], "state").optional(),
      blockTradeId: f.text("block trade").optional(),
      limit: f.limit(200, 20).optional(),
      cursor: f.cursor.optional(),
    }),
    result: rows.listOf(rows.anything),
    example: { category: "linear", limit: 10 },
  }),
};
