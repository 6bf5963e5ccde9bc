import { describe, expect, it } from "vitest";
import { backtestSettings, DEFAULT_SETTINGS } from "../../src/backtest/settings.ts";

describe("backtestSettings", () => {
  it("fills in the defaults and survives JSON", () => {
    expect(backtestSettings()).toEqual(DEFAULT_SETTINGS);
    const settings = backtestSettings({ cash: 5, stopLoss: 0.02 });
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, cash: 5, stopLoss: 0.02 });
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  });

  it.each([
    ["cash", 0],
    ["cash", Infinity],
    ["feeRate", 0.75],
    ["feeRate", NaN],
    ["makerFeeRate", -0.2],
    ["slippageBps", -1],
    ["slippageBps", 10_000],
    ["leverage", 0],
    ["stopLoss", 2],
    ["stopLoss", 0],
    ["takeProfit", -0.1],
    ["trailingStop", 1],
    ["participation", 1.5],
  ])("refuses %s %d, naming it and its value", (name, value) => {
    expect(() => backtestSettings({ [name]: value })).toThrow(
      expect.objectContaining({
        code: "SETTING",
        message: expect.stringContaining(`${name} must be`),
        details: { name, value },
      }),
    );
  });
});
