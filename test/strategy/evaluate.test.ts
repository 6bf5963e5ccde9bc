import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countBits, hasBit } from "../../src/core/bits.ts";
import { barsOf, sliceBars } from "../../src/model/bar.ts";
import { STRATEGIES } from "../../src/strategies/registry.ts";
import { ColumnCache } from "../../src/strategy/cache.ts";
import { columnarSignals, signalsOf } from "../../src/strategy/evaluate.ts";
import { graphOf } from "../../src/strategy/graph.ts";
import { int } from "../../src/strategy/param.ts";
import type { Rules } from "../../src/strategy/rules.ts";
import type { Scope } from "../../src/strategy/scope.ts";
import { defineStrategy } from "../../src/strategy/strategy.ts";
import { poisoned, provokingBars } from "./support/bars.ts";
import { differences } from "./support/compare.ts";
import { randomStrategy } from "./support/randomrules.ts";

/** Bars with these closes; the rest follows. */
function closes(...close: number[]) {
  const column = Float64Array.from(close);
  const time = column.map((_, i) => Date.UTC(2024, 0, 1) + i * 60_000);
  const volume = column.map(() => 1);
  return barsOf(
    { symbol: "X", interval: "1" },
    { time, open: column, high: column, low: column, close: column, volume },
  );
}

/** Bars on which `enterLong` fires. */
function fires(rules: (scope: Scope) => Rules, ...close: number[]): number[] {
  const signals = signalsOf(defineStrategy({ name: "t", params: {}, rules }), {}, closes(...close), new ColumnCache());
  return close.flatMap((_, i) => (hasBit(signals.enterLong!, i) ? [i] : []));
}

