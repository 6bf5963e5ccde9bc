import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type bits, countBits, hasBit } from "../../src/core/bits.ts";
import { sliceBars } from "../../src/model/bar.ts";
import { generateBars } from "../../src/store/generate.ts";
import { rsiTrend } from "../../src/strategies/rsi-trend.ts";
import { Columnar } from "../../src/strategy/columnar.ts";
import { columnarSignals, signalsOf } from "../../src/strategy/evaluate.ts";
import { fusedSignals } from "../../src/strategy/fused.ts";
import { graphOf, rootsOf } from "../../src/strategy/graph.ts";
import type { Node } from "../../src/strategy/node.ts";
import { resolveParams } from "../../src/strategy/resolve.ts";
import type { Scope } from "../../src/strategy/scope.ts";
import type { Condition, Series } from "../../src/strategy/series.ts";
import { defineStrategy } from "../../src/strategy/strategy.ts";
import { poisoned, provokingBars } from "./support/bars.ts";
import { differences } from "./support/compare.ts";
import { randomStrategy } from "./support/randomrules.ts";

describe("fused loop", () => {
  it("gives the same bits as the columns for random rules, at any length", () => {
    let fused = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 400 }), (seed, length) => {
        const graph = graphOf(randomStrategy(seed, { fusable: true }), {});
        const bars = sliceBars(provokingBars(seed, 400), 0, length);
        const signals = fusedSignals(graph, bars, new Map());
        if (!signals) return;
        fused++;
        const columns = columnarSignals(graph, bars);
        expect(signals.warmup).toBe(columns.warmup);
        expect(differences(signals, columns, length)).toEqual([]);
        expect(countBits(signals.enterLong!)).toBe(countBits(columns.enterLong as ReturnType<typeof bits>));
      }),
      { numRuns: 100 },
    );
    expect(fused).toBeGreaterThan(40); // the loop really ran, it was not refused
  });

  it.each<[string, (scope: Scope) => Series]>([
    ["rsi", ({ close, rsi }) => rsi(close, 7)],
    ["rsi over an average", ({ close, rsi, ema }) => rsi(ema(close, 5), 9)],
    ["ema", ({ close, ema }) => ema(close, 11)],
    ["ema from the first value", ({ high, ema }) => ema(high, 11, { seed: "first" })],
    ["an ema known from a whole word on", ({ close, ema }) => ema(close, 33)],
    ["an rsi known from a whole word on", ({ close, rsi }) => rsi(close, 32)],
    ["an sma known from a whole word on", ({ close, sma }) => sma(close, 33)],
    ["an atr known from a whole word on", ({ atr }) => atr(32)],
    ["rma", ({ close, rma }) => rma(close, 5)],
    ["sma", ({ close, sma }) => sma(close, 6)],
    ["sma of three", ({ low, sma }) => sma(low, 3)],
    ["atr", ({ atr }) => atr(8)],
    ["atr as TradingView", ({ atr }) => atr(8, { mode: "tradingview" })],
    ["atr by an ema", ({ atr }) => atr(8, { mode: "ema" })],
    [
      "arithmetic",
      ({ close, low, ema }) => close.minus(low).dividedBy(ema(close, 3)).times(0.1).max(low.lag(2).sqrt()).neg(),
    ],
  ])("computes %s to the last bit, from the first known bar on", (_, series) => {
    const loops = new Map();
    const graphWith = (enterLong: (s: Scope) => Condition) =>
      graphOf(defineStrategy({ name: "probe", params: {}, rules: (s) => ({ enterLong: enterLong(s) }) }), {});
    const [{ inputs }] = rootsOf(graphWith((s) => series(s).above(0))) as [Node];
    const node = inputs.find((input) => input.op !== "constant")!;
    for (let seed = 0; seed < 12; seed++) {
      const bars = generateBars({ seed, interval: "1", from: Date.UTC(2024, 0, 1), length: 120 });
      const { numbers, warmup } = new Columnar(bars).slot(node);
      for (const i of [warmup, warmup + 1, warmup + 2, 64, 100, 119]) {
        const signals = fusedSignals(
          graphWith((s) => series(s).equals(numbers[i]!)),
          bars,
          loops,
        );
        expect([seed, i, hasBit(signals!.enterLong!, i)]).toEqual([seed, i, true]);
      }
    }
    expect(loops.size).toBe(1);
  });

  it("leaves bars with undefined values to the columns, which skip them", () => {
    const graph = graphOf(rsiTrend, resolveParams(rsiTrend));
    const whole = provokingBars("whole", 600);
    expect(fusedSignals(graph, whole, new Map())).not.toBeNull();
    expect(fusedSignals(graph, poisoned(whole, 590, "nan", 1), new Map())).toBeNull();
  });

  it("is used by signalsOf and compiled once per shape, whatever the numbers are", () => {
    const bars = provokingBars("shape", 500);
    rsiTrend.loops.clear();
    const a = signalsOf(rsiTrend, { emaPeriod: 100 }, bars);
    signalsOf(rsiTrend, { emaPeriod: 120, oversold: 35, rsiPeriod: 21 }, bars);
    expect(rsiTrend.loops.size).toBe(1);
    expect(
      differences(a, columnarSignals(graphOf(rsiTrend, resolveParams(rsiTrend, { emaPeriod: 100 })), bars), 500),
    ).toEqual([]);
  });
});
