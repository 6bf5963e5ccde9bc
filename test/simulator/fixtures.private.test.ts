import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../src/simulator/exchange.ts";
import { fixture, fixtureLines, haveFixtures, shapeGaps } from "./shapes.ts";
import { type Ear, get, listen, logIn, type Message, post, stepExchange } from "./support.ts";

// As for the public samples: every key and type must be there, or is named with its reason.

let exchange: Exchange;
let ear: Ear;
const order = { category: "linear", symbol: "BTCUSDT", side: "Buy", orderType: "Limit", qty: "0.01" };

beforeAll(async () => {
  exchange = await stepExchange({ balances: { USDT: "100000", BTC: "2" } });
  ear = await listen(exchange.wsPrivate);
  await logIn(ear, exchange);
  await ear.ask({ op: "subscribe", args: ["order", "execution", "execution.fast", "position", "wallet"] });
  const create = async (body: object) => {
    const reply = await post(exchange, "/v5/order/create", { ...order, ...body });
    expect(reply).toMatchObject({ retCode: 0 });
    return reply;
  };
  await create({ orderType: "Market", takeProfit: "90000", stopLoss: "30000" });
  await create({ orderType: "Market", side: "Sell", qty: "0.004", reduceOnly: true });
  await create({ price: "50000", orderLinkId: "resting" });
  await create({ price: "49000", orderLinkId: "gone" });
  await create({ orderType: "Market", triggerPrice: "80000", triggerDirection: 1 });
  await post(exchange, "/v5/order/cancel", { category: "linear", symbol: "BTCUSDT", orderLinkId: "gone" });
  await create({ category: "inverse", symbol: "BTCUSD", orderType: "Market", side: "Sell", qty: "300" });
  await create({ category: "spot", orderType: "Market", side: "Sell", qty: "0.01" });
  exchange.control.deleverage("linear", "BTCUSDT", "0.001");
});
afterAll(async () => {
  ear.close();
  await exchange.close();
});

const LINEAR = { category: "linear", symbol: "BTCUSDT" };
const REST: readonly [file: string, path: string, query: Record<string, string>, gone?: readonly string[]][] = [
  ["nautilus/http_get_orders_realtime.json", "/v5/order/realtime", LINEAR],
  ["nautilus/http_get_orders_realtime_tp_sl.json", "/v5/order/realtime", LINEAR],
  ["jkorf/Endpoints__V5Api__Trading__GetOrders.json", "/v5/order/realtime", LINEAR],
  ["nautilus/http_get_orders_history.json", "/v5/order/history", LINEAR],
  ["nautilus/http_get_orders_history_with_duplicate.json", "/v5/order/history", LINEAR],
  ["nautilus/http_get_order_partially_filled_rejected.json", "/v5/order/history", LINEAR],
  ["nautilus/http_get_executions.json", "/v5/execution/list", LINEAR],
  ["jkorf/Endpoints__V5Api__Trading__GetUserTrades.json", "/v5/execution/list", LINEAR],
  ["nautilus/http_get_positions.json", "/v5/position/list", LINEAR],
  ["nautilus/http_get_positions_with_open_time.json", "/v5/position/list", LINEAR],
  // misspelled in the sample; the page says mmrSysUpdatedTime
  ["jkorf/Endpoints__V5Api__Trading__GetPositions.json", "/v5/position/list", { category: "inverse", symbol: "BTCUSD" }, [".result.list[].mmrSysUpdateTime: missing"]],
  ["jkorf/Endpoints__V5Api__Trading__GetClosedProfitLoss.json", "/v5/position/closed-pnl", { category: "linear" }],
  ["nautilus/http_get_wallet_balance.json", "/v5/account/wallet-balance", { accountType: "UNIFIED" }],
  ["nautilus/http_get_wallet_balance_spot_short.json", "/v5/account/wallet-balance", { accountType: "UNIFIED" }],
  ["nautilus/http_get_wallet_balance_with_spot_borrow.json", "/v5/account/wallet-balance", { accountType: "UNIFIED" }],
  ["nautilus/http_get_account_info.json", "/v5/account/info", {}],
  ["nautilus/http_get_fee_rate.json", "/v5/account/fee-rate", LINEAR],
  ["jkorf/Endpoints__V5Api__Account__GetCollateralInfo.json", "/v5/account/collateral-info", {}],
]; // biome-ignore format: a row per sample

