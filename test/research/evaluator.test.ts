import { describe, expect, it } from "vitest";
import { random } from "../../src/core/random.ts";
import { evaluateSets, evaluateWhole } from "../../src/research/evaluator.ts";
import { evaluator } from "../../src/research/parallel.ts";
import type { Evaluation } from "../../src/research/search.ts";
import { generateBars } from "../../src/store/generate.ts";
import { loadStrategy } from "../../src/strategies/load.ts";

const bars = generateBars({ seed: 5, interval: "60", from: Date.UTC(2022, 0), length: 5000, symbol: "TESTUSDT" });
const r = random(4);
const sets = [
  ...Array.from({ length: 60 }, () => ({
    rsiPeriod: 10 + r.below(21),
    oversold: 30 + r.below(11),
    overbought: 60 + r.below(21),
    emaPeriod: 100 + r.below(201),
  })),
  { rsiPeriod: 99 },
];
const fixed = { bars, settings: { feeRate: 0.001 } };
const strategy = loadStrategy("rsi-trend");

function metricsOf(evaluation: Evaluation | undefined) {
  if (!evaluation || "failed" in evaluation) throw new Error("failed");
  return evaluation.metrics;
}

describe("evaluateSets", () => {
  it("says the same of a sweep as of whole backtests, for every metric it gives", () => {
    const swept = evaluateSets({ ...fixed, strategy }, "sortino")(sets);
    const whole = evaluateWhole({ ...fixed, strategy })(sets);
    expect(swept.at(-1)).toEqual(whole.at(-1));
    expect(swept.at(-1)).toHaveProperty("failed");
    let trades = 0;
    for (let s = 0; s < sets.length - 1; s++) {
      const metrics = metricsOf(swept[s]);
      const wanted = metricsOf(whole[s]);
      expect(Object.keys(metrics).length).toBeGreaterThan(20);
      trades += metrics.trades;
      expect(metrics.trades).toBe(wanted.trades);
      for (const name of Object.keys(metrics) as (keyof typeof metrics)[]) {
        if (wanted[name] === null) expect(metrics[name]).toBeNull();
        else expect(Math.abs(metrics[name]! - wanted[name]!)).toBeLessThanOrEqual(1e-9 * Math.max(1, wanted[name]!));
      }
    }
    expect(trades).toBeGreaterThan(300);
  });

  it("runs whole backtests where an objective needs them", () => {
    const [one] = evaluateSets({ ...fixed, strategy }, "sharpeDaily")([{}]);
    expect(metricsOf(one)).toHaveProperty("maxDrawdownDurationMs");
    expect(metricsOf(one)).toEqual(metricsOf(evaluateWhole({ ...fixed, strategy })([{}])[0]));
  });
});

describe("evaluator", () => {
  it.each([
    ["a sweep", fixed],
    ["simulations", { bars, settings: { stopLoss: 0.02 } }],
  ])("gives the same to the bit in one thread and in three: %s", async (_, given) => {
    const results = [];
    for (const jobs of [1, 3]) {
      const { evaluate, close } = evaluator({ strategy: "rsi-trend", fixed: given, objective: "calmar" }, jobs);
      results.push([await evaluate(sets), await evaluate(sets.slice(10, 20))]);
      await close();
    }
    expect(results[0]).toEqual(results[1]);
    expect(metricsOf(results[0]![1]![0])).toEqual(metricsOf(results[0]![0]![10]));
  });
});
