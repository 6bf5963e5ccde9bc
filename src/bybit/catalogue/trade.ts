import { z } from "zod";
import { batchUnits, define, ordersPerSecond, perSecond } from "./entry.ts";
import * as f from "./fields.ts";
import { amendFields, checkOrder, checkOrderName, orderFields, singleOrderFields } from "./orderfields.ts";
import * as rows from "./rows.ts";

const ALL = ["linear", "inverse", "spot", "option"] as const;
const order = { group: "trade", method: "POST", auth: "key", effect: "trades" } as const;
const query = { group: "trade", method: "GET", auth: "key", effect: "reads", idempotency: "read" } as const;

type Context = z.core.$RefinementCtx;
const complaint =
  (context: Context, at: readonly (string | number)[] = []) =>
  (name: string, fact: string) =>
    void context.addIssue({ code: "custom", path: [...at, name], message: fact, input: undefined });

/** Up to 20 items, spot 10. */
const batchOf = <I extends z.ZodObject>(item: I) =>
  z.array(item).min(1).max(20).meta({
    description: "what each order of the batch says; no `category` in it",
    kind: "list",
    limits: "1 to 20, spot 10",
    example: "[{…}]",
  });

const filters = {
  symbol: f.symbol.optional(),
  baseCoin: f.coin("base coin").optional(),
  settleCoin: f.coin("settle coin").optional(),
  orderId: f.orderId.optional(),
  orderLinkId: f.orderLinkId.optional(),
};
const ORDER_FILTERS = ["Order", "StopOrder", "tpslOrder", "OcoOrder", "BidirectionalTpslOrder", "OpenOrder"] as const;
const orderFilter = f.oneOf(ORDER_FILTERS, "kind of order");