describe("signalsOf", () => {
  it("compares bar by bar", () => {
    expect(fires(({ close }) => ({ enterLong: close.above(2) }), 1, 2, 3, 2, 5)).toEqual([2, 4]);
    expect(fires(({ close }) => ({ enterLong: close.atLeast(2) }), 1, 2, 3)).toEqual([1, 2]);
    expect(fires(({ close }) => ({ enterLong: close.below(2) }), 1, 2, 3)).toEqual([0]);
    expect(fires(({ close }) => ({ enterLong: close.atMost(2) }), 1, 2, 3)).toEqual([0, 1]);
    expect(fires(({ close }) => ({ enterLong: close.equals(2) }), 1, 2, 3)).toEqual([1]);
  });

  it("crosses on the bar where it is beyond and was not before", () => {
    expect(fires(({ close }) => ({ enterLong: close.crossesAbove(2) }), 3, 1, 2, 3, 4, 2, 3)).toEqual([3, 6]);
    expect(fires(({ close }) => ({ enterLong: close.crossesBelow(2) }), 1, 3, 2, 1, 0, 2, 1)).toEqual([3, 6]);
  });

  it("looks back with lag, any, all, barsSince, highest, lowest, sum and mean", () => {
    expect(fires(({ close }) => ({ enterLong: close.above(close.lag(2)) }), 1, 2, 3, 2, 1)).toEqual([2]);
    expect(fires(({ close }) => ({ enterLong: close.above(3).any(2) }), 1, 4, 1, 1, 4)).toEqual([1, 2, 4]);
    expect(fires(({ close }) => ({ enterLong: close.above(3).all(2) }), 4, 4, 1, 4, 4)).toEqual([1, 4]);
    expect(fires(({ close }) => ({ enterLong: close.above(3).barsSince().equals(2) }), 1, 4, 1, 1, 1)).toEqual([3]);
    expect(fires(({ close }) => ({ enterLong: close.equals(close.highest(3)) }), 5, 1, 2, 3, 1)).toEqual([3]);
    expect(fires(({ close }) => ({ enterLong: close.equals(close.lowest(3)) }), 5, 1, 2, 3, 1)).toEqual([4]);
    expect(fires(({ close }) => ({ enterLong: close.sum(2).equals(5) }), 1, 4, 1, 3, 2)).toEqual([1, 2, 4]);
    expect(fires(({ close }) => ({ enterLong: close.mean(2).equals(2) }), 1, 3, 1, 1, 3)).toEqual([1, 2, 4]);
  });

  it("computes with select, votes, scan and arithmetic", () => {
    expect(fires((s) => ({ enterLong: s.select(s.close.above(2), 10, s.close).above(1) }), 1, 2, 3)).toEqual([1, 2]);
    expect(fires((s) => ({ enterLong: s.votes(s.close.above(1), s.close.above(2)).equals(1) }), 1, 2, 3)).toEqual([1]);
    const count = (s: Scope) => s.scan({ initial: 0, step: (sum, bar) => sum + bar.close });
    expect(fires((s) => ({ enterLong: count(s).above(3) }), 1, 2, 3, -9, 1)).toEqual([2]);
    expect(
      fires(({ close }) => ({ enterLong: close.minus(2).dividedBy(close.minus(3)).above(0) }), 1, 2, 3, 4),
    ).toEqual([0, 3]);
  });

  it("has no infinity: what is divided by zero is undefined and compares false", () => {
    expect(fires(({ close }) => ({ enterLong: close.dividedBy(close.minus(2)).above(-9) }), 1, 2, 3)).toEqual([0, 2]);
  });

  it("cannot fire a negation during the warm-up of anything the strategy reads", () => {
    const rules = ({ close, sma }: Scope): Rules => ({
      enterLong: close.above(100).not(),
      exitLong: close.above(sma(close, 4)),
    });
    expect(fires(rules, 1, 2, 3, 4, 5)).toEqual([3, 4]);
  });

  it("counts nothing that a negation would be during its warm-up", () => {
    const never = ({ close, sma }: Scope) => close.above(sma(close, 3)).not();
    expect(fires((s) => ({ enterLong: never(s).barsSince().atLeast(0) }), 1, 2, 3, 4, 5)).toEqual([]);
    expect(fires((s) => ({ enterLong: never(s).lag(1) }), 1, 2, 3, 4, 5)).toEqual([]);
    expect(
      fires(
        (s) => ({ enterLong: never(s).or(s.close.above(9)).xor(s.close.above(9)).barsSince().atLeast(0) }),
        1,
        2,
        3,
        4,
      ),
    ).toEqual([]);
  });

  it("does not see what comes later, whatever it is", () => {
    const poisons = ["nan", "scale", "permute"] as const;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 299 }), (seed, cut) => {
        const strategy = randomStrategy(seed, { higher: ["60"], position: true });
        const bars = provokingBars(seed, 300, { gaps: true });
        const plain = signalsOf(strategy, {}, bars);
        const other = signalsOf(strategy, {}, poisoned(bars, cut, poisons[seed % 3]!, seed));
        expect(differences(plain, other, cut)).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  it.each(STRATEGIES.map((strategy) => [strategy.name, strategy] as const))(
    "%s does not see what comes later",
    (name, strategy) => {
      const bars = provokingBars(name, 700);
      const plain = signalsOf(strategy, {}, bars);
      for (const cut of [1, 33, 250, 402, 699]) {
        for (const poison of ["nan", "scale", "permute"] as const) {
          expect(differences(plain, signalsOf(strategy, {}, poisoned(bars, cut, poison, cut)), cut)).toEqual([]);
        }
        expect(differences(plain, signalsOf(strategy, {}, sliceBars(bars, 0, cut)), cut)).toEqual([]);
      }
    },
  );

  it.each(STRATEGIES.map((strategy) => [strategy.name, strategy] as const))(
    "%s trades on two years of bars",
    (name, strategy) => {
      const signals = signalsOf(strategy, {}, provokingBars(name, 17_520, { interval: "60", flats: false }));
      expect(countBits(signals.enterLong!)).toBeGreaterThan(10);
      expect(signals.warmup).toBe(strategy.warmup());
    },
  );

  it("keeps columns for the next call on the same bars and refuses others", () => {
    const strategy = defineStrategy({
      name: "cached",
      params: { n: int(5, { min: 1, max: 9 }), level: int(50, { min: 1, max: 99 }) },
      rules: ({ close, rsi }, p) => ({ enterLong: rsi(close, p.n).below(p.level) }),
    });
    const bars = provokingBars("cache", 300);
    const cache = new ColumnCache();
    signalsOf(strategy, {}, bars, cache);
    const before = cache.misses;
    const again = signalsOf(strategy, { level: 40 }, bars, cache);
    expect(cache.misses - before).toBe(1); // the comparison is new, the indicator is not
    expect(differences(again, columnarSignals(graphOf(strategy, { n: 5, level: 40 }), bars), 300)).toEqual([]);
    expect(() => signalsOf(strategy, {}, provokingBars("other", 300), cache)).toThrow(
      expect.objectContaining({ code: "CACHE_BARS" }),
    );
  });

  it("gives empty bars empty signals, and bars shorter than the warm-up none", () => {
    for (const length of [0, 1, 30]) {
      const signals = signalsOf(STRATEGIES[0]!, {}, sliceBars(provokingBars("short", 40), 0, length));
      expect(signals.length).toBe(length);
      expect(signals.warmup).toBe(length);
      expect(countBits(signals.enterLong!)).toBe(0);
    }
  });

  it("hands levels and size over as columns", () => {
    const strategy = defineStrategy({
      name: "levels",
      params: {},
      rules: ({ close, low, distance, price }) => ({
        enterLong: close.above(0),
        stopLoss: price(low.minus(1)),
        takeProfit: distance(close.times(2)),
        trailingStop: 0.1,
        size: 0.5,
      }),
    });
    const signals = signalsOf(strategy, {}, closes(3, 4));
    expect(signals.stopLoss).toEqual({ kind: "price", price: Float64Array.of(2, 3) });
    expect(signals.takeProfit).toEqual({ kind: "distance", distance: Float64Array.of(6, 8) });
    expect(signals.trailingStop).toEqual({ kind: "fraction", fraction: 0.1 });
    expect(signals.size).toEqual(Float64Array.of(0.5, 0.5));
  });

  it("asks an exit that reads the position with it, and not before the warm-up is over", () => {
    const strategy = defineStrategy({
      name: "asks",
      params: {},
      rules: ({ close, sma, position }) => ({
        enterLong: close.above(0),
        exitLong: position.barsHeld
          .atLeast(3)
          .or(close.below(sma(close, 3)).and(position.unrealizedFraction.below(-0.1))),
      }),
    });
    const { exitLong } = signalsOf(strategy, {}, closes(5, 5, 5, 4, 6));
    if (typeof exitLong !== "function") throw new Error("a rule was expected");
    const at = (i: number, barsHeld: number, unrealizedFraction: number) =>
      exitLong(i, { barsHeld, entryPrice: 5, unrealizedFraction });
    expect([at(1, 3, 0), at(2, 3, 0), at(2, 2, -0.2), at(3, 2, -0.2), at(3, 2, 0)]).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
  });
});
