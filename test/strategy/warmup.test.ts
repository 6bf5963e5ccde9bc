import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { INDICATORS } from "../../src/indicators/catalogue.ts";
import { Columnar } from "../../src/strategy/columnar.ts";
import { signalsOf } from "../../src/strategy/evaluate.ts";
import { graphOf, rootsOf } from "../../src/strategy/graph.ts";
import type { Scope } from "../../src/strategy/scope.ts";
import type { Series } from "../../src/strategy/series.ts";
import { defineStrategy } from "../../src/strategy/strategy.ts";
import { graphWarmup } from "../../src/strategy/warmup.ts";
import { provokingBars } from "./support/bars.ts";

/** A strategy that reads nothing but this series. */
function reading(series: (scope: Scope) => Series) {
  return defineStrategy({ name: "reading", params: {}, rules: (scope) => ({ enterLong: series(scope).above(0) }) });
}

describe("warm-up", () => {
  const bars = provokingBars("warm-up", 900, { flats: false, interval: "60" });

  it("adds up along chains", () => {
    expect(reading(({ close }) => close).warmup()).toBe(0);
    expect(reading(({ close, sma }) => sma(close, 5)).warmup()).toBe(4);
    expect(reading(({ close, sma }) => sma(sma(close, 5), 3)).warmup()).toBe(6);
    expect(reading(({ close, sma }) => sma(sma(close, 5), 3).lag(2)).warmup()).toBe(8);
    expect(reading(({ close, sma }) => sma(close, 5).crossesAbove(close).any(4).barsSince()).warmup()).toBe(8);
    expect(reading(({ close, rsi, ema }) => rsi(close, 14).plus(ema(close, 40))).warmup()).toBe(39);
    expect(
      reading(({ close, scan, sma }) =>
        scan({ initial: 0, step: (s) => s, of: { a: sma(close, 9) }, warmup: 2 }),
      ).warmup(),
    ).toBe(10);
  });

  it.each(INDICATORS.map((spec) => [spec.name, spec] as const))(
    "of %s is where its first value is, alone and as the source of a mean",
    (name, spec) => {
      const source = (scope: Scope) => (spec.over === "series" ? [scope.close] : []);
      spec.outputs.forEach((output, k) => {
        const alone = (scope: Scope): Series => {
          const made = (scope[name as "rsi"] as (...args: unknown[]) => unknown)(...source(scope));
          return spec.outputs.length === 1 ? (made as Series) : (made as Record<string, Series>)[output]!;
        };
        for (const strategy of [reading(alone), reading((scope) => scope.sma(alone(scope), 4))]) {
          const graph = graphOf(strategy, {});
          const column = new Columnar(bars).slot(rootsOf(graph)[0]!.inputs.find((node) => node.op === "indicator")!);
          const first = column.numbers.findIndex((value) => !Number.isNaN(value));
          // pivots wait for the first whole UTC day, which no count of bars can tell
          if (name === "pivots") expect(first).toBeGreaterThanOrEqual(strategy.warmup());
          else expect([output, k, first]).toEqual([output, k, strategy.warmup()]);
        }
      });
    },
  );

  it("of a longer interval is counted for the worst place of the first bar, and is exact on the bars at hand", () => {
    const strategy = reading(({ on }) => on("240", (four) => four.sma(four.close, 3)));
    expect(strategy.warmup({}, "60")).toBe((2 + 2) * 4 - 2);
    expect(() => strategy.warmup()).toThrow(expect.objectContaining({ code: "INTERVAL" }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const own = provokingBars(seed, 60, { interval: "60", flats: false });
        const hour = (own.time[0]! / 3_600_000) % 4;
        const lost = hour === 0 ? 0 : 4 - hour;
        expect(signalsOf(strategy, {}, own).warmup).toBe(lost + 3 * 4 - 1);
      }),
      { numRuns: 20 },
    );
  });

  it("is that of all a strategy reads: rules, levels and size", () => {
    const strategy = defineStrategy({
      name: "all",
      params: {},
      rules: ({ close, atr, distance, sma }) => ({
        enterLong: close.above(1),
        stopLoss: distance(atr(20)),
        size: sma(close, 50),
      }),
    });
    expect(strategy.warmup()).toBe(49);
    expect(graphWarmup(graphOf(strategy, {}))).toBe(49);
    expect(signalsOf(strategy, {}, bars).warmup).toBe(49);
  });
});
