import { describe, expect, it } from "vitest";
import { rsiTrend } from "../../src/strategies/rsi-trend.ts";
import { graphOf } from "../../src/strategy/graph.ts";
import { resolveParams } from "../../src/strategy/resolve.ts";
import type { Rules } from "../../src/strategy/rules.ts";
import type { Scope } from "../../src/strategy/scope.ts";
import { defineStrategy } from "../../src/strategy/strategy.ts";

const graph = (rules: (scope: Scope) => unknown) =>
  graphOf(defineStrategy({ name: "bad", params: {}, rules: rules as (scope: Scope) => Rules }), {});

describe("graphOf", () => {
  it("keeps shared work once", () => {
    const { nodes, hash } = graphOf(rsiTrend, resolveParams(rsiTrend));
    expect(nodes.map((node) => node.key)).toEqual([
      "30",
      "close",
      "rsi(close,14)",
      "gt(30,rsi(close,14))",
      "ema(close,200,sma)",
      "gt(close,ema(close,200,sma))",
      "and(gt(30,rsi(close,14)),gt(close,ema(close,200,sma)))",
      "70",
      "gt(rsi(close,14),70)",
    ]);
    expect(hash).toBe("0147e8fb5a576c770d49c38f6f1bf9b6");
  });

  it.each<[string, (scope: Scope) => unknown, RegExp]>([
    ["returns nothing", () => undefined, /rules must return an object, returned undefined/],
    [
      "names no rule",
      ({ close }) => ({ enterLongs: close.above(1) }),
      /returned "enterLongs"; a rule is one of enterLong/,
    ],
    ["gives a number for a condition", () => ({ enterLong: 1 }), /enterLong must be a condition, was 1/],
    [
      "gives a series for a condition",
      ({ close }) => ({ enterLong: close }),
      /enterLong must be a condition, was a series/,
    ],
    ["never enters", ({ close }) => ({ exitLong: close.above(1) }), /never enters/],
    [
      "enters by the position",
      ({ position }) => ({ enterLong: position.barsHeld.above(1) }),
      /enterLong reads position/,
    ],
    [
      "has a stop of 2",
      ({ close }) => ({ enterLong: close.above(1), stopLoss: 2 }),
      /stopLoss is a fraction .* above 0 and below 1, was 2/,
    ],
    ["has a target of 0", ({ close }) => ({ enterLong: close.above(1), takeProfit: 0 }), /takeProfit is a fraction/],
    [
      "has a stop that is a series",
      ({ close }) => ({ enterLong: close.above(1), stopLoss: close }),
      /distance\(…\) or price\(…\), was a series/,
    ],
    [
      "stops by the position",
      ({ close, position, price }) => ({ enterLong: close.above(1), stopLoss: price(position.entryPrice) }),
      /stopLoss reads position/,
    ],
    [
      "sizes by a word",
      ({ close }) => ({ enterLong: close.above(1), size: "big" }),
      /size must be a number or a series, was "big"/,
    ],
  ])("refuses rules that %s", (_, rules, message) => {
    expect(() => graph(rules)).toThrow(
      expect.objectContaining({ name: "ConfigError", code: "RULES_SHAPE", message: expect.stringMatching(message) }),
    );
  });

  it("says what rules threw, and keeps the code of an expression that was wrong", () => {
    expect(() =>
      graph(() => {
        throw new Error("no idea");
      }),
    ).toThrow(
      expect.objectContaining({ code: "RULES_THROW", message: expect.stringMatching(/^strategy bad: no idea/) }),
    );
    expect(() => graph(({ close }) => ({ enterLong: close.lag(-1).above(1) }))).toThrow(
      expect.objectContaining({ name: "ArgumentError", code: "LOOK_AHEAD" }),
    );
  });

  it("takes an absent rule for never", () => {
    expect(graph(({ close }) => ({ enterLong: close.above(1), exitLong: undefined })).signals).not.toHaveProperty(
      "exitLong",
    );
  });
});

describe("defineStrategy", () => {
  it.each([
    [{ name: "", params: {}, rules: () => ({}) }, "STRATEGY_DEFINITION"],
    [{ name: "x", params: null, rules: () => ({}) }, "STRATEGY_DEFINITION"],
    [{ name: "x", params: {}, rules: 5 }, "STRATEGY_DEFINITION"],
    [{ name: "x", params: { n: 14 }, rules: () => ({}) }, "PARAM_SPEC"],
  ])("refuses %o", (definition, code) => {
    expect(() => defineStrategy(definition as never)).toThrow(expect.objectContaining({ name: "ConfigError", code }));
  });
});
