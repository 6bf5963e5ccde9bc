import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawdownTable, type Fall } from "../../../src/backtest/sweep/drawdown-table.ts";
import { random } from "../../../src/core/random.ts";

const LENGTH = 10_000;
const r = random(1);
const price = new Float64Array(LENGTH);
let last = 100;
for (let i = 0; i < LENGTH; i++) {
  last *= Math.exp(0.02 * r.normal());
  price[i] = last;
}

function barByBar(fall: Fall, from: number, to: number): Fall {
  let { highest, drawdown } = fall;
  for (let i = from; i < to; i++) {
    highest = Math.max(highest, price[i]!);
    drawdown = Math.max(drawdown, 1 - price[i]! / highest);
  }
  return { highest, drawdown };
}

describe("drawdownTable", () => {
  const deepen = drawdownTable(price);
  const bar = fc.integer({ min: 0, max: LENGTH });

  it("finds what looking at every bar finds, whatever was seen before", () =>
    fc.assert(
      fc.property(
        bar,
        bar,
        fc.double({ min: 0, max: 200, noNaN: true }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        (a, b, highest, drawdown) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          const fall = { highest, drawdown };
          deepen(fall, from, to);
          const wanted = barByBar({ highest, drawdown }, from, to);
          expect(fall.highest).toBe(wanted.highest);
          expect(fall.drawdown).toBeCloseTo(wanted.drawdown, 13);
        },
      ),
      { numRuns: 300 },
    ));

  it("finds the same of short spans at every offset", () => {
    for (let from = 0; from < 300; from += 7) {
      for (let to = from + 1; to < from + 80; to += 5) {
        const fall = { highest: 0, drawdown: 0 };
        deepen(fall, from, to);
        const wanted = barByBar({ highest: 0, drawdown: 0 }, from, to);
        expect(fall.highest).toBe(wanted.highest);
        expect(fall.drawdown).toBeCloseTo(wanted.drawdown, 13);
      }
    }
  });
});
