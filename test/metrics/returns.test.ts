import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compound, returnsOf } from "../../src/metrics/returns.ts";

describe("returnsOf", () => {
  it("takes the first return against the start equity", () => {
    expect([...returnsOf({ startEquity: 100, equity: Float64Array.of(150, 75) })]).toEqual([0.5, -0.5]);
  });

  it("ends with −1 at ruin", () => {
    expect([...returnsOf({ startEquity: 100, equity: Float64Array.of(150, -2, 75) })]).toEqual([0.5, -1]);
  });

  it("undoes compound", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -0.9, max: 2, noNaN: true })), (list) => {
        const curve = compound(Float64Array.from(list), 500);
        const back = returnsOf({ startEquity: 500, equity: curve.subarray(1) });
        list.forEach((value, i) => {
          expect(back[i]).toBeCloseTo(value, 12);
        });
      }),
    );
  });
});
