import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BAR_COLUMNS, type Bars, barsOf } from "../../src/model/bar.ts";
import { mergeBars, monthsOf } from "../../src/store/merge.ts";

const bars = (rows: readonly (readonly [time: number, price: number, turnover?: number])[]): Bars => {
  const column = (f: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, f);
  const price = column((row) => row[1]);
  const turnover = column((row) => row[2] ?? NaN);
  return barsOf(
    { symbol: "X", interval: "60" },
    { time: column((row) => row[0]), open: price, high: price, low: price, close: price, volume: price, turnover },
  );
};

describe("mergeBars", () => {
  it("interleaves, counts what is new and lets the fresh bar win", () => {
    const {
      bars: merged,
      added,
      replaced,
    } = mergeBars(
      bars([
        [1, 10],
        [3, 30],
        [4, 40],
      ]),
      bars([
        [2, 20],
        [3, 33],
        [4, 40],
        [5, 50],
      ]),
    );
    expect([...merged.time]).toEqual([1, 2, 3, 4, 5]);
    expect([...merged.close]).toEqual([10, 20, 33, 40, 50]);
    expect({ added, replaced }).toEqual({ added: 2, replaced: 1 });
  });

  it("keeps a turnover that the fresh bar does not know, without calling it replaced", () => {
    const { bars: merged, replaced } = mergeBars(bars([[1, 10, 99]]), bars([[1, 10]]));
    expect([merged.turnover[0], replaced]).toEqual([99, 0]);
  });

  it("is the union by time, and merging again changes nothing", () => {
    const times = fc.uniqueArray(fc.nat({ max: 40 }), { maxLength: 30 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(times, times, (a, b) => {
        const fresh = bars(b.map((time) => [time, 2 + time, time]));
        const once = mergeBars(bars(a.map((time) => [time, 1 + time, time])), fresh);
        expect([...once.bars.time]).toEqual([...new Set([...a, ...b])].sort((x, y) => x - y));
        expect([...once.bars.close]).toEqual([...once.bars.time].map((time) => (b.includes(time) ? 2 : 1) + time));
        const again = mergeBars(once.bars, fresh);
        expect([again.added, again.replaced]).toEqual([0, 0]);
        for (const name of BAR_COLUMNS) expect(again.bars[name]).toEqual(once.bars[name]);
      }),
    );
  });
});

describe("monthsOf", () => {
  it("cuts at the first instant of a UTC month, leap years and year ends included", () => {
    const times = Float64Array.of(
      Date.UTC(2023, 11, 31, 23),
      Date.UTC(2024, 0, 1),
      Date.UTC(2024, 1, 29, 23),
      Date.UTC(2024, 2, 1),
      Date.UTC(2024, 2, 2),
    );
    expect(monthsOf(times)).toEqual([
      { name: "2023-12", from: 0, to: 1 },
      { name: "2024-01", from: 1, to: 2 },
      { name: "2024-02", from: 2, to: 3 },
      { name: "2024-03", from: 3, to: 5 },
    ]);
    expect(monthsOf(new Float64Array(0))).toEqual([]);
  });
});
