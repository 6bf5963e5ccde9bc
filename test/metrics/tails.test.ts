import { describe, expect, it } from "vitest";
import { tails } from "../../src/metrics/tails.ts";

describe("tails", () => {
  it("have no ratio of gains to losses without a loss", () => {
    expect(tails(Float64Array.of(0.01, 0, 0.02))).toMatchObject({ omega: null, gainToPain: null });
  });

  it("are not defined for no returns, nor their ratio where the 5 % quantile is 0", () => {
    expect(Object.values(tails(new Float64Array(0)))).toEqual([null, null, null, null, null]);
    expect(tails(new Float64Array(40))).toMatchObject({ tailRatio: null, valueAtRisk: 0, expectedShortfall: 0 });
  });
});
