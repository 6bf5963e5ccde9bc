import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bars, barsOf, sliceBars } from "../../src/model/bar.ts";
import { generateBars } from "../../src/store/generate.ts";
import { resampleBars } from "../../src/store/resample.ts";

const MONDAY = Date.UTC(2024, 0, 1);
const minutes = (length: number, from = MONDAY) => generateBars({ seed: 9, interval: "1", from, length });
const without = (bars: Bars, gone: number): Bars => {
  const cut = (column: Float64Array) => column.filter((_, i) => i !== gone);
  return barsOf(bars, {
    time: cut(bars.time),
    open: cut(bars.open),
    high: cut(bars.high),
    low: cut(bars.low),
    close: cut(bars.close),
    volume: cut(bars.volume),
    turnover: cut(bars.turnover),
  });
};

describe("resampleBars", () => {
  it("takes first open, highest high, lowest low, last close, sums of volume and turnover", () => {
    const column = (...values: number[]) => Float64Array.from(values);
    const bars = barsOf(
      { symbol: "X", interval: "1" },
      {
        time: column(...[0, 1, 2, 3, 4, 5].map((i) => MONDAY + i * 60_000)),
        open: column(10, 11, 12, 13, 14, 15),
        high: column(11, 19, 13, 14, 15, 16),
        low: column(9, 10, 11, 5, 13, 14),
        close: column(11, 12, 13, 14, 15, 15.5),
        volume: column(1, 2, 3, 4, 5, 6),
        turnover: column(10, 20, 30, 40, 50, 60),
      },
    );
    const three = resampleBars(bars, "3");
    expect(three).toMatchObject({ interval: "3", length: 2, symbol: "X" });
    const row = (i: number) => [
      three.open[i],
      three.high[i],
      three.low[i],
      three.close[i],
      three.volume[i],
      three.turnover[i],
    ];
    expect([row(0), row(1)]).toEqual([
      [10, 19, 9, 13, 6, 60],
      [13, 16, 5, 15.5, 15, 150],
    ]);
    expect([...three.time]).toEqual([MONDAY, MONDAY + 180_000]);
  });

  it("makes only full buckets, unless partial ones are wanted", () => {
    const bars = without(minutes(30, MONDAY + 3 * 60_000), 10); // starts at :03, :13 is missing, ends at :32
    expect([...resampleBars(bars, "5").time].map((t) => (t - MONDAY) / 60_000)).toEqual([5, 15, 20, 25]);
    const kept = resampleBars(bars, "5", { partial: "keep" });
    expect([...kept.time].map((t) => (t - MONDAY) / 60_000)).toEqual([0, 5, 10, 15, 20, 25, 30]);
    expect(kept.close.at(-1)).toBe(bars.close.at(-1));
  });

  it("begins weeks on Monday and days at midnight UTC", () => {
    const hours = generateBars({ seed: 1, interval: "60", from: Date.UTC(2023, 11, 28), length: 24 * 20 }); // a Thursday
    expect([...resampleBars(hours, "W").time]).toEqual([MONDAY, MONDAY + 7 * 86_400_000]);
    expect(resampleBars(hours, "D").length).toBe(20);
  });

  it("by way of an interval between gives the same bars, and the same total volume", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 0, max: 200 }), (length, start) => {
        const bars = minutes(length, MONDAY + start * 60_000);
        const direct = resampleBars(bars, "60");
        const staged = resampleBars(resampleBars(bars, "15"), "60");
        expect(staged.time).toEqual(direct.time);
        for (const name of ["open", "high", "low", "close"] as const) expect(staged[name]).toEqual(direct[name]);
        staged.volume.forEach((v, i) => void expect(v).toBeCloseTo(direct.volume[i]!, 6));
      }),
      { numRuns: 50 },
    );
  });

  it("keeps NaN where the source knows no turnover, and the bars themselves at their own interval", () => {
    const bars = minutes(60);
    const unknown = { ...bars, turnover: bars.turnover.map(() => NaN) };
    expect([...resampleBars(unknown, "60").turnover]).toEqual([NaN]);
    expect(resampleBars(bars, "1")).toBe(bars);
    expect(resampleBars(sliceBars(bars, 0, 0), "60").length).toBe(0);
  });

  it.each(["1", "30"] as const)("refuses to make %s out of hours", (interval) => {
    const hours = generateBars({ seed: 1, interval: "60", from: MONDAY, length: 5 });
    expect(() => resampleBars(hours, interval)).toThrow(expect.objectContaining({ code: "RESAMPLE" }));
  });
});
