import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moments } from "../../src/metrics/moments.ts";
import {
  deflatedSharpe,
  expectedMaxSharpe,
  minBacktestLength,
  minTrackRecordLength,
  probabilisticSharpe,
  sharpeError,
} from "../../src/metrics/sharpe.ts";
import { expectClose, golden } from "./golden.ts";

interface Psr {
  paper_dsr_2014: {
    inputs: { sr: number; T: number; skew: number; kurt_raw: number; N: number; var: number };
    sr0: number;
    dsr: number;
    N46: { sr0: number; dsr: number };
    N88_normal: { sr0: number; dsr: number };
  };
  paper_psr_2012: {
    daily250: { obs: number; years: number };
    daily252: { years: number };
    hedge: { psr0: number; psr0_normal: number };
  };
  example: Record<string, number> & {
    dsr_N100_var: { var_sr: number; N: number; sr0: number; dsr: number };
    big_effect: { right: number };
  };
  expected_max: { N: number; emax_std: number }[];
  min_backtest_length: { N: number; target_sr: number; min_btl_years: number }[];
}
const vector = golden<Psr>("psr_dsr");
const normal = { skew: 0, kurtosis: 3 };

describe("the Sharpe ratio against luck", () => {
  it("equals the example of the deflated Sharpe ratio's paper", () => {
    const { inputs, sr0, dsr, N46, N88_normal } = vector.paper_dsr_2014;
    const sample = { sharpe: inputs.sr, count: inputs.T, skew: inputs.skew, kurtosis: inputs.kurt_raw };
    const search = { trials: inputs.N, variance: inputs.var };
    const all = deflatedSharpe(sample, search);
    expectClose(all.threshold, sr0);
    expectClose(all.probability, dsr);
    const some = deflatedSharpe(sample, { ...search, trials: 46 });
    expectClose(some.threshold, N46.sr0);
    expectClose(some.probability, N46.dsr);
    const plain = deflatedSharpe({ ...sample, ...normal }, { ...search, trials: 88 });
    expectClose(plain.threshold, N88_normal.sr0);
    expectClose(plain.probability, N88_normal.dsr);
  });

  it("equals the examples of the probabilistic Sharpe ratio's paper", () => {
    const { daily250, daily252, hedge } = vector.paper_psr_2012;
    const length = (days: number) =>
      minTrackRecordLength({ sharpe: 2 / Math.sqrt(days), ...normal }, { benchmark: 1 / Math.sqrt(days) })!;
    expectClose(length(250), daily250.obs);
    expectClose(length(250) / 250, daily250.years);
    expectClose(length(252) / 252, daily252.years);
    const fund = { sharpe: 0.458, count: 24, skew: -2.448, kurtosis: 10.164 };
    expectClose(probabilisticSharpe(fund), hedge.psr0);
    expectClose(probabilisticSharpe({ ...fund, ...normal }), hedge.psr0_normal);
  });

  it("equals the golden example on 730 returns, from the returns on", () => {
    const { example } = vector;
    const { long } = golden<{ long: { returns: number[] } }>("metrics_basic");
    const shape = moments(Float64Array.from(long.returns));
    const sharpe = shape.mean / shape.deviation;
    const sample = { sharpe, count: shape.count, skew: shape.skew!, kurtosis: shape.kurtosis! };
    expectClose(sharpe, example.sr!);
    expectClose(sharpeError(sample), example.sr_stderr!);
    expectClose(probabilisticSharpe(sample), example.psr_vs_0!);
    expectClose(probabilisticSharpe(sample, 1 / Math.sqrt(365)), example.psr_vs_annual1!);
    expectClose(minTrackRecordLength(sample), example.min_trl_95_vs_0!);
    const { N, var_sr, sr0, dsr } = example.dsr_N100_var;
    const deflated = deflatedSharpe(sample, { trials: N, variance: var_sr });
    expectClose(deflated.threshold, sr0);
    expectClose(deflated.probability, dsr);
  });

  it("takes raw kurtosis: the excess in its place would flatter", () => {
    const sample = { sharpe: 0.4, count: 60, skew: -1, kurtosis: 8 };
    expectClose(probabilisticSharpe(sample, 0.15), vector.example.big_effect.right);
  });

  it.each(vector.expected_max)("expects $emax_std deviations from the best of $N", ({ N, emax_std }) => {
    expectClose(expectedMaxSharpe(N), emax_std);
  });

  it.each(vector.min_backtest_length)("wants $min_btl_years years for $N trials", (row) => {
    expectClose(minBacktestLength(row.N, row.target_sr), row.min_btl_years);
  });

  it("expects nothing of a single trial", () => {
    expect(expectedMaxSharpe(1)).toBe(0);
    const sample = { sharpe: 0.1, count: 100, ...normal };
    expect(deflatedSharpe(sample, { trials: 1, variance: 0.01 })).toEqual({
      threshold: 0,
      probability: probabilisticSharpe(sample),
    });
  });

  it("has no track record long enough for a Sharpe ratio that is not above the benchmark", () => {
    expect(minTrackRecordLength({ sharpe: 0, ...normal })).toBeNull();
    expect(minTrackRecordLength({ sharpe: -0.1, ...normal })).toBeNull();
  });

  it("has no error for one return", () => {
    expect(sharpeError({ sharpe: 1, count: 1, ...normal })).toBeNull();
    expect(probabilisticSharpe({ sharpe: 1, count: 1, ...normal })).toBeNull();
  });

  it("believes less the more was tried", () => {
    const trials = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(trials, trials, fc.double({ min: 1e-6, max: 0.01, noNaN: true }), (a, b, variance) => {
        const sample = { sharpe: 0.08, count: 1000, ...normal };
        const few = deflatedSharpe(sample, { trials: Math.min(a, b), variance });
        const many = deflatedSharpe(sample, { trials: Math.max(a, b), variance });
        expect(many.probability).toBeLessThanOrEqual(few.probability!);
      }),
    );
  });

  it("reaches 95 % exactly at the minimum track record", () => {
    const sharpes = fc.double({ min: 0.01, max: 0.5, noNaN: true });
    const skews = fc.double({ min: -2, max: 1, noNaN: true });
    fc.assert(
      fc.property(sharpes, skews, fc.double({ min: 3, max: 20, noNaN: true }), (sharpe, skew, excess) => {
        const shape = { sharpe, skew, kurtosis: excess + skew * skew };
        const count = minTrackRecordLength(shape)!;
        expect(probabilisticSharpe({ ...shape, count })).toBeCloseTo(0.95, 10);
      }),
    );
  });
});
