import { afterEach, describe, expect, it } from "vitest";
import type { FundingRates } from "../../src/model/funding.ts";
import { type Exchange, startExchange } from "../../src/simulator/exchange.ts";
import { instrumentOf } from "../../src/simulator/market/instruments.ts";
import type { ExchangeOptions } from "../../src/simulator/options.ts";
import { type Envelope, get, listen, logIn, minuteBars, OPENING, post } from "./support.ts";

const MINUTE = 60_000;
const BTC = { category: "linear", symbol: "BTCUSDT" } as const;
/** Three minutes of history; the market opens with the minute after them. */
const HISTORY = minuteBars("BTCUSDT", [
  [100, 101, 99, 100],
  [100, 102, 100, 101],
  [101, 101, 99, 100],
]);
const START = OPENING + 3 * MINUTE;

const open: Exchange[] = [];
afterEach(async () => {
  for (const exchange of open.splice(0)) await exchange.close();
});

async function fedExchange(options: Partial<ExchangeOptions> = {}, funding?: FundingRates): Promise<Exchange> {
  const exchange = await startExchange({
    markets: [
      { instrument: instrumentOf("BTCUSDT", "linear", 60_000), bars: HISTORY, feed: true, ...(funding && { funding }) },
    ],
    liquidity: { kind: "ladder", spreadTicks: 1, levelQty: 1_000_000, levels: 50 },
    ackDelayMs: 0,
    ...options,
  });
  open.push(exchange);
  return exchange;
}

const trade = (time: number, price: number, qty = 0.001) =>
  ({ type: "trade", time: START + time, price, qty, side: "buy" }) as const;
const order = { ...BTC, side: "Buy", orderType: "Market", qty: "0.1" };

async function place(exchange: Exchange, body: object): Promise<void> {
  expect(await post(exchange, "/v5/order/create", body)).toMatchObject({ retCode: 0 });
}

/** `[minute since the start, open, high, low, close, volume]`, ascending. */
async function bars(exchange: Exchange, interval = "1"): Promise<number[][]> {
  const { result } = await get(exchange, "/v5/market/kline", { ...BTC, interval, limit: 1_000 });
  const rows = (result.list as string[][]).map((row) => row.slice(0, 6).map(Number)).reverse();
  return rows.map(([time, ...rest]) => [(time! - START) / MINUTE, ...rest]);
}

async function rows(exchange: Exchange, path: string): Promise<Record<string, string>[]> {
  const answer: Envelope = await get(exchange, path, BTC);
  expect(answer).toMatchObject({ retCode: 0 });
  return answer.result.list;
}

