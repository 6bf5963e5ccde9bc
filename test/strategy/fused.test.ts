import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type bits, countBits } from "../../src/core/bits.ts";
import { sliceBars } from "../../src/model/bar.ts";
import { rsiTrend } from "../../src/strategies/rsi-trend.ts";
import { columnarSignals, signalsOf } from "../../src/strategy/evaluate.ts";
import { fusedSignals } from "../../src/strategy/fused.ts";
import { graphOf } from "../../src/strategy/graph.ts";
import { resolveParams } from "../../src/strategy/resolve.ts";
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
      { numRuns: 200 },
    );
    expect(fused).toBeGreaterThan(80); // the loop really ran, it was not refused
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
