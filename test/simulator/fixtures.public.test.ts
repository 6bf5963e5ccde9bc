import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../src/simulator/exchange.ts";
import { fixture, fixtureLines, haveFixtures, shapeGaps } from "./shapes.ts";
import { type Ear, get, listen, stepExchange } from "./support.ts";

// Samples come from public test suites. Those of `nautilus` and `jkorf` are the documentation's, partly edited by hand;
// `tardis` and `gct` look captured. Every key and value type of a sample must be served. Keys that Bybit has dropped
// or that a sample alone has are named here, each with its reason; anything else that is missing fails.

let exchange: Exchange;
let ear: Ear;
beforeAll(async () => {
  exchange = await stepExchange();
  exchange.control.step(120_000);
});
afterAll(() => exchange.close());

/** The demo key trades and nothing else. */
const OTHER_BUSINESS = [
  "Exchange",
  "Earn",
  "FiatP2P",
  "FiatBybitPay",
  "FiatConvertBroker",
  "FiatBitPay",
  "BitCard",
  "ByXPost",
];
const NO_OTHER_BUSINESS = OTHER_BUSINESS.map((name) => `.result.permissions.${name}: empty here`);

const REST: readonly [file: string, path: string, query: Record<string, string | number>, gone?: readonly string[]][] = [
  ["nautilus/http_get_instruments_linear.json", "/v5/market/instruments-info", { category: "linear" }],
  ["nautilus/http_get_instruments_linear_symbol_type.json", "/v5/market/instruments-info", { category: "linear" }],
  ["nautilus/http_get_instruments_inverse.json", "/v5/market/instruments-info", { category: "inverse" }],
  ["nautilus/http_get_instruments_inverse_symbol_type.json", "/v5/market/instruments-info", { category: "inverse" }],
  ["nautilus/http_get_instruments_spot.json", "/v5/market/instruments-info", { category: "spot" }],
  ["nautilus/http_get_instruments_spot_xstocks.json", "/v5/market/instruments-info", { category: "spot" }],
  ["jkorf/Endpoints__V5Api__ExchangeData__GetSpotSymbols.json", "/v5/market/instruments-info", { category: "spot" }],
  ["jkorf/Endpoints__V5Api__ExchangeData__GetLinearInverseSymbols.json", "/v5/market/instruments-info", { category: "linear" }],
  ["nautilus/http_get_klines_linear.json", "/v5/market/kline", { category: "linear", symbol: "BTCUSDT", interval: "5" }],
  ["jkorf/Endpoints__V5Api__ExchangeData__GetKlines.json", "/v5/market/kline", { category: "inverse", symbol: "BTCUSD", interval: "60" }],
  ["jkorf/Endpoints__V5Api__ExchangeData__GetMarkPriceKlines.json", "/v5/market/mark-price-kline", { category: "linear", symbol: "BTCUSDT", interval: "15" }],
  ["nautilus/http_get_orderbook.json", "/v5/market/orderbook", { category: "linear", symbol: "BTCUSDT" }],
  ["jkorf/Endpoints__V5Api__ExchangeData__GetOrderbook.json", "/v5/market/orderbook", { category: "spot", symbol: "BTCUSDT" }],
  ["jkorf/Endpoints__V5Api__ExchangeData__GetLinearInverseTickers.json", "/v5/market/tickers", { category: "inverse", symbol: "BTCUSD" }],
  ["jkorf/Endpoints__V5Api__ExchangeData__GetSpotTickers.json", "/v5/market/tickers", { category: "spot", symbol: "BTCUSDT" }],
  ["nautilus/http_get_funding_history.json", "/v5/market/funding/history", { category: "linear", symbol: "BTCUSDT" }],
  ["jkorf/Endpoints__V5Api__ExchangeData__GetFundingRateHistory.json", "/v5/market/funding/history", { category: "inverse", symbol: "BTCUSD" }],
  ["nautilus/http_get_trades_recent.json", "/v5/market/recent-trade", { category: "linear", symbol: "BTCUSDT" }],
  ["jkorf/Endpoints__V5Api__ExchangeData__GetTradeHistory.json", "/v5/market/recent-trade", { category: "spot", symbol: "BTCUSDT" }],
  ["jkorf/Endpoints__V5Api__ExchangeData__GetOpenInterest.json", "/v5/market/open-interest", { category: "inverse", symbol: "BTCUSD", intervalTime: "5min" }],
  ["jkorf/Endpoints__V5Api__ExchangeData__GetLongShortRatio.json", "/v5/market/account-ratio", { category: "linear", symbol: "BTCUSDT", period: "1h" }],
  ["jkorf/Endpoints__V5Api__ExchangeData__GetInsurance.json", "/v5/market/insurance", { coin: "USDT" }],
  ["jkorf/Endpoints__V5Api__ExchangeData__GetDeliveryPrice.json", "/v5/market/delivery-price", { category: "linear" }, [".result.list: empty here"]], // perpetuals only
  ["jkorf/Endpoints__V5Api__ExchangeData__GetSystemStatus.json", "/v5/system/status", {}, [".result.list: empty here"]], // nothing planned
  ["nautilus/http_get_user_query_api.json", "/v5/user/query-api", {}, NO_OTHER_BUSINESS],
]; // biome-ignore format: a row per sample