describe("private answers have the shape of the samples", () => {
  it.runIf(haveFixtures).each(REST)("%s", async (file, path, query, gone = []) => {
    const sample = fixture(file) as { response?: unknown };
    expect(shapeGaps(sample.response ?? sample, await get(exchange, path, query))).toEqual(gone);
  });

  const SPOT = { category: "spot", symbol: "BTCUSDT", side: "Buy", orderType: "Limit", qty: "0.001", price: "40000" };
  const POSTS: readonly [name: string, path: string, body: unknown][] = [
    ["Trading__PlaceMultipleOrders", "/v5/order/create-batch", { category: "spot", request: [{ ...SPOT, orderLinkId: "a" }, SPOT] }],
    ["Trading__CancelMultipleOrders", "/v5/order/cancel-batch", { category: "spot", request: [{ symbol: "BTCUSDT", orderLinkId: "a" }, { symbol: "BTCUSDT", orderLinkId: "never" }] }],
    ["Trading__CancelAllOrder", "/v5/order/cancel-all", { category: "spot" }],
    ["Account__SetLeverage", "/v5/position/set-leverage", { ...LINEAR, buyLeverage: "7", sellLeverage: "7" }],
  ]; // biome-ignore format: a row per sample

  it.runIf(haveFixtures).each(POSTS)("%s", async (name, path, body) => {
    const { response } = fixture(`jkorf/Endpoints__V5Api__${name}.json`) as { response: unknown };
    const ours = await post(exchange, path, body);
    expect(ours.retCode).toBe(0);
    expect(shapeGaps(response, ours)).toEqual([]);
  });

  it.runIf(haveFixtures)("a batch says per slot what became of it, as in the sample", async () => {
    const request = [{ symbol: "BTCUSDT", orderLinkId: "never" }];
    const ours = await post(exchange, "/v5/order/cancel-batch", { category: "spot", request });
    expect(ours.result.list).toEqual([{ category: "spot", symbol: "BTCUSDT", orderId: "", orderLinkId: "never" }]);
    expect(ours.retExtInfo).toEqual({ list: [{ code: 170213, msg: expect.any(String) }] });
  });
});

const heard = (topic: string, pick: (row: Message) => boolean = () => true): Message => {
  for (const message of ear.heard) {
    if (message.topic !== topic) continue;
    const row = message.data.find(pick);
    if (row) return { ...message, data: [row] };
  }
  throw new Error(`nothing heard on ${topic}`);
};

describe("private pushes have the shape of the samples", () => {
  const ORDERS = [
    "order",
    "order_buy_stop_market",
    "order_filled",
    "order_limit_if_touched",
    "order_market_if_touched",
    "order_sell_market_if_touched",
    "order_stop_limit",
    "order_stop_loss",
    "order_stop_market",
    "order_take_profit",
  ];

  it.runIf(haveFixtures).each(ORDERS)("nautilus/ws_account_%s.json", async (name) => {
    await ear.ask({ op: "ping" });
    expect(
      shapeGaps(
        fixture(`nautilus/ws_account_${name}.json`),
        heard("order", (o) => o.category === "linear"),
      ),
    ).toEqual([]);
  });

  it.runIf(haveFixtures)("nautilus/ws_account_order_partially_filled_rejected.json", () => {
    // Edited by hand: a spot order with contract fields. Clients tell the two apart by them, so spot orders have none.
    const gaps = shapeGaps(
      fixture("nautilus/ws_account_order_partially_filled_rejected.json"),
      heard("order", (o) => o.category === "spot"),
    );
    expect(gaps.map((gap) => gap.split(":")[0]!.split(".").at(-1)).sort()).toEqual([
      "createType",
      "lastPriceOnCreated",
      "tpslMode",
    ]);
  });

  it.runIf(haveFixtures).each([
    ["nautilus/ws_account_execution.json", "execution", (e: Message) => e.execType === "Trade"],
    ["nautilus/ws_account_execution_adl.json", "execution", (e: Message) => e.execType === "AdlTrade"],
    ["nautilus/ws_account_execution_fast.json", "execution.fast", () => true],
    ["nautilus/ws_account_position.json", "position", () => true],
    ["nautilus/ws_account_position_short.json", "position", () => true],
  ] as const)("%s", (file, topic, pick) => {
    expect(shapeGaps(fixture(file), heard(topic, pick))).toEqual([]);
  });

  it.runIf(haveFixtures)("nautilus/ws_account_position_with_open_time.json, a bare element", () => {
    expect(shapeGaps(fixture("nautilus/ws_account_position_with_open_time.json"), heard("position").data[0])).toEqual(
      [],
    );
  });

  it.runIf(haveFixtures).each(["wallet", "wallet_small_order", "wallet_locked_exceeds_total"])(
    "nautilus/ws_account_%s.json",
    (name) => {
      // Edited by hand: totalPerpUpl is totalPerpUPL on the page and in the captured sample.
      expect(shapeGaps(fixture(`nautilus/ws_account_${name}.json`), heard("wallet"))).toEqual([
        ".data[].totalPerpUpl: missing",
      ]);
    },
  );

  it.runIf(haveFixtures).each(["order", "execution", "position", "wallet"])("gct, captured: %s", (topic) => {
    const samples = fixtureLines("gct/ws_testdata.jsonl").filter((m) => m.topic === topic);
    expect(samples.length).toBeGreaterThan(0);
    for (const sample of samples)
      expect(
        shapeGaps(
          sample,
          heard(topic, (row) => row.category !== "spot"),
        ),
      ).toEqual([]);
  });

  it.runIf(haveFixtures)("nautilus/ws_order_response.json", async () => {
    const trade = await listen(exchange.wsTrade);
    await logIn(trade, exchange);
    const message = {
      op: "order.create",
      reqId: "r",
      header: { "X-BAPI-TIMESTAMP": String(Date.now()) },
      args: [{ ...order, price: "41000" }],
    };
    const ours = await trade.ask(message);
    expect(ours.retCode).toBe(0);
    expect(shapeGaps(fixture("nautilus/ws_order_response.json"), ours)).toEqual([]);
    trade.close();
  });
});
