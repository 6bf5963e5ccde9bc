import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Comparison, compareThreshold, wordRanges } from "../../../src/backtest/sweep/compare.ts";
import { bits, hasBit } from "../../../src/core/bits.ts";

const DIRECT: Record<Comparison, (x: number, t: number) => boolean> = {
  above: (x, t) => x > t,
  below: (x, t) => x < t,
  atLeast: (x, t) => x >= t,
  atMost: (x, t) => x <= t,
};

describe("compareThreshold", () => {
  it("gives the bits of comparing bar by bar, undefined bars included", () =>
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 0, max: 9 }) }, fc.constant(NaN)), {
          minLength: 1,
          maxLength: 200,
        }),
        fc.integer({ min: -1, max: 10 }),
        fc.constantFrom<Comparison>("above", "below", "atLeast", "atMost"),
        (values, threshold, is) => {
          const column = Float64Array.from(values);
          const out = bits(column.length).fill(-1);
          compareThreshold(out, column, wordRanges(column), { is, threshold });
          expect(values.map((_, i) => hasBit(out, i))).toEqual(values.map((x) => DIRECT[is](x, threshold)));
          expect(out.at(-1)! >>> ((values.length - 1) & 31)).toBeLessThanOrEqual(1); // nothing past the end
        },
      ),
    ));
});
