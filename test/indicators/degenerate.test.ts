import { describe, expect, it } from "vitest";
import { type BarColumns, flatBars } from "../support/bar-columns.ts";
import { golden, outputOf } from "../support/golden-columns.ts";

const ROWS = [20, 40, 59];

/** The three markets of the golden file: 60 bars at 100; rising by 1; up and down by 1. */
function market(kind: string): BarColumns {
  const bars = flatBars(60, 100);
  if (kind === "constant") return bars;
  for (let i = 0; i < 60; i++) {
    const close = kind === "rising" ? 100 + i : i % 2 === 0 ? 100 : 101;
    bars.open[i] = close;
    bars.close[i] = close;
    bars.high[i] = close + 0.5;
    bars.low[i] = close - 0.5;
  }
  return bars;
}

const OURS: Record<string, { name: string; output?: string; values?: Record<string, number> }> = {
  rsi14: { name: "rsi" },
  cmo14: { name: "cmo" },
  stochk: { name: "stoch", output: "k" },
  stochrsi_fastk: { name: "stochrsi", values: { kSmooth: 1 }, output: "k" },
  willr14: { name: "willr" },
  cci20: { name: "cci" },
  mfi14: { name: "mfi" },
  adx14: { name: "adx" },
  atr14: { name: "atr" },
  bb_upper: { name: "bbands", output: "upper" },
  aroonosc: { name: "aroon", output: "oscillator" },
  ultosc: { name: "ultosc" },
};

/** Where TA-Lib reports a number for 0 / 0; ours is undefined there, but for RSI, which is 50 where nothing has moved. */
const DIFFERENT: Record<string, Record<string, number>> = {
  constant: {
    rsi14: 50,
    cmo14: NaN,
    stochk: NaN,
    stochrsi_fastk: NaN,
    willr14: NaN,
    cci20: NaN,
    mfi14: NaN,
    adx14: NaN,
    ultosc: NaN,
  },
  rising: { stochrsi_fastk: NaN },
  alternating: {},
};

describe("degenerate markets", () => {
  for (const [kind, columns] of Object.entries(golden.talib_degenerate_at_20_40_59)) {
    it.each(Object.keys(columns))(`${kind}: %s is TA-Lib's, or undefined where that divides 0 by 0`, (key) => {
      const ours = outputOf({ ...OURS[key]!, bars: market(kind) });
      ROWS.forEach((bar, row) => {
        const theirs = columns[key]![row];
        const other = DIFFERENT[kind]![key];
        const expected = theirs === null || theirs === undefined ? NaN : other === undefined ? theirs : other;
        if (Number.isNaN(expected)) expect(ours[bar], `bar ${bar}`).toBeNaN();
        else expect(Math.abs(ours[bar]! - expected), `bar ${bar}`).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
      });
    });
  }

  it("keeps every average exactly on a flat price that binary cannot hold", () => {
    for (const name of ["sma", "ema", "wma", "rma", "hma", "trima", "kama", "vwma", "dema", "tema", "vwap", "linreg"]) {
      const column = outputOf({ name, bars: flatBars(150, 0.1) });
      expect([...new Set(column.filter((value) => !Number.isNaN(value)))], name).toEqual([0.1]);
    }
  });

  it("has Bollinger bands of no width and no %B on a flat market", () => {
    const bars = flatBars(90, 0.1);
    expect(outputOf({ name: "bbands", output: "width", bars })[80]).toBe(0);
    expect(outputOf({ name: "bbands", output: "percent", bars })[80]).toBeNaN();
  });

  it("leaves volume averages undefined without volume", () => {
    const bars = { ...flatBars(60, 5), volume: new Float64Array(60) };
    for (const name of ["vwma", "vwap", "cmf", "mfi"]) expect(outputOf({ name, bars })[50], name).toBeNaN();
  });

  it("comes back to life when the market does", () => {
    const flat = market("constant");
    const bars = market("alternating");
    for (const field of ["open", "high", "low", "close"] as const) bars[field].set(flat[field].subarray(0, 30));
    const back = [
      "stoch",
      "willr",
      "cci",
      "mfi",
      "ultosc",
      "cmo",
      "fisher",
      "chop",
      "vortex",
      "zscore",
      "tsi",
      "adx",
      "bop",
    ];
    for (const name of back) expect(outputOf({ name, bars })[59], name).not.toBeNaN();
  });
});
