import { describe, expect, it } from "vitest";
import { autocorrelatedScale, autocorrelatedSharpe, autocorrelation } from "../../src/metrics/autocorrelation.ts";
import { expectClose, golden } from "./golden.ts";

const { lo2002 } = golden<{
  lo2002: { acf1_5: number[]; q: number; L: number; eta: number; sharpe_lo: number };
}>("psr_dsr");
const { long } = golden<{ long: { returns: number[] } }>("metrics_basic");
const smoothed = Float64Array.from(long.returns, (value, i) =>
  i === 0 ? value : 0.7 * value + 0.3 * long.returns[i - 1]!,
);

describe("autocorrelation", () => {
  it("equals the golden vector of a smoothed series", () => {
    lo2002.acf1_5.forEach((expected, i) => {
      expectClose(autocorrelation(smoothed, i + 1), expected);
    });
  });
});

describe("autocorrelatedSharpe", () => {
  it("scales down a Sharpe ratio that smoothing flattered", () => {
    const options = { periods: lo2002.q, lags: lo2002.L };
    expectClose(autocorrelatedScale(smoothed, options), lo2002.eta);
    expectClose(autocorrelatedSharpe(smoothed, options), lo2002.sharpe_lo);
  });

  it("is undefined for constant returns, and where the correlations leave no variance", () => {
    expect(autocorrelatedSharpe(Float64Array.of(0.01, 0.01, 0.01), { periods: 365, lags: 1 })).toBeNull();
    const swinging = Float64Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 0.01 : -0.01));
    expect(autocorrelatedScale(swinging, { periods: 365, lags: 1 })).toBeNull();
  });
});
