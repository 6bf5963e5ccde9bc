import { describe, expect, it } from "vitest";
import { settlementsOf } from "../../src/backtest/funding.ts";
import { sliceBars } from "../../src/model/bar.ts";
import { barsFrom, fundingAt } from "../support/small-market.ts";

const bars = barsFrom(Array.from({ length: 6 }, (_, i) => [100 + i, 110, 90, 100]));
const laid = (of: typeof bars, ...stamps: [number, number][]) => {
  const { length, bar, atOpen, price, rate } = settlementsOf(fundingAt(...stamps), of, of.open);
  return Array.from({ length }, (_, k) => [bar[k], atOpen[k], price[k], rate[k]]);
};

describe("settlementsOf", () => {
  it("puts each on its bar, at the open or later in it, with that bar's open", () => {
    expect(laid(bars, [0, 0.1], [2, 0.2], [2.5, 0.3], [5.9, 0.4])).toEqual([
      [0, 1, 100, 0.1],
      [2, 1, 102, 0.2],
      [2, 0, 102, 0.3],
      [5, 0, 105, 0.4],
    ]);
  });

  it("leaves out those before the first bar and after the last", () => {
    expect(laid(bars, [-1, 0.1], [6, 0.2])).toEqual([]);
    expect(laid(sliceBars(bars, 0, 0), [1, 0.1])).toEqual([]);
  });

  it("charges those of a gap at the open behind it", () => {
    const gapped = barsFrom([...Array(4)].map((_, i) => [100 + i, 110, 90, 100]));
    for (let i = 2; i < 4; i++) gapped.time[i]! += 10 * 3_600_000;
    expect(laid(gapped, [1, 0.1], [4, 0.2], [8, 0.3], [12, 0.4])).toEqual([
      [1, 1, 101, 0.1],
      [2, 1, 102, 0.2],
      [2, 1, 102, 0.3],
      [2, 1, 102, 0.4],
    ]);
  });
});
