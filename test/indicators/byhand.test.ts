import { describe, expect, it } from "vitest";
import type { IndicatorValues } from "../../src/indicators/indicator.ts";
import { type BarColumns, flatBars } from "../support/bar-columns.ts";
import { outputOf } from "../support/golden-columns.ts";

/** Hourly bars with these closes; high and low are 1 off unless told. */
function bars(close: readonly number[], more: Partial<Record<keyof BarColumns, readonly number[]>> = {}): BarColumns {
  const columns = flatBars(close.length, 0);
  columns.close.set(close);
  columns.open.set(close);
  columns.high.set(close.map((value) => value + 1));
  columns.low.set(close.map((value) => value - 1));
  for (const [field, values] of Object.entries(more)) columns[field as keyof BarColumns].set(values);
  return columns;
}

type Case = readonly [
  call: string,
  name: string,
  values: IndicatorValues,
  output: string,
  bars: BarColumns,
  out: number[],
];
const N = NaN;
const rise = bars([1, 2, 3, 4, 5]);

const CASES: readonly Case[] = [
  ["sma(3)", "sma", { period: 3 }, "sma", bars([1, 2, 6, 1, 2]), [N, N, 3, 3, 3]],
  ["ema(3), seeded with the mean", "ema", { period: 3 }, "ema", bars([1, 2, 3, 7]), [N, N, 2, 4.5]],
  [
    "ema(3), from the first value",
    "ema",
    { period: 3, seed: "first" },
    "ema",
    bars([1, 2, 3, 7]),
    [1, 1.5, 2.25, 4.625],
  ],
  ["rma(4)", "rma", { period: 4 }, "rma", bars([1, 2, 3, 2, 6]), [N, N, N, 2, 3]],
  ["wma(3)", "wma", { period: 3 }, "wma", bars([1, 2, 6, 0]), [N, N, 23 / 6, 14 / 6]],
  ["trima(4): weights 1 2 2 1", "trima", { period: 4 }, "trima", bars([6, 0, 3, 6]), [N, N, N, 3]],
  ["rsi(2): gains 1 and 1, then a loss of 1", "rsi", { period: 2 }, "rsi", bars([1, 2, 3, 2]), [N, N, 100, 50]],
  ["cmo(2)", "cmo", { period: 2 }, "cmo", bars([1, 2, 3, 2]), [N, N, 100, 0]],
  ["mom(2)", "mom", { period: 2 }, "mom", rise, [N, N, 2, 2, 2]],
  ["roc(1)", "roc", { period: 1 }, "roc", bars([4, 5, 4]), [N, 25, -20]],
  ["willr(2): range 1 … 4, close 3", "willr", { period: 2 }, "willr", bars([2, 3]), [N, -100 / 3]],
  ["bop", "bop", {}, "bop", bars([2, 3], { open: [2, 2.5] }), [0, 0.25]],
  ["tr: a gap up counts from the close before", "tr", {}, "tr", bars([2, 9, 8]), [N, 8, 2]],
  ["tr with the first bar's range", "tr", { first: "range" }, "tr", bars([2, 9, 8]), [2, 8, 2]],
  ["atr(2)", "atr", { period: 2 }, "atr", bars([2, 9, 8, 8]), [N, N, 5, 3.5]],
  ["atr(2), TradingView", "atr", { period: 2, mode: "tradingview" }, "atr", bars([2, 9, 8, 8]), [N, 5, 3.5, 2.75]],
  ["natr(1)", "natr", { period: 1 }, "natr", bars([2, 4, 5]), [N, 75, 40]],
  ["donchian(2) upper", "donchian", { period: 2 }, "upper", bars([5, 3, 4]), [N, 6, 5]],
  ["donchian(2) middle", "donchian", { period: 2 }, "middle", bars([5, 3, 4]), [N, 4, 3.5]],
  ["stddev(2)", "stddev", { period: 2 }, "stddev", bars([1, 5, 5]), [N, 2, 0]],
  ["stddev(2), one less", "stddev", { period: 2, ddof: 1 }, "stddev", bars([1, 5, 5]), [N, Math.sqrt(8), 0]],
  [
    "bbands(2) %B: at the high of two values",
    "bbands",
    { period: 2, deviations: 1 },
    "percent",
    bars([1, 5, 5]),
    [N, 1, N],
  ],
  ["aroon(2) up: the latest of equal highs", "aroon", { period: 2 }, "up", bars([5, 5, 4, 4]), [N, N, 50, 0]],
  ["aroon(2) down", "aroon", { period: 2 }, "down", bars([5, 5, 4, 4]), [N, N, 100, 100]],
  ["linreg(3) on a line", "linreg", { period: 3 }, "value", rise, [N, N, 3, 4, 5]],
  ["linreg(3) slope", "linreg", { period: 3 }, "slope", rise, [N, N, 1, 1, 1]],
  ["linreg(3) forecast", "linreg", { period: 3 }, "forecast", rise, [N, N, 4, 5, 6]],
  ["linreg(3) intercept", "linreg", { period: 3 }, "intercept", rise, [N, N, 1, 2, 3]],
  ["obv: 10 a bar", "obv", {}, "obv", bars([5, 6, 6, 4]), [10, 20, 20, 10]],
  [
    "ad: closes at the middle, the high, the low",
    "ad",
    {},
    "ad",
    bars([2, 3, 1], { high: [3, 3, 3], low: [1, 1, 1] }),
    [0, 10, 0],
  ],
  ["cmf(2)", "cmf", { period: 2 }, "cmf", bars([2, 3, 1], { high: [3, 3, 3], low: [1, 1, 1] }), [N, 0.5, 0]],
  ["mfi(2): 60 up, 50 down", "mfi", { period: 2 }, "mfi", bars([5, 6, 5]), [N, N, (100 * 60) / 110]],
  ["vwma(2)", "vwma", { period: 2 }, "vwma", bars([1, 4, 4], { volume: [1, 2, 0] }), [N, 3, 4]],
  ["vwap", "vwap", {}, "vwap", bars([1, 4, 4], { volume: [1, 2, 0] }), [1, 3, 3]],
  ["efi(1)", "efi", { period: 1 }, "efi", bars([1, 4, 3]), [N, 30, -10]],
  ["zscore(2)", "zscore", { period: 2, ddof: 0 }, "zscore", bars([1, 5, 5]), [N, 1, N]],
  ["percentile(3), the median", "percentile", { period: 3 }, "percentile", bars([3, 9, 1, 2]), [N, N, 3, 2]],
  ["percentile(2), a quarter", "percentile", { period: 2, percent: 25 }, "percentile", bars([4, 8]), [N, 5]],
  ["highest(2)", "highest", { period: 2 }, "highest", bars([3, 1, 2]), [N, 3, 2]],
  ["lowest(2)", "lowest", { period: 2 }, "lowest", bars([3, 1, 2]), [N, 1, 1]],
  ["sum(2)", "sum", { period: 2 }, "sum", bars([3, 1, 2]), [N, 4, 3]],
  ["correl(3), x = y", "correl", { period: 3, y: "open" }, "correl", bars([3, 1, 2]), [N, N, 1]],
];

