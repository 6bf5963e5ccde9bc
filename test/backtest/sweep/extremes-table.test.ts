import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EXTREMES_BITS, extremesTable } from "../../../src/backtest/sweep/extremes-table.ts";
import { random } from "../../../src/core/random.ts";

const LENGTH = 1000;
const r = random(2);
const price = Float64Array.from({ length: LENGTH }, () => r.below(1_000_000));

describe("extremesTable", () => {
  it("bounds any span by the lowest and highest of the blocks around it", () => {
    const { entries, blocks } = extremesTable(price);
    const bar = fc.integer({ min: 0, max: LENGTH - 1 });
    fc.assert(
      fc.property(bar, bar, (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const first = from >>> EXTREMES_BITS;
        const end = (to >>> EXTREMES_BITS) + 1;
        const k = 31 - Math.clz32(end - first);
        const around = price.subarray(first << EXTREMES_BITS, end << EXTREMES_BITS);
        const places = [first, end - (1 << k)].map((block) => 2 * (k * blocks + block));
        expect(Math.min(...places.map((at) => entries[at]!))).toBe(Math.min(...around));
        expect(Math.max(...places.map((at) => entries[at + 1]!))).toBe(Math.max(...around));
      }),
      { numRuns: 500 },
    );
  });
});
