import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barsOf } from "../../../src/model/bar.ts";
import { openingOf, WIRE_INTERVALS } from "../../../src/simulator/market/intervals.ts";
import { BarSeries } from "../../../src/simulator/market/series.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 30);

function hourly(count: number) {
  const column = (f: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => f(i));
  return barsOf(
    { symbol: "T", interval: "60" },
    {
      time: column((i) => START + i * HOUR),
      open: column((i) => 100 + i),
      high: column((i) => 102 + i),
      low: column((i) => 99 + i),
      close: column((i) => 101 + i),
      volume: column(() => 2),
      turnover: column(() => 200),
    },
  );
}
const all = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 1_000, keep: "newest" } as const;

describe("BarSeries", () => {
  it("serves the source's closed bars as they are and hides the ones to come", () => {
    const series = new BarSeries(hourly(50), 3);
    expect(series.rows({ ...all, interval: "60" })).toHaveLength(3);
    expect(series.rows({ ...all, interval: "60" })[2]).toEqual({
      time: START + 2 * HOUR,
      open: 102,
      high: 104,
      low: 101,
      close: 103,
      volume: 2,
      turnover: 200,
    });
    series.close();
    expect(series.rows({ ...all, interval: "60" })).toHaveLength(4);
  });

  it("folds days and months", () => {
    const series = new BarSeries(hourly(72), 72);
    expect(series.rows({ ...all, interval: "D" })).toEqual([
      { time: START, open: 100, high: 125, low: 99, close: 124, volume: 48, turnover: 4_800 },
      { time: START + 24 * HOUR, open: 124, high: 149, low: 123, close: 148, volume: 48, turnover: 4_800 },
      { time: START + 48 * HOUR, open: 148, high: 173, low: 147, close: 172, volume: 48, turnover: 4_800 },
    ]);
    expect(series.rows({ ...all, interval: "M" }).map((row) => [row.time, row.open, row.close])).toEqual([
      [Date.UTC(2024, 0, 1), 100, 148],
      [Date.UTC(2024, 1, 1), 148, 172],
    ]);
  });

  it("forms the running bar and minutes from trades, then takes the source's word", () => {
    const series = new BarSeries(hourly(5), 1);
    series.trade(START + HOUR, 101, 1, 101);
    series.trade(START + HOUR + 61_000, 105, 1, 105);
    expect(series.rows({ ...all, interval: "60" }).at(-1)).toMatchObject({
      open: 101,
      high: 105,
      close: 105,
      volume: 2,
    });
    expect(series.rows({ ...all, interval: "1" }).map((row) => [row.time, row.close])).toEqual([
      [START + HOUR, 101],
      [START + HOUR + 60_000, 105],
    ]);
    series.close();
    expect(series.rows({ ...all, interval: "60" }).at(-1)).toMatchObject({ open: 101, high: 103, close: 102 });
  });

  it("gives every query what a full fold and a cut give", () => {
    const series = new BarSeries(hourly(400), 390);
    fc.assert(
      fc.property(
        fc.constantFrom(...WIRE_INTERVALS.slice(5)),
        fc.integer({ min: -20, max: 420 }),
        fc.integer({ min: 0, max: 420 }),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom("newest" as const, "oldest" as const),
        (interval, first, span, limit, keep) => {
          const from = START + first * HOUR;
          const to = from + span * HOUR;
          const inside = series
            .rows({ ...all, interval, limit: 10_000 })
            .filter((row) => row.time >= from && row.time <= to);
          const expected = keep === "newest" ? inside.slice(-limit) : inside.slice(0, limit);
          expect(series.rows({ interval, from, to, limit, keep })).toEqual(expected);
        },
      ),
    );
  });

  it("knows the running bar of any interval", () => {
    const series = new BarSeries(hourly(400), 390);
    const now = START + 389 * HOUR;
    for (const interval of WIRE_INTERVALS.slice(5)) {
      expect(series.current(interval, now)?.time).toBe(openingOf(now, interval));
    }
  });
});