describe("indicators by hand", () => {
  it.each(CASES)("%s", (_, name, values, output, columns, expected) => {
    const actual = outputOf({ name, values, output, bars: columns });
    expect(actual).toHaveLength(expected.length);
    actual.forEach((value, i) => {
      if (Number.isNaN(expected[i]!)) expect(value, `bar ${i}`).toBeNaN();
      else expect(value, `bar ${i}`).toBeCloseTo(expected[i]!, 12);
    });
  });

  it("turns a day's high 14, low 8, close 11 into levels from the next midnight on", () => {
    const closes = Array.from({ length: 30 }, (_, i) => (i === 5 ? 13 : i === 7 ? 9 : 11));
    const levels = (kind: string, output: string) =>
      outputOf({ name: "pivots", values: { kind }, output, bars: bars(closes) });
    expect(levels("classic", "p")[23]).toBeNaN();
    const at = (kind: string) =>
      ["p", "r1", "r2", "r3", "r4", "s1", "s2", "s3", "s4"].map((level) => levels(kind, level)[24]);
    expect(at("classic")).toEqual([11, 14, 17, 20, 23, 8, 5, 2, -1]);
    expect(at("fibonacci").map((level) => Number(level!.toFixed(9)))).toEqual([
      11, 13.292, 14.708, 17, 20.708, 8.708, 7.292, 5, 1.292,
    ]);
    expect(at("camarilla").map((level) => Number(level!.toFixed(9)))).toEqual([
      11, 11.55, 12.1, 12.65, 14.3, 10.45, 9.9, 9.35, 7.7,
    ]);
  });

  it("knows no VWAP and no pivots of a day it did not see begin", () => {
    const late = bars(Array.from({ length: 60 }, (_, i) => 10 + i));
    late.time.forEach((time, i) => {
      late.time[i] = time + 13 * 3_600_000; // the series begins at 13:00
    });
    const vwap = outputOf({ name: "vwap", bars: late });
    expect([vwap[10], vwap[11]]).toEqual([NaN, 21]);
    const pivot = outputOf({ name: "pivots", bars: late });
    expect(pivot[11 + 23]).toBeNaN();
    expect(pivot[11 + 24]).toBeCloseTo((45 + 20 + 44) / 3, 12);
  });

  it("turns Supertrend when a close breaks the line, and not before", () => {
    const line = bars([10, 11, 12, 13, 14, 5, 5, 5, 16]);
    const direction = outputOf({
      name: "supertrend",
      values: { period: 2, multiplier: 1 },
      output: "direction",
      bars: line,
    });
    expect([...direction]).toEqual([NaN, 1, 1, 1, 1, -1, -1, -1, 1]);
  });
});
