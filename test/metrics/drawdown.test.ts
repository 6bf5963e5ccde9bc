import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawdown, drawdownColumn } from "../../src/metrics/drawdown.ts";
import { compound } from "../../src/metrics/returns.ts";
import { expectClose, golden } from "./golden.ts";

const { small, seed_compendium_trap: pnls } = golden<{
  small: { returns: number[]; drawdown: number[] };
  seed_compendium_trap: { pnls: number[]; correct_equity_10000: { mdd_abs: number; mdd_pct: number } };
}>("metrics_basic");

describe("drawdownColumn", () => {
  it("equals the golden vector", () => {
    const column = drawdownColumn(compound(Float64Array.from(small.returns)));
    small.drawdown.forEach((depth, i) => {
      expectClose(column[i], Math.abs(depth));
    });
  });

  it("stays at 1 after ruin, whatever the curve does", () => {
    expect([...drawdownColumn(Float64Array.of(1, 2, 0, 5))]).toEqual([0, 0, 1, 1]);
  });
});

describe("drawdown", () => {
  it("is the fall from a peak, not the range of the profits", () => {
    let value = 10_000;
    const curve = [value];
    for (const pnl of pnls.pnls) {
      value += pnl;
      curve.push(value);
    }
    const fall = drawdown(Float64Array.from(curve));
    expectClose(fall.maxMoney, pnls.correct_equity_10000.mdd_abs);
    expectClose(fall.max, pnls.correct_equity_10000.mdd_pct);
  });

  it("finds where the deepest fall began, bottomed and was made good", () => {
    const fall = drawdown(Float64Array.of(100, 110, 99, 105, 110, 120, 118));
    expect(fall).toMatchObject({ peakIndex: 1, troughIndex: 2, recoveryIndex: 4, longestUnderWater: 2 });
    expect(fall.max).toBeCloseTo(0.1, 15);
    expect(fall.maxMoney).toBe(11);
    expect(fall.underWater).toBe(0.5);
  });

  it("has no recovery where the peak was never seen again", () => {
    expect(drawdown(Float64Array.of(100, 90, 95)).recoveryIndex).toBeNull();
  });

  it("is nothing for a curve that only rises, is flat, or is one point", () => {
    for (const curve of [[1, 2, 3], [5, 5, 5 - 1e-15], [7]]) {
      expect(drawdown(Float64Array.from(curve))).toEqual({
        max: 0,
        maxMoney: 0,
        peakIndex: 0,
        troughIndex: 0,
        recoveryIndex: 0,
        ulcer: 0,
        pain: 0,
        underWater: 0,
        longestUnderWater: 0,
      });
    }
  });

  it("lies between 0 and 1, with pain ≤ ulcer ≤ max", () => {
    const curves = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(curves, (values) => {
        const fall = drawdown(Float64Array.from(values));
        expect(fall.max).toBeGreaterThanOrEqual(0);
        expect(fall.max).toBeLessThanOrEqual(1);
        expect(fall.ulcer).toBeLessThanOrEqual(fall.max * (1 + 1e-12));
        expect(fall.pain).toBeLessThanOrEqual(fall.ulcer * (1 + 1e-12));
        expect(fall.peakIndex).toBeLessThanOrEqual(fall.troughIndex);
      }),
    );
  });
});
