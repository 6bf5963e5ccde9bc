import { describe, expect, it } from "vitest";
import { loadStrategy } from "../../src/strategies/load.ts";
import { STRATEGIES, shipped } from "../../src/strategies/registry.ts";
import { int } from "../../src/strategy/param.ts";
import { resolveParams, spaceSize } from "../../src/strategy/resolve.ts";

describe("shipped strategies", () => {
  it("are six, each under a name of its own, described and with a space to search", () => {
    expect(STRATEGIES.map((strategy) => strategy.name)).toEqual([
      "rsi-trend",
      "ensemble",
      "donchian-breakout",
      "supertrend",
      "bollinger-reversion",
      "macd-adx",
    ]);
    for (const strategy of STRATEGIES) {
      expect(strategy.description.length).toBeGreaterThan(20);
      expect(spaceSize(strategy.params)).toBeGreaterThan(100);
      expect(resolveParams(strategy)).toBeTruthy();
    }
  });

  it("include the compendium's MyStrategy with its ranges", () => {
    expect(shipped("rsi-trend").params).toEqual({
      rsiPeriod: int(14, { min: 10, max: 30 }),
      oversold: int(30, { min: 20, max: 40 }),
      overbought: int(70, { min: 60, max: 80 }),
      emaPeriod: int(200, { min: 100, max: 300 }),
    });
  });

  it("are found by name; a wrong name is answered with the nearest", () => {
    expect(loadStrategy("supertrend")).toBe(shipped("supertrend"));
    expect(() => loadStrategy("rsi-trnd")).toThrow(
      expect.objectContaining({
        name: "ArgumentError",
        code: "STRATEGY_UNKNOWN",
        message: expect.stringContaining("nearest: rsi-trend,"),
      }),
    );
    expect(() => loadStrategy("./absent.ts")).toThrow(expect.objectContaining({ code: "STRATEGY_NOT_FOUND" }));
  });
});
