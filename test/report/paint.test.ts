import { describe, expect, it } from "vitest";
import { paint, signed } from "../../src/report/paint.ts";

describe("paint", () => {
  it("leaves a text alone where there is no colour", () => {
    const { shade, onTint, ...rest } = paint(false);
    expect([...Object.values(rest).map((wrap) => wrap("x")), shade(1, "x"), onTint(1, "x")].join("")).toMatch(/^x+$/);
  });

  it("closes what it opens, and colours no empty text", () => {
    const colors = paint(true);
    expect(colors.bold("x")).toBe("\x1b[1mx\x1b[22m");
    expect(colors.shade(71, "x")).toBe("\x1b[38;5;71mx\x1b[39m");
    expect(colors.good("")).toBe("");
  });

  it("tells good news from bad by the sign", () => {
    const colors = paint(true);
    expect(signed(colors, 1, "x")).toBe(colors.good("x"));
    expect(signed(colors, -1, "x")).toBe(colors.bad("x"));
    expect([signed(colors, 0, "x"), signed(colors, null, "x")]).toEqual(["x", "x"]);
  });
});
