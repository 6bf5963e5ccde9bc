import { describe, expect, it } from "vitest";
import { alignMark, firstMarkTouch } from "../../src/backtest/mark.ts";
import { sliceBars } from "../../src/model/bar.ts";
import { barsFrom } from "../support/small-market.ts";

const bars = barsFrom([1, 2, 3, 4, 5].map((open) => [open, open + 0.5, open - 0.5, open]));
const doubled = barsFrom([1, 2, 3, 4, 5].map((open) => [2 * open, 2 * open + 1, 2 * open - 1, 2 * open]));

describe("mark prices", () => {
  it("replace the bars' own where they are there", () => {
    const mark = sliceBars(doubled, 1, 4);
    expect([...alignMark(mark, bars).open]).toEqual([1, 4, 6, 8, 5]);
    expect([...alignMark(mark, sliceBars(bars, 2, 5)).high]).toEqual([7, 9, 5.5]);
    expect([...alignMark(doubled, sliceBars(bars, 3, 5)).low]).toEqual([7, 9]);
  });

  it("must have the interval of the bars", () => {
    expect(() => alignMark(barsFrom([[1, 1, 1, 1]], "15"), bars)).toThrow(
      expect.objectContaining({ code: "MARK_INTERVAL" }),
    );
  });

  it("are found where they first reach a bound", () => {
    const touch = (floor: number, ceiling: number) => firstMarkTouch(bars, { from: 0, to: 5, floor, ceiling });
    expect([touch(0.5, 9), touch(0.4, 3.5), touch(0, 9)]).toEqual([0, 2, 5]);
  });
});
