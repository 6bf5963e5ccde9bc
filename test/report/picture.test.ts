import { describe, expect, it } from "vitest";
import { backtestReport } from "../../src/report/backtest.ts";
import { paint } from "../../src/report/paint.ts";
import { reportPicture } from "../../src/report/picture.ts";
import { backtest, verdictOf } from "./examples.ts";

const colors = paint(true);

describe("reportPicture", () => {
  it("is as large as its text, and writes words in their colours", () => {
    const picture = reportPicture(`${colors.shade(71, "a<b")} plain\nsecond`);
    expect(picture).toContain('viewBox="0 0 116 76"');
    expect(picture).toMatch(
      /<text x="20" y="33.5" textLength="25.2" xml:space="preserve" fill="#5faf5f">a&lt;b<\/text>/,
    );
    expect(picture).toMatch(/<text x="45.2" [^>]*fill="#d8dee9"> plain<\/text>/);
    expect(picture).toMatch(/<text x="20" y="51.5"[^>]*>second<\/text>/);
  });

  it("draws dots, lines, bars and blocks instead of writing them", () => {
    const picture = reportPicture("⠁│━▄");
    expect(picture).not.toContain("<text");
    expect(picture).toContain("M20.7 22.25a1.4 1.4 0 1 0 2.8 0a1.4 1.4 0 1 0-2.8 0");
    expect(picture).toContain("M32.6 29V20M32.6 29V38");
    expect(picture).toContain("M36.8 27.5h8.4v3h-8.4z");
    expect(picture).toContain("M45.2 29h8.4v9h-8.4z");
  });

  it("puts a month's colour behind its number, and greys are grey", () => {
    expect(reportPicture(colors.onTint(22, "9"))).toContain(
      '<rect x="20" y="20" width="8.4" height="18" fill="#005f00"/>',
    );
    expect(reportPicture(colors.dim("x"))).toContain('fill="#808080"');
    expect(reportPicture(colors.bold("x"))).toContain('font-weight="bold"');
  });

  it("draws a whole report without leaving an escape code", () => {
    const input = backtest();
    const report = backtestReport({ ...input, verdict: verdictOf(input, null) }, { color: true, columns: 80 });
    const picture = reportPicture(report);
    expect(picture.startsWith("<svg ")).toBe(true);
    expect(picture).not.toContain("\x1b");
    expect(picture).not.toMatch(/NaN|undefined|[⠀-⣿]/);
  });
});
