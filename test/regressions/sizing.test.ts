import { describe, expect, it } from "vitest";
import { replay } from "../../src/backtest/replay/replay.ts";
import type { BacktestSettings } from "../../src/backtest/settings.ts";
import type { Instrument } from "../../src/model/instrument.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { defineStrategy } from "../../src/strategy/strategy.ts";
import { hours } from "./support/bars.ts";
import { laneOf, longBot, readyBot, refused, sent, threshold } from "./support/bot.ts";

const instrument = syntheticInstrument("BTCUSDT");

/** Buys at 100 and falls through any stop down to 97. */
function stoppedOut(settings: Partial<BacktestSettings>) {
  const bars = hours([100, 101, [100, 100, 97, 99], 99]);
  const { trades } = replay({
    ...{ strategy: threshold, params: { above: 100.5 }, bars, instrument },
    settings: { feeRate: 0, stopLoss: 0.02, sizing: { kind: "risk", fraction: 0.01 }, ...settings },
  });
  expect(trades.map(({ exitReason }) => exitReason)).toEqual(["stopLoss"]);
  return trades[0]!;
}

/** What the bot asks for when BTC closes at 50,000. */
function entryAt50000(lane: Parameters<typeof laneOf>[0], limits = {}) {
  const each = readyBot({
    lanes: [laneOf({ params: { above: 1 }, ...lane })],
    limits: { maxPositionQuote: Infinity, minPositionQuote: 0, ...limits },
  });
  const effects = each.bar(0, 50_000);
  return {
    qty: sent(effects).map(({ request }) => "qty" in request && request.qty),
    refused: refused(effects),
  };
}