describe("public payloads have the shape of the samples", () => {
  it.runIf(haveFixtures).each(REST)("%s", async (file, path, query, gone = []) => {
    const sample = fixture(file) as { response?: unknown };
    const gaps = shapeGaps(sample.response ?? sample, await get(exchange, path, query));
    expect(gaps).toEqual(gone);
  });

  const pushes: readonly [name: string, socket: "linear" | "inverse" | "spot", topic: string, pick: (m: Record<string, unknown>) => boolean][] = [
    ["tardis/bybit.jsonl", "inverse", "publicTrade.BTCUSD", (m) => m.topic === "publicTrade.BTCUSD"],
    ["tardis/bybit.jsonl", "linear", "orderbook.50.BTCUSDT", (m) => m.topic === "orderbook.50.BTCPERP" && m.type === "snapshot"],
    ["tardis/bybit.jsonl", "linear", "orderbook.1.BTCUSDT", (m) => m.topic === "orderbook.1.BTCUSDT" && m.type === "snapshot"],
    ["tardis/bybit.jsonl", "inverse", "tickers.BTCUSD", (m) => m.topic === "tickers.BTCUSD" && m.type === "snapshot"],
    ["tardis/bybit-spot.jsonl", "spot", "publicTrade.BTCUSDT", (m) => m.topic === "publicTrade.BTCUSDT"],
    ["tardis/bybit-spot.jsonl", "spot", "orderbook.50.BTCUSDT", (m) => m.topic === "orderbook.50.BTCUSDT" && m.type === "snapshot"],
    ["gct/ws_testdata.jsonl", "spot", "tickers.BTCUSDT", (m) => m.topic === "tickers.BTC-USDT"],
    ["gct/ws_testdata.jsonl", "linear", "tickers.BTCUSDT", (m) => m.topic === "tickers.BTCUSDT" && m.type === "snapshot"],
  ]; // biome-ignore format: a row per sample

  it.runIf(haveFixtures).each(pushes)("%s: %s %s", async (file, socket, topic, pick) => {
    const sample = fixtureLines(file).find(pick);
    expect(sample).toBeDefined();
    ear = await listen(exchange.wsPublic[socket]);
    await ear.ask({ op: "subscribe", args: [topic] });
    exchange.control.step(60_000);
    const ours = await ear.next((m) => m.topic === topic);
    expect(shapeGaps(sample, ours)).toEqual([]);
    expect(Object.keys(ours.data[0] ?? ours.data).sort()).toEqual(
      expect.arrayContaining(Object.keys((sample!.data as never)[0] ?? sample!.data)),
    );
    ear.close();
  });

  it.runIf(haveFixtures)("nautilus/ws_kline.json: every key, no other", async () => {
    ear = await listen(exchange.wsPublic.linear);
    await ear.ask({ op: "subscribe", args: ["kline.5.BTCUSDT"] });
    exchange.control.step(60_000);
    const ours = await ear.next((m) => m.topic === "kline.5.BTCUSDT");
    const sample = fixture("nautilus/ws_kline.json") as { data: object[] };
    expect(shapeGaps(sample, ours)).toEqual([]);
    expect(Object.keys(ours.data[0]).sort()).toEqual(Object.keys(sample.data[0]!).sort());
    ear.close();
  });

  it.runIf(haveFixtures)("nautilus/ws_subscription_ack.json", async () => {
    ear = await listen(exchange.wsPublic.linear);
    const ours = await ear.ask({ op: "subscribe", req_id: "sub-orderbook-1", args: ["orderbook.1.BTCUSDT"] });
    expect(shapeGaps(fixture("nautilus/ws_subscription_ack.json"), ours)).toEqual([]);
    ear.close();
  });
});