/** Orders: placed, changed, cancelled, looked up. */
export const TRADE = {
  place_order: define({
    ...order,
    path: "/v5/order/create",
    summary: "a new order; the answer says it was taken in, not what became of it",
    idempotency: "orderLinkId",
    rate: ordersPerSecond(10, 20),
    categories: ALL,
    params: z
      .strictObject({ category: f.category(...ALL), ...orderFields, ...singleOrderFields })
      .superRefine((params, context) => checkOrder(params, params.category, complaint(context))),
    result: rows.orderAck,
    example: {
      category: "linear",
      symbol: "BTCUSDT",
      side: "Buy",
      orderType: "Limit",
      qty: "0.01",
      price: "50000",
      orderLinkId: "entry-1",
    },
    renamed: {
      type: "orderType",
      quantity: "qty",
      amount: "qty",
      time_in_force: "timeInForce",
      order_link_id: "orderLinkId",
    },
    note: "Without orderLinkId it cannot be sent again safely, nor found when no answer came.",
  }),
  amend_order: define({
    ...order,
    path: "/v5/order/amend",
    summary: "another price, quantity, trigger, take-profit or stop-loss of an open order",
    idempotency: "absolute",
    rate: ordersPerSecond(10, 10),
    categories: ALL,
    params: z.strictObject({ category: f.category(...ALL), ...amendFields }).superRefine((params, context) => {
      checkOrderName(params, complaint(context));
    }),
    result: rows.orderAck,
    example: { category: "linear", symbol: "BTCUSDT", orderLinkId: "entry-1", price: "50100" },
    note: "Leave out what does not change. qty is the new whole.",
  }),
  cancel_order: define({
    ...order,
    path: "/v5/order/cancel",
    summary: "takes one open order back",
    idempotency: "absolute",
    rate: ordersPerSecond(10, 20),
    categories: ALL,
    params: z
      .strictObject({
        category: f.category(...ALL),
        symbol: f.symbol,
        orderId: f.orderId.optional(),
        orderLinkId: f.orderLinkId.optional(),
        orderFilter: f.oneOf(["Order", "tpslOrder", "StopOrder"], "spot: kind of order").optional(),
      })
      .superRefine((params, context) => checkOrderName(params, complaint(context))),
    result: rows.orderAck,
    example: { category: "linear", symbol: "BTCUSDT", orderLinkId: "entry-1" },
  }),
  cancel_all_orders: define({
    ...order,
    path: "/v5/order/cancel-all",
    summary: "takes all open orders back, of a market or a coin",
    idempotency: "absolute",
    rate: { perWindow: { linear: 10, inverse: 10, option: 1, spot: 20 }, windowMs: 1_000 },
    categories: ALL,
    params: z
      .strictObject({
        category: f.category(...ALL),
        symbol: f.symbol.optional(),
        baseCoin: f.coin("base coin").optional(),
        settleCoin: f.coin("settle coin").optional(),
        orderFilter: orderFilter.optional(),
        stopOrderType: f.oneOf(["Stop"], "with orderFilter StopOrder: conditional orders only").optional(),
      })
      .superRefine((params, context) => {
        const isContract = params.category === "linear" || params.category === "inverse";
        if (isContract && !params.symbol && !params.baseCoin && !params.settleCoin) {
          complaint(context)("symbol", "needed, or baseCoin, or settleCoin");
        }
      }),
    result: z.looseObject({ list: z.array(rows.orderAck) }),
    example: { category: "linear", symbol: "BTCUSDT", orderFilter: "Order" },
    note: "Contracts without orderFilter: stops, take-profits and trailing stops of a position go too, and leave it naked.",
  }),
  get_open_orders: define({
    ...query,
    path: "/v5/order/realtime",
    summary: "open orders, or one by its id, or the latest closed ones",
    rate: perSecond(50),
    categories: ALL,
    aliases: ["query_order", "get_order"],
    params: z
      .strictObject({
        category: f.category(...ALL),
        ...filters,
        openOnly: z
          .literal([0, 1, 2])
          .meta({ description: "0 open ones, 1 closed ones (at most 500)", kind: "integer", limits: "0 1", example: 0 })
          .optional(),
        orderFilter: orderFilter.optional(),
        limit: f.limit(50, 20).optional(),
        cursor: f.cursor.optional(),
      })
      .superRefine((params, context) => {
        const { symbol, baseCoin, settleCoin, orderId, orderLinkId } = params;
        if (params.category === "linear" && !symbol && !baseCoin && !settleCoin && !orderId && !orderLinkId) {
          complaint(context)("symbol", "needed, or baseCoin, or settleCoin");
        }
      }),
    result: rows.listOf(rows.orderRow),
    example: { category: "linear", symbol: "BTCUSDT" },
  }),
  get_order_history: define({
    ...query,
    path: "/v5/order/history",
    summary: "orders of up to two years, seven days at a time",
    rate: perSecond(50),
    categories: ALL,
    params: z.strictObject({
      category: f.category(...ALL),
      ...filters,
      orderFilter: orderFilter.optional(),
      orderStatus: f.text("state of the order", "Filled").optional(),
      startTime: f.startTime.optional(),
      endTime: f.endTime.optional(),
      limit: f.limit(50, 20).optional(),
      cursor: f.cursor.optional(),
    }),
    result: rows.listOf(rows.orderRow),
    example: { category: "linear", symbol: "BTCUSDT", limit: 10 },
    note: "Cancelled without a fill: kept for a day. Closed otherwise: seven days. Older: only what was filled.",
  }),
  get_executions: define({
    ...query,
    path: "/v5/execution/list",
    summary: "fills, funding, liquidations of the account, newest first",
    rate: perSecond(50),
    categories: ALL,
    aliases: ["get_execution_list", "get_trade_history"],
    params: z.strictObject({
      category: f.category(...ALL),
      ...filters,
      startTime: f.startTime.optional(),
      endTime: f.endTime.optional(),
      execType: f.text("kind: Trade, Funding, AdlTrade, BustTrade, …", "Trade").optional(),
      limit: f.limit(100, 50).optional(),
      cursor: f.cursor.optional(),
    }),
    result: rows.listOf(rows.executionRow),
    example: { category: "linear", symbol: "BTCUSDT", limit: 50 },
    note: "Seven days at most per request. A positive fee was paid; funding too.",
  }),
  place_batch_order: define({
    ...order,
    path: "/v5/order/create-batch",
    summary: "up to 20 new orders (spot 10); each succeeds or fails by itself",
    idempotency: "orderLinkId",
    rate: ordersPerSecond(10, 20),
    units: batchUnits,
    categories: ALL,
    params: z
      .strictObject({ category: f.category(...ALL), request: batchOf(z.strictObject(orderFields)) })
      .superRefine((params, context) => {
        params.request.forEach((item, i) => void checkOrder(item, params.category, complaint(context, ["request", i])));
        if (params.category === "spot" && params.request.length > 10)
          complaint(context)("request", "at most 10 for spot");
      }),
    result: rows.batchAck,
    example: {
      category: "linear",
      request: [
        { symbol: "BTCUSDT", side: "Buy", orderType: "Limit", qty: "0.01", price: "50000", orderLinkId: "grid-1" },
        { symbol: "BTCUSDT", side: "Buy", orderType: "Limit", qty: "0.01", price: "49000", orderLinkId: "grid-2" },
      ],
    },
    note: "All kinds of market. What became of each order is in `outcomes`, in the same order.",
  }),
  amend_batch_order: define({
    ...order,
    path: "/v5/order/amend-batch",
    summary: "changes up to 20 open orders (spot 10)",
    idempotency: "absolute",
    rate: ordersPerSecond(10, 20),
    units: batchUnits,
    categories: ALL,
    params: z
      .strictObject({ category: f.category(...ALL), request: batchOf(z.strictObject(amendFields)) })
      .superRefine((params, context) => {
        params.request.forEach((item, i) => void checkOrderName(item, complaint(context, ["request", i])));
      }),
    result: rows.batchAck,
    example: { category: "linear", request: [{ symbol: "BTCUSDT", orderLinkId: "grid-1", price: "50100" }] },
  }),
  cancel_batch_order: define({
    ...order,
    path: "/v5/order/cancel-batch",
    summary: "takes up to 20 open orders back (spot 10)",
    idempotency: "absolute",
    rate: ordersPerSecond(10, 20),
    units: batchUnits,
    categories: ALL,
    params: z
      .strictObject({
        category: f.category(...ALL),
        request: batchOf(
          z.strictObject({ symbol: f.symbol, orderId: f.orderId.optional(), orderLinkId: f.orderLinkId.optional() }),
        ),
      })
      .superRefine((params, context) => {
        params.request.forEach((item, i) => void checkOrderName(item, complaint(context, ["request", i])));
      }),
    result: rows.batchAck,
    example: { category: "linear", request: [{ symbol: "BTCUSDT", orderLinkId: "grid-1" }] },
  }),
  pre_check_order: define({
    ...order,
    path: "/v5/order/pre-check",
    effect: "reads",
    summary: "margin rates before and after an order that is not placed",
    idempotency: "read",
    rate: ordersPerSecond(10, 20),
    categories: ["linear", "inverse", "option"],
    params: z
      .strictObject({ category: f.category("linear", "inverse", "option"), ...orderFields })
      .superRefine((params, context) => checkOrder(params, params.category, complaint(context))),
    result: rows.anything,
    example: { category: "linear", symbol: "BTCUSDT", side: "Buy", orderType: "Limit", qty: "0.01", price: "50000" },
    note: "Cross and portfolio margin; no conditional orders.",
  }),
  get_borrow_quota: define({
    ...query,
    path: "/v5/order/spot-borrow-check",
    summary: "how much a spot order may be, own and borrowed",
    rate: perSecond(50),
    categories: ["spot"],
    params: z.strictObject({ category: f.category("spot"), symbol: f.symbol, side: f.side }),
    result: z.looseObject({ maxTradeQty: rows.maybe, maxTradeAmount: rows.maybe }),
    example: { category: "spot", symbol: "BTCUSDT", side: "Buy" },
  }),
  set_dcp: define({
    ...order,
    path: "/v5/order/disconnected-cancel-all",
    effect: "sets",
    summary: "cancels all orders when the private streams have been gone for so long",
    idempotency: "absolute",
    rate: perSecond(5),
    params: z.strictObject({
      product: f.oneOf(["OPTIONS", "DERIVATIVES", "SPOT"], "which orders").optional(),
      timeWindow: f.whole("seconds without a connection", { least: 3, most: 300 }),
    }),
    result: rows.anything,
    example: { product: "DERIVATIVES", timeWindow: 40 },
    note: "By arrangement with the exchange, and only with a `dcp` subscription. Know whether your stops go too.",
  }),
};
