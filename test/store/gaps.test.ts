import { describe, expect, it } from "vitest";
import { gapsOf } from "../../src/store/gaps.ts";

const H = 3_600_000;
const at = (...hours: number[]) => ({ time: Float64Array.from(hours, (h) => h * H), interval: "60" as const });

describe("gapsOf", () => {
  it("finds none in unbroken bars, in one bar, in no bars", () => {
    expect([at(0, 1, 2), at(5), at()].map(gapsOf)).toEqual([[], [], []]);
  });

  it("gives span, missing bars and the bar that follows", () => {
    expect(gapsOf(at(0, 1, 3, 4, 10))).toEqual([
      { from: 2 * H, to: 3 * H, bars: 1, at: 2 },
      { from: 5 * H, to: 10 * H, bars: 5, at: 4 },
    ]);
  });
});
