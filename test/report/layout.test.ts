import { describe, expect, it } from "vitest";
import { beside, box, cut, heading, leader, padEnd, padStart, tiles, widthOf, wrap } from "../../src/report/layout.ts";
import { paint } from "../../src/report/paint.ts";

const plain = paint(false);
const colors = paint(true);
const ink = (text: string) => ({ text, paint: colors.bold });

describe("layout", () => {
  it("measures and fills what is seen, not the colours", () => {
    const red = colors.bad("ab");
    expect(red.length).toBeGreaterThan(2);
    expect(widthOf(red)).toBe(2);
    expect(padEnd(red, 4)).toBe(`${red}  `);
    expect(padStart(red, 4)).toBe(`  ${red}`);
  });

  it("cuts and wraps between words", () => {
    expect([cut("abcdef", 4), cut("abcd", 4)]).toEqual(["abc…", "abcd"]);
    expect(wrap("one two  three", 7)).toEqual(["one two", "three"]);
    expect(wrap("incomprehensible", 6)).toEqual(["incom…"]);
    expect(wrap("", 5)).toEqual([]);
  });

  it("leads from label to value, cutting a label that leaves no room", () => {
    expect(leader(plain, "Fees", "1.00", 14)).toBe("Fees ···· 1.00");
    expect(leader(plain, "A very long label", "1.00", 14)).toBe("A very… · 1.00");
    expect(heading(plain, "Exits", 10)).toBe("Exits ────");
  });

  it("sets blocks of unequal height side by side", () => {
    expect(beside(["a"], ["b", "c"], { leftWidth: 3, gap: 1 })).toEqual(["a   b", "    c"]);
    expect(beside(["a", "b"], ["c"], { leftWidth: 3, gap: 1 })).toEqual(["a   c", "b"]);
  });

  it("frames lines and tiles at the width asked for", () => {
    expect(box(["hello"], { title: "T", width: 12, edge: (text) => text })).toEqual([
      "╭─ T ──────╮",
      "│ hello    │",
      "╰──────────╯",
    ]);
    expect(tiles(plain, [[{ text: "a", paint: plain.dim }], [{ text: "too long", paint: plain.dim }]], 13)).toEqual([
      "╭─────┬─────╮",
      "│ a   │ too…│",
      "╰─────┴─────╯",
    ]);
    for (const line of tiles(colors, [[ink("a"), ink("bb")], [ink("c")], []], 47)) expect(widthOf(line)).toBe(47);
  });
});
