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
const number = fc.oneof(fc.integer({ min: -1, max: 10 }), fc.double({ min: -2, max: 11, noNaN: true }));
const value = fc.oneof({ weight: 20, arbitrary: number }, fc.constantFrom(NaN, Infinity, -Infinity));

describe("compareThresholds", () => {
  it("gives the bits of comparing bar by bar, undefined bars included, and nothing past the end", () =>
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 200 }),
        fc.array(number, { minLength: 1, maxLength: 12 }),
        fc.constantFrom<Comparison>("above", "below", "atLeast", "atMost"),
        (values, thresholds, is) => {
          const column = Float64Array.from(values);
          const words = bits(column.length).length;
          const memory = new Uint32Array(thresholds.length * (words + 1)).fill(-1);
          const starts = thresholds.map((_, k) => k * (words + 1));
          compareThresholds(column, is, thresholds, { memory, starts, words });
          const out = starts.map((start) => memory.subarray(start, start + words));
          for (const start of starts) expect(memory[start + words]).toBe(2 ** 32 - 1);
          thresholds.forEach((threshold, k) => {
            expect(values.map((_, i) => hasBit(out[k]!, i))).toEqual(values.map((x) => DIRECT[is](x, threshold)));
            expect(out[k]!.at(-1)! >>> ((values.length - 1) & 31)).toBeLessThanOrEqual(1);
          });
        },
      ),
    ));
});
