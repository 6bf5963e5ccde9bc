import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equityChart } from "../../src/report/chart.ts";
import { widthOf } from "../../src/report/layout.ts";
import { paint } from "../../src/report/paint.ts";

const plain = paint(false);
const span = { from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 11, 31) };
const draw = (curve: number[], rows = 5) =>
  equityChart({ curve: Float64Array.from(curve), ...span }, { width: 40, rows }, plain).map((line) => line.trimEnd());

describe("equityChart", () => {
  it("draws a rise from the lower left to the upper right, filled down to the start", () => {
    const lines = draw([100, 200]);
    expect(lines[0]).toMatch(/^ +192 ┤ {24}⢀⣀⠤⠔⠒⠉$/);
    expect(lines[4]).toMatch(/^ +100 ┼[⣀⡠]/);
    expect(lines).toHaveLength(7);
    expect(lines.at(-1)).toMatch(/^ +2024-01-01 +2024-12-31$/);
  });

  it("hangs the drawdown under it, with its depth", () => {
    const lines = draw([100, 120, 60, 90]);
    expect(lines.some((line) => line.startsWith("drawdown ├"))).toBe(true);
    expect(lines.some((line) => /^ +-50\.0% │/.test(line))).toBe(true);
  });

  it("turns to equal ratios where the curve grew many times over", () => {
    const lines = draw([1, 10, 100, 1000], 9);
    const labels = lines.map((line) => Number(/^ *([\d,.]+) ┤/.exec(line)?.[1]?.replaceAll(",", "") ?? NaN));
    const middle = labels.filter((label) => label > 1 && label < 500);
    expect(Math.min(...middle)).toBeLessThan(50);
  });

  it("draws a flat account as a line at its start", () => {
    const lines = draw([100, 100, 100]);
    expect(lines.filter((line) => /┼[⠉⠒⠤⣀]+$/.test(line))).toHaveLength(1);
  });

  it("has the same width whatever is drawn, ruin included", () => {
    const curves = fc.array(fc.double({ min: -10, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(curves, fc.nat(400), (curve, splitAt) => {
        const input = {
          curve: Float64Array.from([10_000, ...curve]),
          ...span,
          splitAt: Math.min(splitAt, curve.length),
        };
        for (const line of equityChart(input, { width: 70, rows: 8 }, plain)) {
          expect(widthOf(line), line).toBeLessThanOrEqual(70);
          expect(line).not.toMatch(/NaN|Infinity/);
        }
      }),
      { numRuns: 60 },
    );
  });
});
