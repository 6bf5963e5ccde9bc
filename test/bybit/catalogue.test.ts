import { describe, expect, it } from "vitest";
import { type ApiFunction, batchUnits, GROUPS } from "../../src/bybit/catalogue/entry.ts";
import { REMOVED } from "../../src/bybit/catalogue/removed.ts";
import { camelName, FUNCTION_NAMES, FUNCTIONS, functionOf, snakeName } from "../../src/bybit/catalogue.ts";
import { checkParams } from "../../src/bybit/check.ts";
import { paramsOf } from "../../src/bybit/describe.ts";

const all = FUNCTION_NAMES.map((name): [string, ApiFunction] => [name, FUNCTIONS[name]]);
const fault = (name: string, params: unknown): string => {
  try {
    const { name: own, fn } = functionOf(name);
    checkParams(own, fn, params);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

describe("the catalogue", () => {
  it("holds every function the compendium lists, under its name there", () => {
    const listed = [
      ..."get_positions get_closed_pnl set_leverage set_trading_stop add_margin get_wallet_balance".split(" "),
      ..."get_account_info get_fee_rate get_transaction_log get_tickers get_orderbook get_kline".split(" "),
      ..."get_mark_price_kline get_index_price_kline get_premium_index_price_kline".split(" "),
      ..."get_public_trading_history place_batch_order amend_batch_order cancel_batch_order".split(" "),
    ];
    for (const name of listed) expect(FUNCTION_NAMES, name).toContain(functionOf(name).name);
    expect(new Set(all.map(([, fn]) => fn.group))).toEqual(new Set(GROUPS));
  });

  it.each(all)("%s: its example is accepted, its path is one of a kind", (name, fn) => {
    expect(() => checkParams(name, fn, fn.example)).not.toThrow();
    expect(all.filter(([, other]) => other.path === fn.path)).toHaveLength(1);
    for (const info of paramsOf(fn)) {
      expect(info.description, `${name} ${info.name}`).not.toBe("");
      expect(info.example, `${name} ${info.name}`).toBeDefined();
    }
  });

  it.each(all)("%s: what changes something is a POST, what reads may be asked again", (_, fn) => {
    if (fn.effect === "reads") expect(fn.idempotency).toBe("read");
    else expect(fn).toMatchObject({ method: "POST", auth: "key" });
    if (fn.effect !== "reads") expect(fn.idempotency).not.toBe("read");
    if (fn.auth === "none") expect(fn.group).toBe("market");
    if (fn.idempotency === "orderLinkId") expect(JSON.stringify(fn.example)).toContain("orderLinkId");
  });

  it.each(all)("%s: an unknown parameter is refused", (name, fn) => {
    expect(fault(name, { ...fn.example, nonsense: 1 })).toContain("no parameter nonsense");
  });

  it.each(FUNCTION_NAMES.map((name) => [name]))("%s has one camel-case name", (name) => {
    expect(functionOf(camelName(name)).name).toBe(name);
    expect(snakeName(camelName(name))).toBe(name);
  });

  it("calls a batch as many requests as it has orders, one for options", () => {
    expect(batchUnits({ category: "linear", request: [1, 2, 3] })).toBe(3);
    expect(batchUnits({ category: "option", request: [1, 2, 3] })).toBe(1);
  });
});

describe("names that are no more", () => {
  it.each(Object.keys(REMOVED))("%s says what to call instead, and that can be called", (name) => {
    const { instead } = REMOVED[name]!;
    expect(() => functionOf(name)).toThrow(expect.objectContaining({ code: "FUNCTION_REMOVED" }));
    expect(() => functionOf(name)).toThrow(instead);
    const first = instead.split(/[ ,]/)[0]!;
    const isOther =
      first === "grimoire" || first === "nothing" || first === "the" || first.includes("=") || first === "tpslMode";
    if (!isOther) expect(FUNCTION_NAMES).toContain(first);
    expect(FUNCTION_NAMES).not.toContain(name);
  });

  it("are known in camel case too, and a slip of the finger is answered with the nearest", () => {
    expect(() => functionOf("placeActiveOrder")).toThrow("instead: place_order");
    expect(() => functionOf("get_klin")).toThrow("no function get_klin; nearest: get_kline");
    expect(() => functionOf("getKlin")).toThrow("nearest: getKline");
    expect(() => functionOf("constructor")).toThrow(expect.objectContaining({ code: "FUNCTION" }));
  });
});

describe("wrong parameters", () => {
  it.each([
    ["get_kline", { symbol: "BTCUSDT", interval: "7" }, "interval must be one of 1 3 5 15", 'was "7"'],
    ["get_kline", { interval: "60" }, "symbol is missing: market; a text (upper case), such as BTCUSDT", ""],
    [
      "get_kline",
      { symbol: "BTCUSDT", interval: "60", limit: 1001 },
      "limit must be an integer (1 to 1000, usually 200), such as 5; was 1001",
      "",
    ],
    ["get_kline", { symbol: "btcusdt", interval: "60" }, "symbol must be a text (upper case), such as BTCUSDT", ""],
    ["get_kline", { symbol: "BTCUSDT", interval: "60", start: 1735689600 }, "start must be a time (epoch ms, UTC)", ""],
    [
      "get_orderbook",
      { category: "linear", symbol: "BTCUSDT", depth: 50 },
      "there is no parameter depth; write limit",
      "",
    ],
    [
      "add_margin",
      { category: "linear", symbol: "BTCUSDT", amount: "10" },
      "there is no parameter amount; write margin",
      "",
    ],
    ["get_wallet_balance", { accountType: "SPOT" }, "accountType must be one of UNIFIED", 'was "SPOT"'],
    [
      "place_order",
      { category: "linear", symbol: "BTCUSDT", side: "Buy", orderType: "Limit", qty: 0.01, price: "1" },
      "qty must be a decimal (≥ 0), such as 0.01; was 0.01",
      "",
    ],
    [
      "place_order",
      { category: "linear", symbol: "BTCUSDT", side: "Buy", orderType: "Limit", qty: "0.01" },
      "price needed for orderType Limit, such as price=50000",
      "",
    ],
    [
      "place_order",
      { category: "linear", symbol: "BTCUSDT", side: "Buy", orderType: "Market", qty: "1e-5" },
      "qty must be a decimal",
      "",
    ],
    [
      "place_order",
      { category: "linear", symbol: "BTCUSDT", side: "Buy", orderType: "Market", qty: "0" },
      "qty must be above 0",
      "",
    ],
    [
      "place_order",
      { category: "linear", symbol: "BTCUSDT", side: "Buy", orderType: "Market", qty: "1", triggerPrice: "1" },
      "triggerDirection needed with triggerPrice",
      "",
    ],
    [
      "place_order",
      { category: "option", symbol: "BTC-25DEC26-100000-C", side: "Buy", orderType: "Market", qty: "1" },
      "orderLinkId needed for options",
      "",
    ],
    [
      "place_order",
      {
        category: "linear",
        symbol: "BTCUSDT",
        side: "Sell",
        orderType: "Market",
        qty: "1",
        reduceOnly: true,
        stopLoss: "1",
      },
      "reduceOnly cannot be together with takeProfit or stopLoss",
      "",
    ],
    [
      "place_order",
      {
        category: "linear",
        symbol: "BTCUSDT",
        side: "Sell",
        orderType: "Market",
        qty: "1",
        orderLinkId: "x".repeat(37),
      },
      "orderLinkId must be a text (1 to 36 of",
      "",
    ],
    [
      "place_order",
      {
        category: "linear",
        symbol: "BTCUSDT",
        side: "Buy",
        orderType: "Limit",
        qty: "1",
        price: "9",
        slLimitPrice: "8",
        slOrderType: "Limit",
      },
      "slLimitPrice needs tpslMode Partial",
      "",
    ],
    [
      "place_batch_order",
      { category: "linear", request: [{ symbol: "BTCUSDT", side: "Up", orderType: "Market", qty: "1" }] },
      "request.0.side must be one of Buy Sell",
      "",
    ],
    ["place_batch_order", { category: "linear", request: [] }, "request must be a list (1 to 20, spot 10)", ""],
    ["cancel_order", { category: "linear", symbol: "BTCUSDT" }, "orderId needed, or orderLinkId", ""],
    ["cancel_all_orders", { category: "linear" }, "symbol needed, or baseCoin, or settleCoin", ""],
    [
      "get_funding_rate_history",
      { category: "linear", symbol: "BTCUSDT", startTime: 1735689600000 },
      "endTime needed with startTime",
      "",
    ],
    [
      "set_trading_stop",
      { category: "linear", symbol: "BTCUSDT", stopLoss: "1" },
      "tpslMode is missing",
      "positionIdx is missing",
    ],
    ["get_server_time", { symbol: "BTCUSDT" }, "there is no parameter symbol; it takes none", ""],
  ])("%s %j", (name, params, expected, too) => {
    const said = fault(name, params);
    expect(said).toContain(expected);
    expect(said).toContain(too);
  });

  it("closes a whole position with quantity 0", () => {
    const params = { category: "linear", symbol: "BTCUSDT", side: "Sell", orderType: "Market", qty: "0" };
    expect(fault("place_order", { ...params, reduceOnly: true, closeOnTrigger: true })).toBe("");
  });
});
