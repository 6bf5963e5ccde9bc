import { describe, expect, it } from "vitest";
import { random } from "../../src/core/random.ts";
import { monteCarlo } from "../../src/metrics/montecarlo.ts";
import { quantile } from "../../src/metrics/quantile.ts";
import { expectClose, golden, longReturns, mulberry32 } from "./golden.ts";

interface Expected {
  B: number;
  seed: number;
  total_return_quantiles: Record<string, number>;
  mdd_quantiles: Record<string, number>;
  p_loss: number;
  p_mdd_gt_50pct: number;
}
const { monte_carlo } = golden<{ monte_carlo: Record<string, Expected> }>("resampling");

describe("monteCarlo", () => {
  it.each([
    ["shuffle", { kind: "shuffle" }],
    ["iid", { kind: "independent" }],
    ["block", { kind: "block", length: 20 }],
  ] as const)("equals the golden vector %s", (name, how) => {
    const expected = monte_carlo[name]!;
    const result = monteCarlo(longReturns(), { runs: expected.B, how, random: mulberry32(expected.seed) });
    for (const [probability, value] of Object.entries(expected.total_return_quantiles)) {
      expectClose(quantile(result.totalReturn, Number(probability)), value, `return ${probability}`);
    }
    for (const [probability, value] of Object.entries(expected.mdd_quantiles)) {
      expectClose(quantile(result.maxDrawdown, Number(probability)), value, `drawdown ${probability}`);
    }
    expectClose(result.lossProbability, expected.p_loss);
    expectClose(result.maxDrawdown.filter((depth) => depth > 0.5).length / expected.B, expected.p_mdd_gt_50pct);
  });

  it("takes ruin for the end of it", () => {
    const result = monteCarlo(Float64Array.of(0.5, -1), { runs: 20, how: { kind: "shuffle" }, random: random(1) });
    expect([...new Set(result.totalReturn)]).toEqual([-1]);
    expect([...new Set(result.maxDrawdown)]).toEqual([1]);
    expect(result.lossProbability).toBe(1);
  });

  it.each([
    ["RUNS", Float64Array.of(1), 0],
    ["NO_RETURNS", new Float64Array(0), 10],
  ])("refuses with %s", (code, returns, runs) => {
    expect(() => monteCarlo(returns, { runs, how: { kind: "shuffle" }, random: random(1) })).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