describe("sizing", () => {
  it.each([1, 5, 50])("leverage never multiplies what is risked (leverage %i)", (leverage) => {
    const { quantity, entryPrice, exitPrice, realizedPnl } = stoppedOut({ leverage });
    expect([quantity, entryPrice, exitPrice, realizedPnl]).toEqual([50, 100, 98, -100]);
  });

  it("leverage only caps how large a position may be", () => {
    // 1 % of 10,000 over a stop 0.1 away would be 1,000 at 100: five times equity pays for 500.
    expect(stoppedOut({ leverage: 5, stopLoss: 0.001 })).toMatchObject({ quantity: 500, realizedPnl: -50 });
  });

  it("fees are part of the risk, not on top of it", () => {
    // 100 ÷ (2 + 0.1 + 0.098) is 45.4959…
    const { quantity, fees, realizedPnl } = stoppedOut({ feeRate: 0.001 });
    expect(quantity).toBe(45.495);
    expect(fees).toBeCloseTo(45.495 * 0.198, 9);
    expect(realizedPnl).toBeCloseTo(-99.99801, 9);
  });

  it("a notional is never sent as a quantity", () => {
    expect(entryAt50000({ sizing: { kind: "quote", quote: 1_000 } }).qty).toEqual(["0.020"]);
    expect(entryAt50000({ sizing: { kind: "fraction", fraction: 0.5 } }).qty).toEqual(["0.100"]);
  });

  it("a risk over a stop is a quantity, not the notional that risk ÷ stop fraction gives", () => {
    // 100 at risk over 1,000 a coin: a tenth of a coin, where 100 ÷ 0.02 are 5,000.
    expect(entryAt50000({ sizing: { kind: "risk", fraction: 0.01 } }).qty).toEqual(["0.100"]);
  });

  it("what is below the smallest quantity is not raised to it", () => {
    const { qty, refused: why } = entryAt50000({ sizing: { kind: "risk", fraction: 0.00005 } });
    expect([qty, why]).toEqual([[], [{ reason: "belowMinQty" }]]);
  });

  it("what is below the smallest notional is not raised to it", () => {
    const fine: Instrument = { ...instrument, qtyStep: "0.00001", minOrderQty: "0.00001", minNotionalValue: "5" };
    const { qty, refused: why } = entryAt50000({ instrument: fine, sizing: { kind: "quote", quote: 4.99 } });
    expect([qty, why]).toEqual([[], [{ reason: "belowMinNotional" }]]);
    expect(entryAt50000({ instrument: fine, sizing: { kind: "quote", quote: 5 } }).qty).toEqual(["0.00010"]);
  });

  const unknownStop = defineStrategy({
    name: "unknown-stop",
    params: {},
    // The root of a negative number is no number.
    rules: ({ close, distance }) => ({ enterLong: close.above(1), stopLoss: distance(close.neg().sqrt()) }),
  });
  const stopAbove = defineStrategy({
    name: "stop-above",
    params: {},
    rules: ({ close, price }) => ({ enterLong: close.above(1), stopLoss: price(close.times(1.02)) }),
  });
  it.each([
    ["the stop is not known", { strategy: unknownStop }, "levelUnknown"],
    ["the stop is on the wrong side", { strategy: stopAbove }, "stopWrongSide"],
    ["there is no stop to measure risk by", { sizing: { kind: "risk", fraction: 0.01 } }, "noStop"],
    ["volatility is not known", { sizing: { kind: "volatility", target: 0.2, bars: 50 } }, "volatilityUnknown"],
  ] as const)("nothing of a smallest size is sent when %s", (_, lane, reason) => {
    const { qty, refused: why } = entryAt50000({
      params: "strategy" in lane ? {} : { above: 1 },
      stopLoss: null,
      ...lane,
    });
    expect([qty, why]).toEqual([[], [{ reason }]]);
  });

  it("a market order is capped by what market orders may be, not by what limit orders may be", () => {
    const capped: Instrument = { ...instrument, maxOrderQty: "10", maxMarketOrderQty: "0.05" };
    expect(entryAt50000({ instrument: capped, sizing: { kind: "all-in" } }).qty).toEqual(["0.050"]);
  });

  it("the largest position is a limit in quote that is enforced", () => {
    const over = entryAt50000({ sizing: { kind: "quote", quote: 1_000 } }, { maxPositionQuote: 900 });
    expect([over.qty, over.refused]).toEqual([[], [{ guard: "positionSize", value: 1_000, limit: 900 }]]);
  });

  it("the smallest position is a limit in quote, not a quantity to fall back on", () => {
    const under = entryAt50000({ sizing: { kind: "quote", quote: 500 } }, { minPositionQuote: 600 });
    expect([under.qty, under.refused]).toEqual([[], [{ guard: "tooSmall", value: 500, limit: 600 }]]);
  });

  const eth = laneOf({ name: "eth", instrument: syntheticInstrument("ETHUSDT", "0.01"), params: { above: 3_000 } });
  it("the number of positions is a limit that is enforced", () => {
    const each = longBot({ lanes: [laneOf(), eth], limits: { maxOpenPositions: 1 } });
    const effects = each.bar(1, 3_001, { lane: "eth" });
    expect(sent(effects)).toEqual([]);
    expect(refused(effects)).toEqual([{ guard: "openPositions", value: 2, limit: 1 }]);
  });

  it("the daily loss is a limit on equity, and an open loss counts", () => {
    const each = longBot({ lanes: [laneOf(), eth], limits: { maxDailyLossFraction: 0.02 } });
    // 0.059 × (50,100 − 46,700) = 200.6 of 10,000.
    each.bot.price("BTCUSDT", { last: 46_700, bid: null, ask: null, mark: null, time: 0 });
    const effects = each.bar(1, 3_001, { lane: "eth" });
    expect(sent(effects)).toEqual([]);
    expect(refused(effects)).toEqual([{ guard: "killed", value: 1, limit: 0 }]);
    expect([...each.bot.state.latches]).toEqual([
      ["dailyLoss", expect.stringMatching(/^dailyLoss is 0.02006\d*, may be 0.02$/)],
    ]);
  });
});
