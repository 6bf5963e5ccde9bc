import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stepsOf } from "../../../src/model/instrument.ts";
import { missingTicks, timeOfFed } from "../../../src/simulator/market/fed.ts";
import { instrumentOf } from "../../../src/simulator/market/instruments.ts";
import type { BarRow } from "../../../src/simulator/market/series.ts";

const TIME = Date.UTC(2025, 0, 1);
const printing = stepsOf(instrumentOf("BTCUSDT", "linear", 60_000)); // tick 0.1, step 0.001
const row = (open: number, high: number, low: number, close: number, volume: number): BarRow => ({
  ...{ time: TIME, open, high, low, close, volume, turnover: 0 },
});
const told = (bar: BarRow, formed: BarRow | undefined, last: number) =>
  missingTicks(bar, formed, { printing, last: printing.price.count(last, "nearest"), time: TIME });
const brief = (bar: BarRow, formed: BarRow | undefined, last: number) =>
  told(bar, formed, last).map(({ price, qty, side }) => `${side} ${qty} @ ${price}`);

describe("trades that are missing of a bar", () => {
  it("are open, nearer extreme, other extreme and close of one that was not seen", () => {
    expect(brief(row(100, 101, 97, 99, 0.01), undefined, 99.5)).toEqual([
      "buy 2 @ 1000",
      "buy 2 @ 1010",
      "sell 2 @ 970",
      "buy 4 @ 990",
    ]);
  });

  it("are only what was not seen of one that was", () => {
    const formed = row(100, 100.5, 99, 99.5, 0.004);
    expect(brief(row(100, 101, 99, 99.5, 0.01), formed, 99.5)).toEqual(["buy 3 @ 1010", "sell 3 @ 995"]);
    expect(brief(row(100, 100.5, 99, 99.5, 0.01), formed, 99.5)).toEqual(["buy 6 @ 995"]);
    expect(brief(formed, formed, 99.5)).toEqual([]);
  });

  it("are none of a bar without volume", () => {
    expect(told(row(100, 100, 100, 100, 0), undefined, 100)).toEqual([]);
  });

  it("make of what was seen the whole bar: no price outside it, its extremes, its close, its volume", () => {
    const ticks = fc.integer({ min: 900, max: 1_100 });
    const trade = fc.record({ price: ticks, qty: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 30 }), fc.array(fc.boolean()), (trades, heard) => {
        const bar = fold(trades)!;
        const seen = trades.filter((_, i) => heard[i]);
        const formed = fold(seen);
        const missing = told(bar, formed, (seen.at(-1)?.price ?? 1_000) / 10);
        const whole = fold([...seen, ...missing])!;
        const { open: _, ...rest } = bar;
        expect(whole).toMatchObject(formed ? rest : bar);
        expect(missing.every(({ price }) => price / 10 <= bar.high && price / 10 >= bar.low)).toBe(true);
      }),
    );
  });
});

function fold(trades: readonly { price: number; qty: number }[]): BarRow | undefined {
  if (trades.length === 0) return undefined;
  const prices = trades.map(({ price }) => price / 10);
  const volume = trades.reduce((sum, { qty }) => sum + qty, 0) / 1_000;
  return row(prices[0]!, Math.max(...prices), Math.min(...prices), prices.at(-1)!, volume);
}

describe("what a market is told", () => {
  it.each([
    { type: "trade", time: NaN, price: 1, qty: 1, side: "buy" },
    { type: "trade", time: TIME, price: 0, qty: 1, side: "buy" },
    { type: "trade", time: TIME, price: 1, qty: -1, side: "buy" },
    { type: "prices", time: TIME, mark: Infinity },
    { type: "bar", bar: row(1, NaN, 1, 1, 1) },
  ] as const)("is refused with numbers that cannot be: %j", (fed) => {
    expect(() => timeOfFed(fed)).toThrow(expect.objectContaining({ code: "FED" }));
  });
});
