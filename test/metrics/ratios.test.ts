import { describe, expect, it } from "vitest";
import { annualized, cagr, calmar, recoveryFactor, ulcerPerformance } from "../../src/metrics/ratios.ts";

describe("ratios", () => {
  it("annualise by the root of the bars per year", () => {
    expect(annualized(0.01, 0.05, 400)).toBeCloseTo(4, 14);
  });

  it("are undefined without what they divide by", () => {
    expect(annualized(0.01, 0, 365)).toBeNull();
    expect(annualized(0.01, NaN, 365)).toBeNull();
    expect(calmar(0.1, 0)).toBeNull();
    expect(calmar(null, 0.1)).toBeNull();
    expect(ulcerPerformance(0.1, 0)).toBeNull();
    expect(recoveryFactor(100, 0)).toBeNull();
  });

  it("compound growth: four times in two years is twofold a year", () => {
    expect(cagr({ startEquity: 50, finalEquity: 200, bars: 730, barsPerYear: 365 })).toBeCloseTo(1, 14);
    expect(cagr({ startEquity: 50, finalEquity: -1, bars: 730, barsPerYear: 365 })).toBe(-1);
  });
});
