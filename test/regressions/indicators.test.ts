import { describe, expect, it } from "vitest";
import { replay } from "../../src/backtest/replay/replay.ts";
import { computeIndicator } from "../../src/indicators/compute.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { defineStrategy } from "../../src/strategy/strategy.ts";
import { variedBars } from "../support/bar-columns.ts";
import { hours } from "./support/bars.ts";
import { laneOf, readyBot, refused, sent, T0, threshold } from "./support/bot.ts";

const instrument = syntheticInstrument("BTCUSDT");

/** Buys what is oversold, by the RSI alone. */
const oversold = defineStrategy({
  name: "oversold",
  params: {},
  rules: ({ close, rsi }) => ({ enterLong: rsi(close, 14).below(30) }),
});
const aboveAverage = defineStrategy({
  name: "above-average",
  params: {},
  rules: ({ close, sma }) => ({ enterLong: close.above(sma(close, 200)) }),
});
const settings = { feeRate: 0, sizing: { kind: "qty", qty: 1 } } as const;
const falling = (length: number) => Array.from({ length }, (_, i) => 500 - i);

describe("indicators", () => {
  const bars = variedBars(260, "regressions");
  it.each([
    ["rsi", { period: 14 }, 14],
    ["sma", { period: 200 }, 199],
    ["ema", { period: 21 }, 20],
    ["macd", { fast: 12, slow: 26, signal: 9 }, 33],
    ["bbands", { period: 20 }, 19],
    ["atr", { period: 14 }, 14],
  ] as const)("what is not known yet is NaN, never 0 (%s)", (name, values, warmup) => {
    const columns = Object.values(computeIndicator(name, bars, { values }));
    const unknown = columns.map((column) => column.findIndex((value) => !Number.isNaN(value)));
    expect(Math.max(...unknown)).toBe(warmup);
    for (const column of columns) expect(column.indexOf(0)).toBe(-1);
  });

  it("an RSI that is not known is not oversold: no signal before its warm-up is over", () => {
    const market = hours(falling(30));
    // 14 changes are known at the close of bar 14: in at the open of bar 15, where 0 in their place would buy at bar 1.
    const { trades } = replay({ strategy: oversold, bars: market, instrument, settings });
    expect(trades).toMatchObject([{ entryTime: market.time[15], entryPrice: 485 }]);
  });

  it("the opposite of what is not known is not known either", () => {
    const notOverbought = defineStrategy({
      name: "not-overbought",
      params: {},
      rules: ({ close, rsi }) => ({ enterLong: rsi(close, 14).above(70).not() }),
    });
    const market = hours(falling(30));
    const { trades } = replay({ strategy: notOverbought, bars: market, instrument, settings });
    expect(trades).toMatchObject([{ entryTime: market.time[15] }]);
  });

  it("a market that does not move is not oversold", () => {
    expect(replay({ strategy: oversold, bars: hours(new Array(60).fill(100)), instrument, settings }).trades).toEqual(
      [],
    );
  });

  it("an average of 200 bars needs 200 bars", () => {
    const market = hours(Array.from({ length: 210 }, (_, i) => 100 + i));
    const { trades } = replay({ strategy: aboveAverage, bars: market, instrument, settings });
    expect(trades).toMatchObject([{ entryTime: market.time[200] }]);
  });

  it("a bot that was just started acts on no indicator that is still warming up", () => {
    const lane = laneOf({ strategy: oversold, params: {} });
    const each = readyBot({ lanes: [lane] });
    const counts = falling(15).map((price, i) => sent(each.bar(i, price), "entry").length);
    expect(counts.indexOf(1)).toBe(14);
    expect(counts.slice(0, 14)).toEqual(new Array(14).fill(0));
    expect(each.journal.filter(({ type }) => type === "refusal")).toEqual([]);
  });

  it("history warms indicators up and is not acted on", () => {
    const each = readyBot({ lanes: [laneOf({ strategy: oversold, params: {} })] });
    each.bot.price("BTCUSDT", { last: 461, bid: null, ask: null, mark: null, time: T0 });
    // The last of them closes now: only that it is history speaks against it.
    for (const [i, price] of falling(40).entries()) {
      const time = T0 - (40 - i) * 60_000;
      each.bot.warm("lane", { time, open: price, high: price, low: price, close: price, volume: 1 });
    }
    expect(each.bot.state.orders.size).toBe(0);
    expect(sent(each.bar(0, 460), "entry")).toHaveLength(1);
  });

  it("a signal is not filled at the close that made it", () => {
    const { trades } = replay({
      ...{ strategy: threshold, params: { above: 100.5 }, instrument, settings },
      bars: hours([100, [100, 101, 100, 101], [105, 106, 104, 105], 105]),
    });
    expect(trades).toMatchObject([{ entryPrice: 105 }]);
  });

  it("a bar is taken in once: told again with other prices, it is an error and no signal", () => {
    const each = readyBot();
    // Its first form, unfinished, is no signal; the second would be one.
    expect(sent(each.bar(0, 49_000))).toEqual([]);
    const effects = each.bar(0, 50_100);
    expect(sent(effects)).toEqual([]);
    expect(refused(effects)).toEqual([{ reason: "laneStopped", text: expect.stringContaining("bars must ascend") }]);
    expect(each.lanes[0]!.length).toBe(1);
  });
});
