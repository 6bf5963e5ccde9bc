import { describe, it } from "vitest";
import { drawdown } from "../../src/metrics/drawdown.ts";
import { moments } from "../../src/metrics/moments.ts";
import { cagr, calmar, recoveryFactor, ulcerPerformance } from "../../src/metrics/ratios.ts";
import { compound } from "../../src/metrics/returns.ts";
import { tails } from "../../src/metrics/tails.ts";
import { expectClose, golden } from "./golden.ts";

interface Vector {
  returns: number[];
  equity?: number[];
  drawdown?: number[];
  expected: Record<string, number | null>;
}
const basic = golden<{ small: Vector; long: Vector; edge: Record<string, Record<string, number | null>> }>(
  "metrics_basic",
);
const cases: [string, number[], Record<string, number | null>][] = [
  ["small", basic.small.returns, basic.small.expected],
  ["long", basic.long.returns, basic.long.expected],
  ["all_positive", [0.01, 0.02, 0.01], basic.edge.all_positive!],
  ["first_bar_loss", [-0.1, 0.02, 0.03], basic.edge.first_bar_loss!],
];

describe("every statistic of a return series", () => {
  it.each(cases)("equals the golden vector %s", (_, list, expected) => {
    const returns = Float64Array.from(list);
    const curve = compound(returns);
    const fall = drawdown(curve);
    const shape = moments(returns);
    const tail = tails(returns);
    const span = { startEquity: 1, finalEquity: curve.at(-1)!, bars: list.length, barsPerYear: 365 };
    const growth = cagr(span);
    const actual: Record<string, number | null> = {
      n: shape.count,
      mean: shape.mean,
      std_ddof1: shape.deviation,
      cagr: growth,
      max_drawdown: fall.max,
      mdd_abs: fall.maxMoney,
      mdd_peak_index: fall.peakIndex,
      mdd_trough_index: fall.troughIndex,
      mdd_recovery_index: fall.recoveryIndex,
      calmar: calmar(growth, fall.max),
      ulcer_index: fall.ulcer,
      ulcer_perf_index: ulcerPerformance(growth, fall.ulcer),
      pain_index: fall.pain,
      time_under_water_frac: fall.underWater,
      longest_underwater_bars: fall.longestUnderWater,
      tail_ratio: tail.tailRatio,
      var95_hist: tail.valueAtRisk,
      cvar95_hist: tail.expectedShortfall,
      omega0: tail.omega,
      gain_to_pain: tail.gainToPain,
      skew_population: shape.skew,
      kurtosis_raw_population: shape.kurtosis,
      recovery_factor: recoveryFactor(curve.at(-1)! - 1, fall.maxMoney),
    };
    for (const [name, value] of Object.entries(actual)) expectClose(value, expected[name] ?? null, name);
    if (list.length >= 4) expectClose(shape.excessKurtosis, expected.kurtosis_excess_sample_G2!);
  });
});
