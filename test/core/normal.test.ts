import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalCdf, normalPdf, normalQuantile } from "../../src/core/normal.ts";

// mpmath 1.3, 40 digits: ncdf(x), and the root of log ncdf(x) = log p.
const CDF: readonly [number, number][] = [
  [-37, 5.725571222524577e-300],
  [-30, 4.906713927148187e-198],
  [-8, 6.220960574271784e-16],
  [-5, 2.866515718791939e-7],
  [-3.5, 0.00023262907903552504],
  [-2, 0.02275013194817921],
  [-1.999, 0.02280417693265889],
  [-1, 0.15865525393145705],
  [-0.1, 0.460172162722971],
  [0, 0.5],
  [1e-9, 0.5000000003989423],
  [0.5, 0.6914624612740131],
  [2, 0.9772498680518208],
  [4, 0.9999683287581669],
];
const QUANTILE: readonly [number, number][] = [
  [1e-300, -37.0470962993612],
  [1e-20, -9.262340089798407],
  [1e-9, -5.9978070150076865],
  [0.001, -3.0902323061678136],
  [0.025, -1.9599639845400543],
  [0.3, -0.5244005127080408],
  [0.5, 0],
  [0.8, 0.8416212335729144],
  [0.95, 1.6448536269514722],
  [0.999999, 4.753424308817087],
];

describe("normalCdf", () => {
  it.each(CDF)("is exact to 1e-13 relative at %s", (x, expected) => {
    expect(Math.abs(normalCdf(x) / expected - 1)).toBeLessThan(1e-13);
  });

  it("is 0 and 1 at the ends and NaN for NaN", () => {
    expect([-Infinity, Infinity, NaN].map(normalCdf)).toEqual([0, 1, NaN]);
  });

  it("rises, and its halves mirror each other", () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (x) => {
        expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 14);
        expect(normalCdf(x + 0.01)).toBeGreaterThanOrEqual(normalCdf(x));
        expect(normalPdf(x)).toBe(normalPdf(-x));
      }),
    );
  });
});

describe("normalQuantile", () => {
  it.each(QUANTILE)("is exact to 1e-13 at %s", (probability, expected) => {
    expect(Math.abs(normalQuantile(probability) - expected)).toBeLessThan(1e-13 * Math.max(1, Math.abs(expected)));
  });

  it("is infinite at 0 and 1 and NaN beyond", () => {
    expect([0, 1, -0.1, 1.1, NaN].map(normalQuantile)).toEqual([-Infinity, Infinity, NaN, NaN, NaN]);
  });

  it("undoes normalCdf", () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 5, noNaN: true }), (x) => {
        expect(normalQuantile(normalCdf(x))).toBeCloseTo(x, 8);
      }),
    );
  });
});
