import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Comparison, compareThresholds } from "../../../src/backtest/sweep/compare.ts";
import { bits, hasBit } from "../../../src/core/bits.ts";

const DIRECT: Record<Comparison, (x: number, t: number) => boolean> = {
  above: (x, t) => x > t,
  below: (x, t) => x < t,
  atLeast: (x, t) => x >= t,
  atMost: (x, t) => x <= t,
};
const value = fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 0, max: 9 }) }, fc.constant(NaN));

describe("compareThresholds", () => {
  it("gives the bits of comparing bar by bar, undefined bars included, and nothing past the end", () =>
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 200 }),
        fc.array(fc.integer({ min: -1, max: 10 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom<Comparison>("above", "below", "atLeast", "atMost"),
        (values, thresholds, is) => {
          const column = Float64Array.from(values);
          const out = thresholds.map(() => bits(column.length).fill(-1));
          compareThresholds(column, is, thresholds, out);
          thresholds.forEach((threshold, k) => {
            expect(values.map((_, i) => hasBit(out[k]!, i))).toEqual(values.map((x) => DIRECT[is](x, threshold)));
            expect(out[k]!.at(-1)! >>> ((values.length - 1) & 31)).toBeLessThanOrEqual(1);
          });
        },
      ),
    ));
});
