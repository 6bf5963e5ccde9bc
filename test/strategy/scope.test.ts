import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { INDICATORS } from "../../src/indicators/catalogue.ts";
import { scopeNames, scopeOf } from "../../src/strategy/author.ts";
import { Nodes } from "../../src/strategy/nodes.ts";
import { Condition, Series } from "../../src/strategy/series.ts";
import { declarations, FAMILIES, fileOf } from "./declare.ts";

/** Text without what the formatter may change. */
const bare = (text: string): string => text.replaceAll(/[\s;,]/g, "");

const OWN = ["open", "high", "low", "close", "volume", "hl2", "hlc3", "ohlc4"];
const WORDS = ["constant", "select", "barsSince", "votes", "scan", "on", "position", "distance", "price"];

describe("scope", () => {
  const scope = scopeOf(new Nodes("test"));

  it.each(FAMILIES)("types the %s indicators exactly as the catalogue has them", (family) => {
    expect(bare(readFileSync(fileOf(family), "utf8"))).toBe(bare(declarations(family)));
  });

  it("has every indicator of the catalogue, bar fields and words, each name once", () => {
    const names = [...INDICATORS.map((spec) => spec.name), ...OWN, ...WORDS];
    expect(new Set(names).size).toBe(names.length);
    expect(scopeNames().sort()).toEqual(names.sort());
  });

  it("computes the averages of a bar's prices", () => {
    expect(scope.hl2.node.key).toBe("dividedBy(plus(high,low),2)");
    expect(scope.hlc3.node.key).toBe("dividedBy(plus(close,plus(high,low)),3)");
    expect(scope.ohlc4.node.key).toBe("dividedBy(plus(close,plus(low,plus(high,open))),4)");
  });

  it("takes numbers in order and words in a trailing object, or all by name", () => {
    const { close, ema, macd, atr } = scope;
    expect(ema(close, 5).node.key).toBe("ema(close,5,sma)");
    expect(ema(close, 5, { seed: "first" }).node.key).toBe("ema(close,5,first)");
    expect(macd(close, { signal: 3 }).macd.node.key).toBe("macd(close,12,26,3,talib).macd");
    expect(atr({ period: 3, mode: "ema" }).node.key).toBe("atr(high,low,close,3,ema)");
    expect(ema(close).node.key).toBe("ema(close,20,sma)");
    expect(macd(close, 5, 9, 3, { align: "classic" }).signal.node.key).toBe("macd(close,5,9,3,classic).signal");
    expect(atr(undefined, { mode: "ema" }).node.key).toBe("atr(high,low,close,14,ema)");
  });

  it.each([
    [
      "a number for the source",
      () => scope.rsi(14 as never),
      "EXPRESSION",
      /first argument of rsi needs a series, was 14/,
    ],
    ["a constant as source", () => scope.rsi(scope.constant(1)), "CONSTANT_SOURCE", /rsi needs a series/],
    ["a period of 0", () => scope.rsi(scope.close, 0), "PARAM", /rsi: period must be an integer ≥ 1, was 0/],
    ["a period of 2.5", () => scope.rsi(scope.close, 2.5), "PARAM", /was 2.5/],
    [
      "too many numbers",
      () => (scope.rsi as (...args: unknown[]) => unknown)(scope.close, 3, 4),
      "ARGUMENTS",
      /rsi takes \(source, period\), was given 3/,
    ],
    [
      "an unknown word",
      () => scope.ema(scope.close, 3, { seed: "last" as never }),
      "PARAM",
      /seed must be one of sma first/,
    ],
    [
      "several outputs as one series",
      () => scope.close.above(scope.macd(scope.close) as never),
      "EXPRESSION",
      /pick one of \.macd \.signal \.histogram/,
    ],
    [
      "a condition as number",
      () => scope.close.plus(scope.close.above(1) as never),
      "EXPRESSION",
      /needs a series or a number, was a condition/,
    ],
    [
      "a series as condition",
      () => scope.close.above(1).and(scope.close as never),
      "EXPRESSION",
      /needs a condition, was a series/,
    ],
    ["undefined", () => scope.close.above(undefined as never), "EXPRESSION", /was undefined/],
    ["an infinite constant", () => scope.close.above(Infinity), "NOT_FINITE", /was Infinity/],
    [
      "a scan whose state cannot be copied",
      () => scope.scan({ initial: () => 1, step: (s) => s }),
      "SCAN",
      /plain data/,
    ],
    [
      "a scan with a warm-up of -1",
      () => scope.scan({ initial: 0, step: (s: number) => s, warmup: -1 }),
      "SCAN",
      /was -1/,
    ],
    ["no votes", () => scope.votes(), "EXPRESSION", /at least one/],
  ])("refuses %s", (_, call, code, message) => {
    expect(call).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });

  it.each([-1, 0.5, NaN, Infinity])("refuses to look ahead: lag(%s)", (bars) => {
    expect(() => scope.close.lag(bars)).toThrow(expect.objectContaining({ name: "ArgumentError", code: "LOOK_AHEAD" }));
    expect(() => scope.close.above(1).lag(bars)).toThrow(expect.objectContaining({ code: "LOOK_AHEAD" }));
  });

  it("keeps series of different intervals apart", () => {
    expect(scope.on("4h", (four) => four.close).node.key).toBe("on(close@240,240)");
    expect(scope.on("D", (day) => day.close.above(1))).toBeInstanceOf(Condition);
    expect(scope.on("D", (day) => day.atr(3))).toBeInstanceOf(Series);
    for (const mix of [
      () => scope.on("240", (four) => four.close.plus(scope.close)),
      () => scope.on("240", () => scope.close),
      () => scope.on("D", (day) => scope.on("240", (four) => four.close.plus(day.close))),
    ]) {
      expect(mix).toThrow(expect.objectContaining({ code: "INTERVAL_MIX" }));
    }
    expect(() => scope.on("7m", (seven) => seven.close)).toThrow(expect.objectContaining({ code: "INTERVAL" }));
    expect(() => scope.on("D", (() => 5) as never)).toThrow(expect.objectContaining({ code: "EXPRESSION" }));
  });

  it("lets nothing look back on the position", () => {
    const { barsHeld } = scope.position;
    for (const back of [
      () => barsHeld.lag(1),
      () => barsHeld.mean(3),
      () => barsHeld.above(3).any(2),
      () => barsHeld.above(3).barsSince(),
      () => scope.ema(barsHeld, 3),
      () => scope.scan({ initial: 0, step: (s: number) => s, of: { barsHeld } }),
    ]) {
      expect(back).toThrow(expect.objectContaining({ code: "POSITION_STATE" }));
    }
  });
});
