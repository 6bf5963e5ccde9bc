import { afterEach, describe, expect, it } from "vitest";
import { localHosts } from "../../src/bybit/hosts.ts";
import { followMarket, type LiveOptions } from "../../src/cli/live-market.ts";
import type { Category } from "../../src/model/instrument.ts";
import { type Exchange, startExchange } from "../../src/simulator/exchange.ts";
import { get, OPENING, post, seededMarket } from "../simulator/support.ts";

const MINUTE = 60_000;
const BTC = { category: "linear", symbol: "BTCUSDT" } as const;
const STEP_MS = 2_500;
/** Index of the seeded bar that opens then. */
const AT_OPENING = 2 * 1_440;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** An exchange with seeded prices that go on by steps, trade by trade. */
async function sourceExchange(
  symbols: readonly string[] = ["BTCUSDT"],
  category: Category = "linear",
): Promise<Exchange> {
  const exchange = await startExchange({
    markets: symbols.map((symbol) => seededMarket(symbol, category)),
    startTime: OPENING,
    speed: "step",
    walk: "ticks",
    ticksBetween: 12,
    ackDelayMs: 0,
  });
  open.push(exchange);
  exchange.control.step(20_000);
  return exchange;
}

/** An exchange that lives on the public data of `source`. */
async function follower(source: Exchange, symbols: readonly string[] = ["BTCUSDT"], more: Partial<LiveOptions> = {}) {
  const notes: string[] = [];
  const hosts = localHosts(source);
  const onNote = (line: string) => notes.push(line);
  const live = await followMarket({ hosts, category: "linear", symbols, historyBars: 120, onNote, ...more });
  open.unshift(live);
  const exchange = await startExchange({ markets: live.sources, ackDelayMs: 0 });
  open.unshift(exchange);
  await live.attach(exchange);
  return { exchange, live, notes };
}

type Span = readonly [from: number, to: number, category?: Category];

