import { RestClientV5, WebsocketClient } from "bybit-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../src/simulator/exchange.ts";
import { OPENING, stepExchange } from "../simulator/support.ts";
import { ccxtClient, silent } from "./exchange-clients.ts";

let exchange: Exchange;
beforeAll(async () => {
  exchange = await stepExchange();
});
afterAll(() => exchange.close());

describe("bybit-api, unmodified", () => {
  const client = () => new RestClientV5({ key: exchange.apiKey, secret: exchange.apiSecret, baseUrl: exchange.rest });

  it("reads public lists and pages through instruments", async () => {
    expect((await client().getServerTime()).result.timeSecond).toBe(String(OPENING / 1_000));
    const { result } = await client().getInstrumentsInfo({ category: "linear", limit: 1 });
    expect(result.list[0]).toMatchObject({ symbol: "BTCUSDT", priceFilter: { tickSize: "0.10" } });
    const klines = await client().getKline({ category: "linear", symbol: "BTCUSDT", interval: "1", limit: 3 });
    expect(klines.result.list.map((row) => row[0])).toEqual([1, 2, 3].map((n) => String(OPENING - n * 60_000)));
  });

  it("signs, and its clock agrees with the envelope's", async () => {
    expect((await client().getQueryApiKey()).result.apiKey).toBe(exchange.apiKey);
  });

  it("hears every public topic, snapshot before deltas", async () => {
    const socket = new WebsocketClient({ wsUrl: exchange.wsPublic.linear }, silent);
    const topics = ["orderbook.50.BTCUSDT", "kline.1.BTCUSDT", "tickers.BTCUSDT", "publicTrade.BTCUSDT"];
    const heard = new Map<string, string[]>();
    const all = new Promise<void>((resolve) => {
      socket.on("update", (message: { topic: string; type?: string }) => {
        heard.set(message.topic, [...(heard.get(message.topic) ?? []), message.type ?? ""]);
        if (topics.every((topic) => (heard.get(topic)?.length ?? 0) > 1)) resolve();
      });
    });
    const ready = new Promise<unknown>((resolve) => socket.on("response", resolve));
    socket.subscribeV5(topics, "linear");
    expect(await ready).toMatchObject({ success: true, req_id: topics.join(",") });
    while ((heard.get("kline.1.BTCUSDT")?.length ?? 0) < 2) {
      exchange.control.step(60_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await all;
    expect(heard.get("orderbook.50.BTCUSDT")!.slice(0, 2)).toEqual(["snapshot", "delta"]);
    expect(heard.get("tickers.BTCUSDT")!.slice(0, 2)).toEqual(["snapshot", "delta"]);
    socket.closeAll(true);
  });
});

describe("ccxt, unmodified", () => {
  it("loads markets, reads them, and watches a book and klines", async () => {
    const client = await ccxtClient(exchange);
    await client.loadMarkets();
    expect(client.market("BTC/USDT:USDT")).toMatchObject({ linear: true, precision: { price: 0.1, amount: 0.001 } });
    expect(client.market("BTC/USDT")).toMatchObject({ spot: true, precision: { amount: 0.000001 } });
    expect(client.market("BTC/USD:BTC")).toMatchObject({ inverse: true, precision: { price: 0.5 } });
    const [bar] = await client.fetchOHLCV("BTC/USDT:USDT", "1h", OPENING - 7_200_000, 1);
    expect(bar![0]).toBe(OPENING - 7_200_000);
    const ticker = await client.fetchTicker("BTC/USDT:USDT");
    expect(ticker.ask! - ticker.bid!).toBeGreaterThan(0);
    const book = client.watchOrderBook("BTC/USDT:USDT", 50);
    const moving = setInterval(() => exchange.control.step(60_000), 20);
    expect((await book).bids.length).toBeGreaterThan(0);
    expect((await client.watchOHLCV("BTC/USDT:USDT", "1m")).length).toBeGreaterThan(0);
    clearInterval(moving);
    await client.close();
  });
});
