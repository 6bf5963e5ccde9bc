import { describe, expect, it } from "vitest";
import { INDICATORS, indicatorOf, resolveValues } from "../../src/indicators/catalogue.ts";

describe("catalogue", () => {
  it("names every indicator, parameter and output once", () => {
    const once = (names: readonly string[]) => expect(new Set(names).size, names.join(" ")).toBe(names.length);
    once(INDICATORS.map((indicator) => indicator.name));
    for (const indicator of INDICATORS) {
      once(indicator.params.map((param) => param.name));
      once(indicator.outputs);
      expect(indicator.name).toBe(indicator.name.toLowerCase());
    }
  });

  it("holds what the guide promises", () => {
    const promised = `sma ema wma rma hma dema tema trima kama vwma t3 rsi stoch stochf stochrsi macd ppo apo roc mom cci willr
      cmo tsi ao ultosc trix fisher bop bbands keltner donchian atr natr tr stddev chop squeeze adx dmi aroon supertrend psar
      ichimoku vortex linreg obv ad adosc mfi cmf vwap efi pivots zscore percentile highest lowest sum correl`;
    const names = new Set(INDICATORS.map((indicator) => indicator.name));
    expect(promised.split(/\s+/).filter((name) => !names.has(name))).toEqual([]);
  });

  it("finds a name in any case and suggests near ones", () => {
    expect(indicatorOf("RSI").name).toBe("rsi");
    expect(() => indicatorOf("macdd")).toThrow(
      expect.objectContaining({ name: "ArgumentError", code: "INDICATOR", message: expect.stringContaining("macd") }),
    );
  });

  it("fills in defaults", () => {
    expect(resolveValues(indicatorOf("macd"), { slow: 30 })).toEqual({ fast: 12, slow: 30, signal: 9, align: "talib" });
    expect(resolveValues(indicatorOf("obv"), {})).toEqual({});
  });

  it.each([
    [{ period: 0 }, "rsi: period must be an integer ≥ 1, was 0"],
    [{ period: 2.5 }, "rsi: period must be an integer ≥ 1, was 2.5"],
    [{ period: "14" }, 'rsi: period must be a number, was "14"'],
    [{ period: Number.NaN }, "rsi: period must be a number, was NaN"],
    [{ length: 14 }, "rsi: length is not one of its parameters (period)"],
  ])("refuses rsi with %j", (values, message) => {
    expect(() => resolveValues(indicatorOf("rsi"), values)).toThrow(
      expect.objectContaining({ code: "PARAM", message }),
    );
  });

  it("refuses an unknown word", () => {
    expect(() => resolveValues(indicatorOf("ema"), { seed: "last" })).toThrow(
      expect.objectContaining({ code: "PARAM", message: 'ema: seed must be one of sma first, was "last"' }),
    );
  });

  it.each(
    INDICATORS.filter((one) => one.params.some((param) => param.name === "period")).map(
      (one) => [one.name, one] as const,
    ),
  )("%s refuses a period that is no whole number of bars", (_, indicator) => {
    const values = resolveValues(indicator, {});
    for (const period of [0, -1, 2.5, 1e-3]) {
      expect(() => indicator.kernel({ ...values, period })).toThrow(expect.objectContaining({ code: "PERIOD" }));
    }
  });

  it.each(["macd", "apo", "ppo", "ao"])("%s refuses a fast average that is not faster", (name) => {
    const indicator = indicatorOf(name);
    const values = resolveValues(indicator, { fast: 30, slow: 30 });
    expect(() => indicator.kernel(values)).toThrow(expect.objectContaining({ code: "PARAM" }));
  });
});
