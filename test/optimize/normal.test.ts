import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bell,
  cumulative,
  inside,
  mass,
  quantile,
  truncatedCumulative,
  truncatedQuantile,
} from "../../src/optimize/normal.ts";

// To the last digit of a double, by arbitrary-precision arithmetic (mpmath 1.3, 30 digits).
const CUMULATIVE: [number, number][] = [
  [-0.5, 0.3085375387259869],
  [-1, 0.15865525393145705],
  [-2.5, 0.006209665325776135],
  [-5, 2.866515718791939e-7],
  [-8.4, 2.2323931972880504e-17],
  [-8.6, 3.9858049628481695e-18],
  [-10, 7.619853024160525e-24],
  [-20, 2.7536241186062337e-89],
  [-37, 5.725571222524577e-300],
];
const QUANTILE: [number, number][] = [
  [0.3, -0.5244005127080408],
  [0.025, -1.9599639845400543],
  [1e-10, -6.361340902404057],
  [1e-100, -21.273453560965326],
  [1e-300, -37.0470962993612],
];
const unit = fc.double({ min: 0, max: 1, noNaN: true });

describe("normal", () => {
  it.each(CUMULATIVE)("is at %f as probable as tables say, to 1e-13 relative", (x, p) => {
    expect(Math.abs(cumulative(x) / p - 1)).toBeLessThan(1e-13);
    expect(Math.abs(cumulative(-x) - (1 - p))).toBeLessThan(1e-15);
  });

  it.each(QUANTILE)("has its quantile of %f where tables say, to 1e-14", (p, x) => {
    expect(Math.abs(quantile(p) / x - 1)).toBeLessThan(1e-14);
  });

  it("inverts itself", () => {
    fc.assert(
      fc.property(fc.double({ min: -37, max: 5, noNaN: true }), (x) => {
        expect(Math.abs(quantile(cumulative(x)) - x)).toBeLessThan(x < 0 ? 1e-12 : 1e-9);
      }),
    );
    expect([quantile(0), quantile(1)]).toEqual([-Infinity, Infinity]);
    expect(Math.abs(quantile(0.5))).toBeLessThan(1e-15);
    expect([quantile(-0.1), quantile(1.1), quantile(NaN)]).toEqual([NaN, NaN, NaN]);
  });

  it("rises without a step back, also where two methods meet", () => {
    let last = 0;
    for (let x = -9; x < 9; x += 1 / 512) {
      const next = cumulative(x);
      expect(next - last).toBeGreaterThanOrEqual(-2e-16);
      last = next;
    }
  });

  it("keeps its digits between two points of one tail", () => {
    expect(mass(10, 11)).toBeCloseTo(7.619661958203076e-24, 36);
    expect(mass(-11, -10)).toBe(mass(10, 11));
  });

  it("has the bell's height to 1e-11 relative", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 90, noNaN: true }), (square) => {
        expect(Math.abs(bell(square) / Math.exp(-square / 2) - 1)).toBeLessThan(1e-11);
      }),
    );
  });
});

describe("truncated normal", () => {
  const sd = fc.double({ min: 0.001, max: 10, noNaN: true });
  const mean = fc.double({ min: -2, max: 3, noNaN: true });

  it("stays inside [0, 1] and inverts its probabilities", () => {
    fc.assert(
      fc.property(
        unit,
        fc.double({ min: -0.5, max: 1.5, noNaN: true }),
        fc.double({ min: 0.05, max: 10, noNaN: true }),
        (p, m, s) => {
          const x = truncatedQuantile(p, m, s);
          expect(x >= 0 && x <= 1).toBe(true);
          expect(Math.abs(truncatedCumulative(x, m, s) - p)).toBeLessThan(1e-9);
        },
      ),
    );
  });

  it("never leaves [0, 1], however far away its mean", () => {
    fc.assert(
      fc.property(unit, mean, sd, (p, m, s) => {
        const x = truncatedQuantile(p, m, s);
        expect(x >= 0 && x <= 1).toBe(true);
      }),
    );
  });

  it("has the middle of a symmetric one in the middle", () => {
    expect(truncatedQuantile(0.5, 0.5, 0.1)).toBeCloseTo(0.5, 15);
    expect(truncatedCumulative(0.5, 0.5, 3)).toBeCloseTo(0.5, 15);
    expect([truncatedCumulative(-1, 0.5, 1), truncatedCumulative(2, 0.5, 1)]).toEqual([0, 1]);
  });

  it("holds inside what the whole one has there", () => {
    expect(inside(0.5, 0.5)).toBeCloseTo(0.682689492137086, 14);
    expect(inside(0, 0.1)).toBeCloseTo(0.5, 15);
    expect(inside(0.5, 0.01)).toBe(1);
  });
});
