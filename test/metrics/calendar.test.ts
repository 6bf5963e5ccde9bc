import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { monthlyReturns } from "../../src/metrics/calendar.ts";
import { curveOf } from "./examples.ts";

describe("monthlyReturns", () => {
  it("takes each month from the close before it, over a year's end and a month without bars", () => {
    const time = Float64Array.of(
      Date.UTC(2023, 10, 30),
      Date.UTC(2023, 11, 1),
      Date.UTC(2023, 11, 31),
      Date.UTC(2024, 1, 5),
    );
    const rows = monthlyReturns({ startEquity: 100, time, equity: Float64Array.of(110, 105, 121, 60.5) });
    expect(rows.map((row) => row.year)).toEqual([2023, 2024]);
    expect(rows[0]!.months.slice(0, 10)).toEqual(new Array(10).fill(null));
    expect(rows[0]!.months[10]).toBeCloseTo(0.1, 14);
    expect(rows[0]!.months[11]).toBeCloseTo(0.1, 14);
    expect(rows[0]!.total).toBeCloseTo(0.21, 14);
    expect(rows[1]!.months.slice(0, 2)).toEqual([null, -0.5]);
    expect(rows[1]!.total).toBe(-0.5);
  });

  it("compounds to the total return for any curve", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -0.3, max: 0.4, noNaN: true }), { minLength: 1, maxLength: 900 }),
        (list) => {
          const curve = curveOf(list, 100);
          const rows = monthlyReturns(curve);
          const whole = curve.equity.at(-1)! / 100;
          const years = rows.reduce((product, row) => product * (1 + row.total), 1);
          const months = rows
            .flatMap((row) => row.months)
            .reduce<number>((product, value) => product * (1 + (value ?? 0)), 1);
          expect(Math.abs(years / whole - 1)).toBeLessThan(1e-9);
          expect(Math.abs(months / whole - 1)).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 40 },
    );
  });
});
