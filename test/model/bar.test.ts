import { describe, expect, it } from "vitest";
import { BAR_COLUMNS, joinBars, sliceBars } from "../../src/model/bar.ts";
import { barsFrom } from "../support/small-market.ts";

const bars = barsFrom([1, 2, 3, 4, 5].map((price) => [price, price, price, price]));

describe("joinBars", () => {
  it("puts two spans back together, in memory of its own", () => {
    const joined = joinBars(sliceBars(bars, 0, 2), sliceBars(bars, 2, 5));
    expect(joined).toEqual({ ...bars });
    for (const name of BAR_COLUMNS) expect(joined[name].buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(joinBars(sliceBars(bars, 0, 0), bars).length).toBe(5);
  });

  it("refuses spans that overlap, and other markets", () => {
    const refused = expect.objectContaining({ code: "BARS_JOIN" });
    expect(() => joinBars(sliceBars(bars, 0, 3), sliceBars(bars, 2, 5))).toThrow(refused);
    expect(() => joinBars({ ...sliceBars(bars, 0, 2), symbol: "OTHER" }, sliceBars(bars, 2, 5))).toThrow(refused);
    expect(() => joinBars({ ...sliceBars(bars, 0, 2), interval: "5" }, sliceBars(bars, 2, 5))).toThrow(refused);
  });
});
