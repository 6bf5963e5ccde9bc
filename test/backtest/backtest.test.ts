import { describe, expect, it } from "vitest";
import { backtest, describeBars } from "../../src/backtest/backtest.ts";
import { random } from "../../src/core/random.ts";
import { sliceBars } from "../../src/model/bar.ts";
import { generateBars } from "../../src/store/generate.ts";
import { ColumnCache } from "../../src/strategy/cache.ts";
import { signalsOf } from "../../src/strategy/evaluate.ts";
import { randomBars } from "../support/random-market.ts";
import { referenceBacktest } from "../support/reference-backtest.ts";
import { rsiEma } from "../support/rsi-ema.ts";
import { barsFrom } from "../support/small-market.ts";

const bars = generateBars({ seed: 3, interval: "60", from: Date.UTC(2022, 0), length: 6000, symbol: "TESTUSDT" });
const params = { rsiPeriod: 10, oversold: 42, overbought: 60, emaPeriod: 100 };

describe("backtest", () => {
  it("goes from rules to metrics as the reference does with the same signals", () => {
    for (const settings of [
      { fill: "close", feeRate: 0.00075, stopLoss: 0.02, takeProfit: 0.04 },
      { fill: "next-open", slippageBps: 5, trailingStop: 0.03, sizing: { kind: "risk", fraction: 0.01 } },
    ] as const) {
      const result = backtest({ strategy: rsiEma, params, bars, settings });
      const slow = referenceBacktest(signalsOf(rsiEma, params, bars), bars, result.settings);
      expect(result.trades.length).toBeGreaterThan(50);
      expect(result.trades).toEqual(slow.trades);
      expect([...result.equity]).toEqual(slow.equity);
      expect(result.metrics.finalEquity).toBe(slow.equity.at(-1));
      expect(result.metrics.trades).toBe(slow.trades.length);
      expect(result.metrics.exposure).toBe(slow.barsInMarket / bars.length);
      const fees = slow.trades.reduce((sum, trade) => sum + trade.fees, 0);
      expect(result.metrics.fees).toBeCloseTo(fees, 6);
    }
  });

  it("says what it was made of", () => {
    const result = backtest({ strategy: rsiEma, params: { rsiPeriod: "7" }, bars, settings: { cash: 500 } });
    expect(result).toMatchObject({
      strategy: "rsi-ema",
      params: { rsiPeriod: 7, oversold: 30, overbought: 70, emaPeriod: 200 },
      data: { symbol: "TESTUSDT", interval: "60", from: bars.time[0], to: bars.time[5999], bars: 6000, missingBars: 0 },
      settings: { cash: 500, fill: "next-open", feeRate: 0.00055 },
    });
    expect(result.time).toBe(bars.time);
    expect(JSON.parse(JSON.stringify(result.data))).toEqual({ ...result.data });
  });

  it("gives the same with a cache of columns", () => {
    const cache = new ColumnCache();
    for (const rsiPeriod of [5, 9, 5]) {
      const cached = backtest({ strategy: rsiEma, params: { ...params, rsiPeriod }, bars, cache });
      expect(cached).toEqual(backtest({ strategy: rsiEma, params: { ...params, rsiPeriod }, bars }));
    }
  });

  it("warms up on history without trading in it or showing it", () => {
    const [history, rest] = [sliceBars(bars, 0, 2500), sliceBars(bars, 2500, 6000)];
    const warm = backtest({ strategy: rsiEma, params, bars: rest, history });
    expect([warm.equity.length, warm.time.length, warm.data.bars]).toEqual([3500, 3500, 3500]);
    expect(warm.trades.every((trade) => trade.entryTime > rest.time[0]!)).toBe(true);
    expect(warm.trades[0]!.id).toBe(1);
    const cold = backtest({ strategy: rsiEma, params, bars: rest });
    expect(cold.trades[0]!.entryTime).toBeGreaterThan(rest.time[100]!);
    expect(warm.trades[0]!.entryTime).toBeLessThan(rest.time[100]!);
    const whole = backtest({ strategy: rsiEma, params, bars });
    const entries = new Set(whole.trades.map((trade) => trade.entryTime));
    expect(warm.trades.filter((trade) => entries.has(trade.entryTime)).length).toBeGreaterThan(warm.trades.length - 3);
  });

  it("refuses bars that end before the warm-up does, and says how many it takes", () => {
    expect(() => backtest({ strategy: rsiEma, bars: sliceBars(bars, 0, 150) })).toThrow(
      expect.objectContaining({
        name: "DataError",
        code: "TOO_FEW_BARS",
        message: expect.stringMatching(/rsi-ema needs 199 bars of TESTUSDT 60 .*there are 150/),
      }),
    );
    expect(() => backtest({ strategy: rsiEma, bars: sliceBars(bars, 0, 199) })).toThrow(/there are 199/);
    expect(backtest({ strategy: rsiEma, bars: sliceBars(bars, 0, 200) }).metrics.trades).toBe(0);
  });
});

describe("describeBars", () => {
  it("counts bars that are missing and bars that did not trade", () => {
    const gappy = randomBars(random(5), { length: 300, missing: 0.1, idle: 0.1 });
    const { missingBars, zeroVolumeBars, from, to } = describeBars(gappy);
    expect(missingBars).toBe((to - from) / 3_600_000 + 1 - 300);
    expect(missingBars).toBeGreaterThan(0);
    expect(zeroVolumeBars).toBe(gappy.volume.filter((volume) => volume === 0).length);
    expect(describeBars(barsFrom([[1, 1, 1, 1]]))).toMatchObject({ bars: 1, missingBars: 0, zeroVolumeBars: 0 });
  });
});
