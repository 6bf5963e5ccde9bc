import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { increment } from "../../../src/core/decimal.ts";
import { barsOf } from "../../../src/model/bar.ts";
import { barTicks } from "../../../src/simulator/market/path.ts";

const printing = { price: increment("0.5"), qty: increment("0.001") };
const START = 1_700_000_040_000;

function oneBar(open: number, high: number, low: number, close: number, volume: number) {
  const cell = (value: number) => Float64Array.of(value);
  return barsOf(
    { symbol: "T", interval: "1" },
    {
      time: cell(START),
      open: cell(open),
      high: cell(high),
      low: cell(low),
      close: cell(close),
      volume: cell(volume),
    },
  );
}

describe("barTicks", () => {
  it("visits the nearer extreme first and ends on the close a moment before the bar does", () => {
    const ticks = barTicks(oneBar(100, 101, 95, 96, 0.4), 0, printing, { seed: 1, between: 0 });
    expect(ticks.map((t) => t.price / 2)).toEqual([100, 101, 95, 96]);
    expect(ticks.map((t) => t.time - START)).toEqual([0, 15_000, 30_000, 59_999]);
    expect(ticks.map((t) => t.side)).toEqual(["buy", "buy", "sell", "buy"]);
    expect(ticks.map((t) => t.qty)).toEqual([100, 100, 100, 100]);
  });

  it("makes no trades without volume, and the close with the least", () => {
    expect(barTicks(oneBar(100, 101, 95, 96, 0), 0, printing, { seed: 1, between: 0 })).toEqual([]);
    const [only] = barTicks(oneBar(100, 101, 95, 96, 0.001), 0, printing, { seed: 1, between: 9 });
    expect(only).toMatchObject({ price: 192, qty: 1 });
  });

  it("has the bar's open, range, close and volume, whatever lies between", () => {
    const halves = fc.integer({ min: 10, max: 400 }).map((n) => n / 2);
    fc.assert(
      fc.property(
        halves,
        halves,
        halves,
        halves,
        fc.integer({ min: 4, max: 9_000 }),
        fc.nat(90),
        (a, b, c, d, steps, between) => {
          const [low, , , high] = [a, b, c, d].sort((x, y) => x - y) as [number, number, number, number];
          const ticks = barTicks(oneBar(a, high, low, d, steps / 1_000), 0, printing, { seed: 7, between });
          const prices = ticks.map((t) => t.price / 2);
          expect(ticks.reduce((sum, t) => sum + t.qty, 0)).toBe(steps);
          expect(Math.min(...ticks.map((t) => t.qty))).toBeGreaterThan(0);
          expect([prices[0], Math.max(...prices), Math.min(...prices), prices.at(-1)]).toEqual([a, high, low, d]);
          const times = ticks.map((t) => t.time);
          expect(times).toEqual([...times].sort((x, y) => x - y));
          expect(times.at(-1)! - START).toBeLessThan(60_000);
        },
      ),
    );
  });
});