describe("a fed market", () => {
  it("makes bars of the trades it is told; without one a minute repeats the close", async () => {
    const exchange = await fedExchange();
    expect(await bars(exchange)).toHaveLength(3);
    exchange.feed(BTC, trade(1_000, 100.5));
    exchange.feed(BTC, trade(2_000, 99, 0.002));
    exchange.feed(BTC, trade(3 * MINUTE, 103));
    exchange.feed(BTC, { type: "time", time: START + 4 * MINUTE });
    expect(exchange.control.now()).toBe(START + 4 * MINUTE);
    expect((await bars(exchange)).slice(3)).toEqual([
      [0, 100, 100.5, 99, 99, 0.003],
      [1, 99, 99, 99, 99, 0],
      [2, 99, 99, 99, 99, 0],
      [3, 99, 103, 99, 103, 0.001],
    ]);
    expect((await bars(exchange, "5")).map(([, ...row]) => row.slice(0, 4))).toEqual([
      [100, 102, 99, 99],
      [99, 103, 99, 103],
    ]);
  });

  it("lets what comes late happen now", async () => {
    const exchange = await fedExchange();
    exchange.feed(BTC, trade(MINUTE, 105));
    exchange.feed(BTC, trade(59_000, 104));
    expect(exchange.control.now()).toBe(START + MINUTE);
    expect((await bars(exchange)).slice(3)).toEqual([
      [0, 100, 100, 100, 100, 0],
      [1, 100, 105, 100, 104, 0.002],
    ]);
  });

  it("takes the source's word on its running minute, and trades what it had not seen", async () => {
    const exchange = await fedExchange();
    exchange.feed(BTC, trade(1_000, 100));
    await place(exchange, { ...order, orderType: "Limit", price: "95", orderLinkId: "low" });
    const bar = { time: START, open: 101, high: 101, low: 94, close: 99, volume: 5, turnover: 490 };
    exchange.feed(BTC, { type: "bar", bar });
    expect(await rows(exchange, "/v5/order/history")).toMatchObject([{ orderLinkId: "low", orderStatus: "Filled" }]);
    const next = { time: START + MINUTE, open: 99, high: 107, low: 98, close: 106, volume: 2, turnover: 200 };
    exchange.feed(BTC, { type: "bar", bar: next });
    exchange.feed(BTC, { type: "bar", bar });
    expect((await bars(exchange)).slice(3)).toEqual([
      [0, 101, 101, 94, 99, 5],
      [1, 99, 107, 98, 106, 2],
    ]);
    expect((await rows(exchange, "/v5/market/tickers"))[0]).toMatchObject({ lastPrice: "106.00" });
  });

  it("goes on with the running minute its history ends in", async () => {
    const exchange = await fedExchange({ startTime: START - 30_000 });
    exchange.feed(BTC, trade(-1_000, 104, 1));
    exchange.feed(BTC, trade(0, 103));
    expect((await bars(exchange)).slice(2)).toEqual([
      [-1, 101, 104, 99, 104, 101],
      [0, 104, 104, 103, 103, 0.001],
    ]);
  });

  it("fills orders at the price it is told and triggers a stop when the price crosses it", async () => {
    const exchange = await fedExchange();
    const ear = await listen(exchange.wsPrivate);
    await logIn(ear, exchange);
    await ear.ask({ op: "subscribe", args: ["execution"] });
    exchange.feed(BTC, trade(500, 104.3));
    await place(exchange, { ...order, stopLoss: "90" });
    expect((await ear.next((m) => m.topic === "execution")).data).toMatchObject([{ execPrice: "104.30", side: "Buy" }]);
    exchange.feed(BTC, trade(600, 90.1));
    expect(await rows(exchange, "/v5/position/list")).toMatchObject([{ size: "0.100" }]);
    exchange.feed(BTC, trade(700, 89.9));
    const stopped = (await ear.next((m) => m.topic === "execution")).data;
    // A buyer paid 89.9, so that is the ask; the stop sells to the bid, a tick below.
    expect(stopped).toMatchObject([{ execPrice: "89.80", side: "Sell", stopOrderType: "StopLoss" }]);
    expect(Number(stopped[0].execTime)).toBe(START + 700);
    ear.close();
  });

  it("has mark, index and funding as it is told, and settles by them", async () => {
    const at = START + 10 * MINUTE;
    const past = { symbol: "BTCUSDT", time: Float64Array.of(OPENING), rate: Float64Array.of(0.0007) };
    const exchange = await fedExchange({}, past);
    await place(exchange, order);
    exchange.feed(BTC, { type: "prices", time: START + 1, mark: 101.5, index: 101 });
    exchange.feed(BTC, { type: "funding", time: START + 1, rate: 0.001, nextTime: at });
    expect((await rows(exchange, "/v5/market/tickers"))[0]).toMatchObject({
      ...{ lastPrice: "100.00", markPrice: "101.50", indexPrice: "101.00" },
      ...{ fundingRate: "0.001", nextFundingTime: String(at) },
    });
    exchange.feed(BTC, { type: "prices", time: START + 2, mark: 102 });
    expect((await rows(exchange, "/v5/market/tickers"))[0]).toMatchObject({
      markPrice: "102.00",
      indexPrice: "101.00",
    });
    exchange.feed(BTC, { type: "time", time: at - 1 });
    expect(await rows(exchange, "/v5/execution/list")).toHaveLength(1);
    exchange.feed(BTC, { type: "time", time: at });
    expect((await rows(exchange, "/v5/execution/list"))[0]).toMatchObject({
      ...{ execType: "Funding", execTime: String(at), execPrice: "102.00", execFee: "0.0102" },
    });
    expect(await rows(exchange, "/v5/market/funding/history")).toContainEqual(
      expect.objectContaining({ fundingRate: "0.0007", fundingRateTimestamp: String(OPENING) }),
    );
  });

  it("gives the same bytes for the same feed", async () => {
    const digests: string[] = [];
    for (let run = 0; run < 2; run++) {
      const exchange = await fedExchange();
      for (let i = 1; i < 200; i++) {
        exchange.feed(BTC, trade(i * 2_000, 100 + ((i * 7) % 11) / 10));
        if (i % 20 === 0) await place(exchange, { ...order, side: i % 40 === 0 ? "Buy" : "Sell" });
      }
      digests.push(exchange.control.digest());
    }
    expect(digests[0]).toBe(digests[1]);
  });
});

describe("a feed", () => {
  it("is for markets that are fed, at the speed of what they are told", async () => {
    const exchange = await fedExchange();
    const other = { category: "linear", symbol: "ETHUSDT" } as const;
    expect(() => exchange.feed(other, trade(1, 1))).toThrow(expect.objectContaining({ code: "SYMBOL" }));
    expect(() => exchange.control.step(1)).toThrow(expect.objectContaining({ code: "STEP" }));
    await expect(fedExchange({ speed: 1 })).rejects.toMatchObject({ code: "SPEED" });
    await expect(fedExchange({ walk: "bars" })).rejects.toMatchObject({ code: "SPEED" });
    await expect(fedExchange({ startTime: OPENING })).rejects.toMatchObject({ code: "FEED" });
    const instrument = instrumentOf("BTCUSDT", "linear", 60_000);
    await expect(startExchange({ markets: [{ instrument, bars: HISTORY }], speed: "fed" })).rejects.toMatchObject({
      code: "SPEED",
    });
  });
});
