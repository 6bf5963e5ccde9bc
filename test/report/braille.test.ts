import { describe, expect, it } from "vitest";
import { type DotStyle, dotCanvas } from "../../src/report/braille.ts";

const faint: DotStyle = { rank: 0, paint: (text) => `(${text})` };
const strong: DotStyle = { rank: 1, paint: (text) => `[${text}]` };

describe("dotCanvas", () => {
  it("puts two by four dots into a character", () => {
    const canvas = dotCanvas(2, 1);
    expect([canvas.width, canvas.height]).toEqual([4, 4]);
    canvas.set(0, 0, faint);
    canvas.set(1, 3, faint);
    canvas.set(3, 1, faint);
    expect(canvas.lines()).toEqual(["(\u2881\u2810)"]);
  });

  it("lets a higher rank take its character over, and keep it", () => {
    const canvas = dotCanvas(2, 1);
    canvas.set(0, 0, faint);
    canvas.set(0, 1, strong);
    canvas.set(0, 2, faint);
    canvas.set(2, 0, faint);
    expect(canvas.lines()).toEqual(["[\u2802](\u2801)"]);
  });

  it("forgets dots beyond its edges and asks what an empty character shows", () => {
    const canvas = dotCanvas(2, 2);
    for (const [x, y] of [
      [-1, 0],
      [4, 0],
      [0, 8],
      [NaN, 0],
    ] as const)
      canvas.set(x, y, faint);
    expect(canvas.lines((column, row) => String(column + 2 * row))).toEqual(["01", "23"]);
  });
});
