import { describe, expect, it } from "vitest";
import { horizontalBar, sparkline } from "../../src/report/sparkline.ts";

describe("sparkline", () => {
  it("draws each value against the highest, and nothing for 0", () => {
    expect(sparkline([0, 0.001, 4, 8]).join("")).toBe(" ▁▄█");
    expect(sparkline([0, 0]).join("")).toBe("  ");
  });
});

describe("horizontalBar", () => {
  it("is exact to half a character and never invisible", () => {
    expect([3, 2.5, 0.1, 0].map(horizontalBar)).toEqual(["━━━", "━━╸", "╸", "╸"]);
  });
});