/** Waits until `isDone`. */
async function until(isDone: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Lets `ms` pass at the source, a few trades at a time, and lets the network carry them. */
async function pass(source: Exchange, ms: number): Promise<void> {
  for (let done = 0; done < ms; done += STEP_MS) {
    source.control.step(STEP_MS);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function bars(exchange: Exchange, symbol: string, ...[from, to, category = "linear"]: Span): Promise<string[][]> {
  const query = { category, symbol, interval: "1", start: from, end: to - 1, limit: 1_000 };
  return (await get(exchange, "/v5/market/kline", query)).result.list;
}

const lastOf = async (exchange: Exchange) => {
  const { result } = await get(exchange, "/v5/market/tickers", BTC);
  return result.list[0]! as Record<string, string>;
};

describe("an exchange on live data", () => {
  it("has the source's minutes, those of a broken connection too", async () => {
    const symbols = ["BTCUSDT", "ETHUSDT"];
    const source = await sourceExchange(symbols);
    const { exchange, notes } = await follower(source, symbols);
    const from = OPENING - 120 * MINUTE;
    expect(exchange.startTime).toBe(OPENING);
    await pass(source, 12 * MINUTE);
    expect(source.control.disconnect("/v5/public")).toBe(1);
    await pass(source, 5 * MINUTE);
    await until(() => notes.length > 0);
    await pass(source, 15 * MINUTE);
    await until(async () => {
      await pass(source, STEP_MS);
      return exchange.control.now() >= OPENING + 32 * MINUTE;
    });
    expect(notes).toEqual([expect.stringContaining("again in")]);
    for (const symbol of symbols) {
      const theirs = await bars(source, symbol, from, OPENING + 32 * MINUTE);
      expect(theirs).toHaveLength(152);
      expect(await bars(exchange, symbol, from, OPENING + 32 * MINUTE)).toEqual(theirs);
    }
  });

  it("shows the source's last, mark and index price and funding", async () => {
    const source = await sourceExchange();
    const { exchange } = await follower(source);
    await pass(source, 3 * MINUTE);
    const theirs = await lastOf(source);
    await until(async () => (await lastOf(exchange)).lastPrice === theirs.lastPrice);
    for (const name of ["markPrice", "indexPrice", "fundingRate", "nextFundingTime"]) {
      expect(`${name} ${(await lastOf(exchange))[name]}`).toBe(`${name} ${theirs[name]}`);
    }
  });

  it("asks for the minutes when the stream does not say that they are over", async () => {
    const source = await sourceExchange();
    const { exchange, notes } = await follower(source, ["BTCUSDT"], { patienceMs: 20 });
    source.control.faults.add({ fault: "drop", on: "kline.1" });
    await until(async () => {
      await pass(source, 10_000);
      return exchange.control.now() >= OPENING + 6 * MINUTE;
    });
    const span = [OPENING, OPENING + 6 * MINUTE] as const;
    expect(await bars(exchange, "BTCUSDT", ...span)).toEqual(await bars(source, "BTCUSDT", ...span));
    expect(notes).toEqual([]);
  });

  it.each(["spot", "inverse"] as const)("has the minutes of %s markets too", async (category) => {
    const symbol = category === "spot" ? "BTCUSDT" : "BTCUSD";
    const source = await sourceExchange([symbol], category);
    const { exchange } = await follower(source, [symbol], { category });
    await pass(source, 4 * MINUTE);
    await until(() => exchange.control.now() >= OPENING + 4 * MINUTE);
    const span = [OPENING - 10 * MINUTE, OPENING + 4 * MINUTE, category] as const;
    const theirs = await bars(source, symbol, ...span);
    expect(theirs).toHaveLength(14);
    expect(await bars(exchange, symbol, ...span)).toEqual(theirs);
  });

  it.each([
    ["fills orders at the source's price and triggers a stop when the source crosses it", false],
    ["triggers a stop that the source has crossed while the line was broken", true],
  ])("%s", async (_, isBroken) => {
    const source = await sourceExchange();
    const { exchange } = await follower(source);
    await pass(source, MINUTE);
    const { lastPrice } = await lastOf(source);
    await until(async () => (await lastOf(exchange)).lastPrice === lastPrice);
    const { low } = seededMarket("BTCUSDT", "linear").bars;
    const ahead = [...low.slice(AT_OPENING + 2, AT_OPENING + 17)];
    const stop = Math.min(...ahead) + 2;
    const minute = 2 + ahead.findIndex((price) => price <= stop);
    const order = { ...BTC, side: "Buy", orderType: "Market", qty: "0.001", stopLoss: stop.toFixed(1) };
    expect(await post(exchange, "/v5/order/create", order)).toMatchObject({ retCode: 0 });
    if (isBroken) expect(source.control.disconnect("/v5/public")).toBe(1);
    await pass(source, minute * MINUTE);
    await until(() => exchange.control.now() >= OPENING + (minute + 1) * MINUTE);

    const { list } = (await get(exchange, "/v5/execution/list", BTC)).result;
    const [closing, opening] = list as Record<string, string>[];
    // The exchange shows a tick between bid and ask.
    expect(Math.abs(Number(opening!.execPrice) - Number(lastPrice))).toBeLessThan(0.11);
    expect(closing).toMatchObject({ side: "Sell", stopOrderType: "StopLoss" });
    expect(Math.floor((Number(closing!.execTime) - OPENING) / MINUTE)).toBe(minute);
    expect(Number(closing!.execPrice)).toBeLessThanOrEqual(stop);
    expect(Number(closing!.execPrice)).toBeGreaterThanOrEqual(low[AT_OPENING + minute]! - 0.11);
  });

  it("stands still once it is closed", async () => {
    const source = await sourceExchange();
    const { exchange, live } = await follower(source);
    live.close();
    const at = exchange.control.now();
    await pass(source, 2 * MINUTE);
    expect(exchange.control.now()).toBe(at);
  });
});

describe("following", () => {
  it("refuses markets that the source does not have", async () => {
    const hosts = localHosts(await sourceExchange());
    const asked = followMarket({ hosts, category: "linear", symbols: ["BTCUSDT", "NOPEUSDT"] });
    await expect(asked).rejects.toMatchObject({
      code: "SYMBOL_UNKNOWN",
      message: expect.stringContaining("linear NOPEUSDT"),
    });
  });

  it("tells who attaches that a stream was refused", async () => {
    const source = await sourceExchange();
    const live = await followMarket({ hosts: localHosts(source), category: "linear", symbols: ["BTCUSDT"] });
    open.unshift(live);
    source.control.faults.add({ fault: "refuseSubscribe" });
    await expect(live.attach({ feed() {} })).rejects.toMatchObject({ code: "TOPIC" });
  });
});
