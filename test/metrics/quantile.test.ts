import { describe, expect, it } from "vitest";
import { ascending, quantile } from "../../src/metrics/quantile.ts";

describe("quantile", () => {
  it("interpolates linearly between the order statistics", () => {
    const sorted = ascending(Float64Array.of(4, -1, 3, 1));
    expect([...sorted]).toEqual([-1, 1, 3, 4]);
    expect([0, 0.5, 0.25, 0.9, 1].map((p) => quantile(sorted, p))).toEqual([-1, 2, 0.5, 3.7, 4]);
  });

  it("is the value of a single one and NaN of none", () => {
    expect(quantile(Float64Array.of(7), 0.3)).toBe(7);
    expect(quantile(new Float64Array(0), 0.3)).toBeNaN();
  });
});
