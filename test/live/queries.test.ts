import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DAY_MS } from "../../src/core/time.ts";
import { findOrder, lookAtAccount } from "../../src/live/queries.ts";
import { generateBars } from "../../src/store/generate.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { restless } from "../simulation/market.ts";
import { LiveBot } from "../support/live-bot.ts";

const instrument = syntheticInstrument("BTCUSDT");
const START = Date.UTC(2025, 0, 1);
const bars = generateBars({ seed: 1, symbol: "BTCUSDT", interval: "D", from: START, length: 40 });

/** Fills in the first moment and in the last, more than a page of each, and more than a week apart. */
const EARLY = 120;
const LATE = 8;

describe("a look at the account", () => {
  let venue: LiveBot;
  beforeAll(async () => {
    venue = await LiveBot.open({ markets: [{ strategy: restless, bars, instrument }] });
    for (let k = 0; k < EARLY; k++) await order(`early-${k}`, k % 2 === 0 ? "Buy" : "Sell");
    venue.exchange.control.step(17 * DAY_MS);
    for (let k = 0; k < LATE; k++) await order(`late-${k}`, k % 2 === 0 ? "Buy" : "Sell");
    await order("held", "Buy", { stopLoss: "15000.0" });
    await order("waits", "Buy", { orderType: "Limit", price: "14000.0" });
  }, 30_000);
  afterAll(() => venue.close());

  function order(orderLinkId: string, side: "Buy" | "Sell", more: object = {}) {
    const plain = { category: "linear", symbol: "BTCUSDT", side, orderType: "Market", qty: "0.001", orderLinkId };
    return venue.gateway.callNamed("place_order", { ...plain, ...more });
  }
  function look(since: number) {
    return lookAtAccount(
      venue.gateway,
      { kind: "account", since },
      { now: venue.exchange.control.now(), settleCoin: "USDT" },
    );
  }

  it("finds every execution, of all pages and weeks", async () => {
    const { executions } = await look(START);
    expect(new Set(executions.map(({ orderLinkId }) => orderLinkId)).size).toBe(EARLY + LATE + 1);
    expect(executions.length).toBe(EARLY + LATE + 1);
  });

  it("finds those since a time, and none before it", async () => {
    const { executions, askedAt } = await look(START + 10 * DAY_MS);
    expect(executions).toHaveLength(LATE + 1);
    expect(askedAt).toBe(venue.exchange.control.now());
    expect(executions.every(({ time }) => time >= START + 17 * DAY_MS)).toBe(true);
  });

  it("begins in the middle of a millisecond where it is told to", async () => {
    expect((await look(START + 17 * DAY_MS - 0.5)).executions).toHaveLength(LATE + 1);
  });

  it("sees what is open, and what is in the wallet", async () => {
    const { openOrders, positions, walletBalance } = await look(START + 17 * DAY_MS);
    expect(openOrders.map(({ orderLinkId }) => orderLinkId)).toContain("waits");
    expect(openOrders.some(({ stopOrderType }) => stopOrderType === "StopLoss")).toBe(true);
    expect(positions).toMatchObject([{ symbol: "BTCUSDT", size: "0.001", stopLoss: "15000.0" }]);
    expect(Number(walletBalance)).toBeLessThan(10_000);
  });

  it("fails as a whole when one of its questions has no answer", async () => {
    venue.exchange.control.faults.add({ fault: "serverError", on: "execution/list" });
    await expect(look(START)).rejects.toMatchObject({ code: "NO_ANSWER" });
    venue.exchange.control.faults.clear();
  });

  it("for one order finds it open, or past with its fills, or not at all", async () => {
    const find = (linkId: string) => findOrder(venue.gateway, { kind: "order", symbol: "BTCUSDT", linkId }, "USDT");
    expect(await find("waits")).toMatchObject({ order: { status: "New", cumExecQty: "0" }, executions: [] });
    const past = await find("early-3");
    expect(past.order).toMatchObject({ status: "Filled", cumExecQty: "0.001" });
    expect(past.executions).toMatchObject([{ side: "sell", qty: "0.001", orderLinkId: "early-3" }]);
    expect(await find("nobody")).toEqual({ order: null, executions: [] });
  });
});
