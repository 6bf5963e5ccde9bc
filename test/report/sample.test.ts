import { describe, expect, it } from "vitest";
import { spans } from "../../src/report/sample.ts";

describe("spans", () => {
  it("gives lowest, highest and last of the values on each column, missing none", () => {
    expect(spans(Float64Array.of(1, 5, 2, -3, 0, 4, 9), 3)).toEqual([
      { low: 1, high: 5, last: 5 },
      { low: -3, high: 2, last: -3 },
      { low: 0, high: 9, last: 9 },
    ]);
  });

  it("joins fewer values by straight lines", () => {
    expect(spans(Float64Array.of(0, 4), 5).map((span) => span.last)).toEqual([0, 1, 2, 3, 4]);
    expect(spans(Float64Array.of(7), 3).map((span) => span.last)).toEqual([7, 7, 7]);
    expect(spans(new Float64Array(0), 3)).toEqual([]);
  });
});
