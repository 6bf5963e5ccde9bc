import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawdownTable, type SpanDrawdown } from "../../../src/backtest/sweep/drawdown-table.ts";
import { random } from "../../../src/core/random.ts";

describe("drawdownTable", () => {
  it("answers any span as walking through it does", () => {
    const r = random("drawdown");
    const price = Float64Array.from({ length: 20_000 }, () => 0);
    price.forEach((_, i) => {
      price[i] = i === 0 ? 100 : price[i - 1]! * Math.exp(0.01 * r.normal());
    });
    const table = drawdownTable(price);
    const span = fc.tuple(fc.nat(19_999), fc.nat(19_999)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    fc.assert(
      fc.property(span, ([from, to]) => {
        const got: SpanDrawdown = { highest: 0, lowest: 0, drawdown: 0 };
        table.query(from, to, got);
        let [peak, low, worst] = [0, Infinity, 0];
        for (let i = from; i <= to; i++) {
          peak = Math.max(peak, price[i]!);
          low = Math.min(low, price[i]!);
          worst = Math.max(worst, 1 - price[i]! / peak);
        }
        expect(got).toEqual({ highest: peak, lowest: low, drawdown: worst });
      }),
      { numRuns: 300 },
    );
  });
});
