import { describe, expect, it } from "vitest";
import { STRATEGIES } from "../../src/strategies/registry.ts";
import { scopeOf } from "../../src/strategy/author.ts";
import { drawn } from "../../src/strategy/draw.ts";
import { graphOf } from "../../src/strategy/graph.ts";
import { Nodes } from "../../src/strategy/nodes.ts";
import { printed, printedRules } from "../../src/strategy/print.ts";
import { resolveParams } from "../../src/strategy/resolve.ts";
import { defineStrategy } from "../../src/strategy/strategy.ts";

describe("printed", () => {
  const s = scopeOf(new Nodes("print"));
  const { close, high, low, rsi, ema, bbands } = s;

  it.each([
    [
      rsi(close, 14)
        .below(30)
        .and(close.above(ema(close, 200))),
      "rsi(close, 14) < 30 and close > ema(close, 200)",
    ],
    [close.crossesAbove(50), "close crosses above 50"],
    [close.crossesBelow(bbands(close, 20, 2).lower), "close crosses below bbands(close, 20, 2).lower"],
    [close.above(1).or(low.below(2)).and(high.atLeast(3)), "high >= 3 and (low < 2 or close > 1)"],
    [close.above(1).or(low.below(2)).not(), "not (low < 2 or close > 1)"],
    [close.minus(high.minus(low)).dividedBy(2).above(0), "(close - (high - low)) / 2 > 0"],
    [close.plus(1).times(2).lag(3).equals(1), "((close + 1) * 2) 3 bars ago = 1"],
    [close.above(1).any(4).xor(close.above(2).all(2)), "all(close > 2, 2 bars) xor any(close > 1, 4 bars)"],
    [
      s.on("D", (day) => day.close.above(day.ema(day.close, 5, { seed: "first" }))),
      "on(D, close > ema(close, 5, seed: first))",
    ],
    [
      s.position.barsHeld
        .neg()
        .min(3)
        .atMost(s.barsSince(close.above(1))),
      "barsSince(close > 1) >= min(-position.barsHeld, 3)",
    ],
    [s.scan({ initial: 0, step: (n: number) => n, of: { high } }).above(0), "scan(high) > 0"],
  ])("says %#: %s", (condition, text) => {
    expect(printed(condition.node)).toBe(text);
  });

  it("names what rules share, and what would be too long", () => {
    const strategy = defineStrategy({
      name: "shared",
      params: {},
      rules: ({ close, rsi, ema, distance, atr }) => {
        const long = close
          .minus(ema(close, 200))
          .dividedBy(rsi(close, 14).plus(ema(close, 20)).plus(0.5))
          .times(100);
        return {
          enterLong: long.above(1),
          exitLong: long.below(0),
          stopLoss: distance(atr(14)),
          takeProfit: 0.05,
          size: 0.5,
        };
      },
    });
    expect(printedRules(graphOf(strategy, {}))).toEqual({
      shared: [["$1", "(close - ema(close, 200)) / (ema(close, 20) + rsi(close, 14) + 0.5) * 100"]],
      rules: [
        ["enterLong", "$1 > 1"],
        ["exitLong", "$1 < 0"],
        ["stopLoss", "atr(14) from the entry price"],
        ["takeProfit", "5% of the entry price"],
        ["size", "0.5"],
      ],
    });
  });
});

describe("drawn", () => {
  it.each(STRATEGIES.map((strategy) => [strategy.name, strategy] as const))(
    "%s as a Mermaid flowchart, every node once",
    (_, strategy) => {
      const graph = graphOf(strategy, resolveParams(strategy));
      const lines = drawn(graph).split("\n");
      expect(lines[0]).toBe("flowchart TD");
      expect(lines.filter((line) => line.includes('["'))).toHaveLength(
        graph.nodes.length +
          Object.values(graph.levels).filter((level) => level.kind === "fraction").length +
          Object.keys(graph.signals).length +
          Object.values(graph.levels).filter((level) => level.kind !== "fraction").length,
      );
      for (const name of Object.keys(graph.signals))
        expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^ {2}n\\d+ --> ${name}$`)));
    },
  );
});
