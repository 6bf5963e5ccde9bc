import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bankruptcyPrice,
  isolatedLiquidation,
  liquidationPrice,
  maintenanceTiers,
  tierOf,
} from "../../src/backtest/liquidation.ts";
import { testInstrument } from "../support/random-market.ts";

describe("liquidation", () => {
  const tiers = maintenanceTiers(testInstrument());

  it("takes the tier of the position's value, the last one beyond the ladder", () => {
    expect([1, 5000, 5001, 20_001, 1e9].map((value) => tierOf(tiers, value)!.rate)).toEqual([
      0.005, 0.005, 0.01, 0.025, 0.025,
    ]);
    expect(tierOf([], 1)).toBeUndefined();
    expect(maintenanceTiers(null)).toEqual([{ limitValue: Infinity, rate: 0.005, deduction: 0 }]);
  });

  it("is where equity equals maintenance margin", () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(1 as const, -1 as const),
        number(0.1, 300),
        number(10, 500),
        number(10, 5000),
        (direction, quantity, entryPrice, balance) => {
          const price = liquidationPrice({ direction, quantity, entryPrice, balance, tiers });
          const { rate, deduction } = tierOf(tiers, quantity * entryPrice)!;
          const equity = balance + direction * quantity * (price - entryPrice);
          expect(equity).toBeCloseTo(quantity * price * rate - deduction, 6);
        },
      ),
    );
  });

  it("never comes for spot", () => {
    const none = maintenanceTiers(testInstrument({ category: "spot" }));
    const position = { quantity: 1, entryPrice: 100, balance: 0, tiers: none };
    expect(liquidationPrice({ ...position, direction: 1 })).toBe(-Infinity);
    expect(liquidationPrice({ ...position, direction: -1 })).toBe(Infinity);
  });

  it("isolated: 50 times leverage at 20,000, as the exchange's own example", () => {
    const position = { quantity: 1, entryPrice: 20_000, leverage: 50, maintenanceRate: 0.005 };
    expect(isolatedLiquidation({ ...position, direction: 1 })).toEqual({
      liquidationPrice: 19_700,
      bankruptcyPrice: 19_600,
    });
    expect(isolatedLiquidation({ ...position, direction: -1 })).toEqual({
      liquidationPrice: 20_300,
      bankruptcyPrice: 20_400,
    });
  });

  it("closes where the margin is gone", () => {
    expect([bankruptcyPrice(1, 100, 50, 5), bankruptcyPrice(-1, 100, 50, 5)]).toEqual([90, 110]);
  });
});
