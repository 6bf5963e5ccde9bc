import { afterEach, describe, expect, it, vi } from "vitest";
import {
  aligned,
  bytesText,
  catalogueRoot,
  counted,
  grouped,
  rangeOption,
  wrapped,
} from "../../src/cli/commands/data/shared.ts";

afterEach(() => void vi.unstubAllEnvs());

describe("catalogueRoot", () => {
  it("is --dir, else GRIMOIRE_DATA, else data", () => {
    vi.stubEnv("GRIMOIRE_DATA", "/srv/market");
    expect([catalogueRoot({ dir: "x" }), catalogueRoot({})]).toEqual(["x", "/srv/market"]);
    vi.stubEnv("GRIMOIRE_DATA", "");
    expect(catalogueRoot({})).toBe("data");
  });
});

describe("rangeOption", () => {
  it("reads times as UTC and refuses an empty range", () => {
    expect(rangeOption({ from: "2024-01-01", to: "1704153600000" })).toEqual({
      from: 1704067200000,
      to: 1704153600000,
    });
    expect(rangeOption({})).toEqual({});
    expect(() => rangeOption({ from: "2024-01-02", to: "2024-01-02" })).toThrow(
      expect.objectContaining({ code: "RANGE" }),
    );
  });
});

describe("text for people", () => {
  it("aligns, groups, counts and wraps", () => {
    expect(
      aligned(
        [
          ["a", "1"],
          ["long", "12"],
        ],
        [1],
      ),
    ).toBe("a      1\nlong  12");
    expect([grouped(0), grouped(999), grouped(1234567)]).toEqual(["0", "999", "1,234,567"]);
    expect([counted(1, "bar"), counted(2000, "bar")]).toEqual(["1 bar", "2,000 bars"]);
    expect([bytesText(12), bytesText(1234), bytesText(12345678)]).toEqual(["12 B", "1.2 kB", "12.3 MB"]);
    expect(wrapped("  one two three", 9, "    ")).toBe("  one two\n    three");
  });
});
