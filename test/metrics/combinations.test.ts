import { describe, expect, it } from "vitest";
import { combinations } from "../../src/metrics/combinations.ts";

describe("combinations", () => {
  it("lists every choice once, in order", () => {
    expect(combinations(4, 2)).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ]);
    expect(combinations(16, 8)).toHaveLength(12_870);
    expect([combinations(3, 0), combinations(3, 3), combinations(2, 3)]).toEqual([[[]], [[0, 1, 2]], []]);
  });
});
