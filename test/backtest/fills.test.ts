import { describe, expect, it } from "vitest";
import { averagePrice, limitTrigger, nextTradingBar, volumeCap } from "../../src/backtest/fills.ts";
import { increment } from "../../src/core/decimal.ts";

describe("fills", () => {
  it("a limit is filled one tick beyond itself, on a touch where there is no grid", () => {
    const tick = increment("0.1");
    expect([limitTrigger(99, 1, tick), limitTrigger(99, -1, tick)]).toEqual([98.9, 99.1]);
    expect([limitTrigger(0.3, 1, tick), limitTrigger(99.07, -1, null)]).toEqual([0.2, 99.07]);
  });

  it("a bar fills at most its share of volume", () => {
    expect(volumeCap(3, 40, 0.1)).toEqual({ filled: 3, remaining: 0 });
    expect(volumeCap(3, 0, 0.1)).toEqual({ filled: 0, remaining: 3 });
  });

  it("an average price weighs by quantity; of nothing it is not known", () => {
    expect(
      averagePrice([
        { price: 1, quantity: 3 },
        { price: 5, quantity: 1 },
      ]),
    ).toBe(2);
    expect(averagePrice([])).toBeNaN();
  });

  it("the next trading bar is the first with volume; unknown volume trades", () => {
    const volume = Float64Array.of(0, 0, 5, 0, NaN, 0);
    expect([0, 2, 3, 5].map((from) => nextTradingBar(volume, from))).toEqual([2, 2, 4, 6]);
  });
});
