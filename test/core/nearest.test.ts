import { describe, expect, it } from "vitest";
import { nearest } from "../../src/core/nearest.ts";

describe("nearest", () => {
  it("gives the words fewest edits away, nearest first", () => {
    expect(nearest("rsj", ["ema", "rsi", "rs", "adosc"], 2)).toEqual(["rsi", "rs"]);
    expect(nearest("", ["ab", "c"], 5)).toEqual(["c", "ab"]);
  });
});
