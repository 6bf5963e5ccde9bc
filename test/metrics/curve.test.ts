import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS } from "../../src/core/time.ts";
import { curveStats } from "../../src/metrics/curve.ts";
import { curveOf, equityOf, START } from "./examples.ts";

const returns = fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), { minLength: 2, maxLength: 60 });

describe("curveStats", () => {
  it("takes the first return against the start equity", () => {
    const stats = curveStats(equityOf([110, 99], 100));
    expect(stats.count).toBe(2);
    expect(stats.mean).toBeCloseTo(0, 15);
    expect(stats.deviation).toBeCloseTo(0.1 * Math.SQRT2, 15);
    expect(stats.downsideDeviation).toBeCloseTo(0.1 / Math.SQRT2, 15);
    expect(stats.maxDrawdown).toBeCloseTo(0.1, 15);
  });

  it("begins the curve at the start equity, so that a first loss is a drawdown", () => {
    expect(curveStats(equityOf([90, 95], 100)).maxDrawdown).toBeCloseTo(0.1, 15);
  });

  it("measures a spell under water from the first bar below the peak to the bar that reaches it again", () => {
    const stats = curveStats(equityOf([101, 100, 99, 101, 102, 101.5], 100, HOUR_MS));
    expect(stats.longestUnderWaterMs).toBe(2 * HOUR_MS);
  });

  it("counts a spell that never ended up to the close of the last bar", () => {
    expect(curveStats(equityOf([99, 98, 97], 100, HOUR_MS)).longestUnderWaterMs).toBe(3 * HOUR_MS);
  });

  it("sees no variance and no drawdown in a curve that is flat but for rounding", () => {
    const noisy = Array.from({ length: 500 }, (_, i) => 10_000 + (i % 3) * 2e-12);
    const stats = curveStats(equityOf(noisy, 10_000));
    expect(stats).toMatchObject({ deviation: 0, downsideDeviation: 0, maxDrawdown: 0, longestUnderWaterMs: 0 });
    expect(stats.daily.deviation).toBe(0);
  });

  it("sees no variance in an equity that grows by the same fraction each bar", () => {
    const stats = curveStats(curveOf(new Array(1_000).fill(0.01), 10_000, HOUR_MS));
    expect(stats.deviation).toBe(0);
    expect(stats.mean).toBeCloseTo(0.01, 14);
  });

  it("keeps its digits where nearly all of the squares are the mean's", () => {
    const steady = Array.from({ length: 999 }, (_, i) => 0.01 + (i % 3 === 0 ? 2e-8 : -1e-8));
    // Three equal shares of +2, −1, −1 (× 1e-8): variance 2 × 999 / 998.
    expect(curveStats(curveOf(steady)).deviation / Math.sqrt((2 * 999) / 998)).toBeCloseTo(1e-8, 15);
  });

  it("stops at ruin: the last return is −1 and what the curve does after it is not counted", () => {
    const stats = curveStats(equityOf([110, -5, 400, 500], 100));
    expect(stats).toMatchObject({ count: 2, ruinIndex: 1, maxDrawdown: 1 });
    expect(stats.mean).toBeCloseTo((0.1 - 1) / 2, 15);
    expect(stats.longestUnderWaterMs).toBe(3 * DAY_MS);
    expect(stats.daily.count).toBe(2);
  });

  it("takes daily returns between the last closes of UTC days", () => {
    const stats = curveStats(equityOf([...new Array(24).fill(101), ...new Array(24).fill(99.99)], 100, HOUR_MS));
    expect(stats.daily.count).toBe(2);
    expect(stats.daily.mean).toBeCloseTo(0, 14);
    expect(stats.daily.deviation).toBeCloseTo(0.01 * Math.SQRT2, 14);
  });

  it("has no daily returns where a bar is longer than a day", () => {
    expect(curveStats(equityOf([101, 102, 101], 100, 7 * DAY_MS)).daily.count).toBe(0);
  });

  it("has no deviation for a single bar", () => {
    expect(curveStats(equityOf([101], 100)).deviation).toBeNaN();
  });

  it.each([
    ["COLUMN_LENGTH", { ...equityOf([1, 2], 1), time: Float64Array.of(START) }],
    ["NO_BARS", equityOf([], 1)],
    ["START_EQUITY", equityOf([1, 2], 0)],
    ["EQUITY", equityOf([1, NaN, 2], 1)],
    ["EQUITY", equityOf([1, 2, Number.POSITIVE_INFINITY], 1)],
  ])("refuses a curve with %s", (code, curve) => {
    expect(() => curveStats(curve)).toThrow(expect.objectContaining({ code }));
  });

  it("agrees with the definitions written out, over any returns and any cut into days", () => {
    fc.assert(
      fc.property(returns, fc.constantFrom(HOUR_MS, 4 * HOUR_MS, DAY_MS), (changes, intervalMs) => {
        const stats = curveStats(curveOf(changes, 10_000, intervalMs));
        const curve = [10_000, ...curveOf(changes, 10_000, intervalMs).equity];
        const mean = changes.reduce((a, b) => a + b, 0) / changes.length;
        const variance = changes.reduce((a, b) => a + (b - mean) ** 2, 0) / (changes.length - 1);
        const drawdowns = curve.map((value, i) => 1 - value / Math.max(...curve.slice(0, i + 1)));
        expect(stats.mean).toBeCloseTo(mean, 12);
        expect(stats.deviation).toBeCloseTo(Math.sqrt(variance), 10);
        expect(stats.maxDrawdown).toBeCloseTo(Math.max(...drawdowns), 11);
        expect(stats.maxDrawdown).toBeGreaterThanOrEqual(0);
        expect(stats.maxDrawdown).toBeLessThanOrEqual(1);
        expect(stats.daily.count).toBe(Math.ceil((changes.length * intervalMs) / DAY_MS));
      }),
    );
  });

  it("does not depend on the currency the account is counted in", () => {
    fc.assert(
      fc.property(returns, fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (changes, unit) => {
        const one = curveStats(curveOf(changes, 1));
        const many = curveStats(curveOf(changes, unit));
        expect(many.mean).toBeCloseTo(one.mean, 12);
        expect(many.deviation).toBeCloseTo(one.deviation, 10);
        expect(many.maxDrawdown).toBeCloseTo(one.maxDrawdown, 10);
      }),
    );
  });
});
