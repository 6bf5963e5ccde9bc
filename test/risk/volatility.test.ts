import { describe, expect, it } from "vitest";
import { realizedVolatility } from "../../src/risk/volatility.ts";

describe("realizedVolatility", () => {
  const close = Float64Array.of(50, 100, 110, 99, 108.9, 1000);

  it("is the sample deviation of the last returns, annualised", () => {
    // returns 0.1, -0.1, 0.1: mean 1/30, squared deviations 2 × (1/15)² + (2/15)² = 6/225
    const expected = Math.sqrt((6 / 225 / 2) * 365);
    expect(realizedVolatility(close, { at: 4, bars: 3, barsPerYear: 365 })).toBeCloseTo(expected, 12);
  });

  it("sees nothing behind its bar and is not known too early", () => {
    const cut = realizedVolatility(close.slice(0, 5), { at: 4, bars: 4, barsPerYear: 365 });
    expect(realizedVolatility(close, { at: 4, bars: 4, barsPerYear: 365 })).toBe(cut);
    expect(realizedVolatility(close, { at: 3, bars: 4, barsPerYear: 365 })).toBeNaN();
  });

  it("is 0 in a market that does not move", () => {
    expect(realizedVolatility(new Float64Array(9).fill(3), { at: 8, bars: 5, barsPerYear: 365 })).toBe(0);
  });
});
