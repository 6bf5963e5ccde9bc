import { describe, expect, it } from "vitest";
import { moments } from "../../src/metrics/moments.ts";

describe("moments", () => {
  it("are those of a hand-made sample", () => {
    // −1, 0, 1, 4 about their mean 1: squares 4 1 0 9, cubes −8 −1 0 27, fourths 16 1 0 81.
    const shape = moments(Float64Array.of(-1, 0, 1, 4));
    expect(shape.mean).toBe(1);
    expect(shape.deviation).toBeCloseTo(Math.sqrt(14 / 3), 14);
    expect(shape.skew).toBeCloseTo(4.5 / 3.5 ** 1.5, 14);
    expect(shape.kurtosis).toBeCloseTo(24.5 / 3.5 ** 2, 14);
    expect(shape.excessKurtosis).toBeCloseTo((3 / 2) * (5 * -1 + 6), 13);
  });

  it("have no shape without variance", () => {
    expect(moments(Float64Array.of(0.1, 0.1 + 1e-17, 0.1))).toMatchObject({ deviation: 0, skew: null, kurtosis: null });
    expect(moments(Float64Array.of(5))).toMatchObject({ count: 1, mean: 5, deviation: NaN, skew: null });
  });

  it("have no G2 for three values", () => {
    expect(moments(Float64Array.of(1, 2, 4)).excessKurtosis).toBeNull();
  });
});
