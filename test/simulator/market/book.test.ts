import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Depth, depthChange, type Level, withOwn } from "../../../src/simulator/market/book.ts";

const side = fc
  .uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 12 })
  .chain((prices) => fc.tuple(...prices.map((price) => fc.tuple(fc.constant(price), fc.integer({ min: 1, max: 3 })))));

function apply(before: readonly Level[], change: readonly Level[]): Level[] {
  const book = new Map(before);
  for (const [price, qty] of change) {
    if (qty === 0) book.delete(price);
    else book.set(price, qty);
  }
  return [...book].sort((a, b) => a[0] - b[0]);
}
const sorted = (levels: readonly Level[]) => [...levels].sort((a, b) => a[0] - b[0]);

describe("depthChange", () => {
  it("turns the book before into the book after, and says nothing twice", () => {
    fc.assert(
      fc.property(side, side, (before, after) => {
        const { bids, asks } = depthChange({ bids: before, asks: [] }, { bids: after, asks: [] } as Depth);
        expect(apply(before, bids)).toEqual(sorted(after));
        expect(asks).toEqual([]);
        expect(depthChange({ bids: after, asks: [] }, { bids: after, asks: [] }).bids).toEqual([]);
      }),
    );
  });
});

describe("withOwn", () => {
  it("adds own quantity to a level and opens levels in their place", () => {
    const own = new Map([
      [10, 5],
      [9, 1],
    ]);
    expect(withOwn([[10, 1], [8, 1]], own, "highest")).toEqual([[10, 6], [9, 1], [8, 1]]); // biome-ignore format: a row
  });
});
