import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Contract, coinScales } from "../../src/matching/contract.ts";
import { BTC_TIERS, INVERSE, LINEAR, SPOT } from "../support/books-desk.ts";

describe("Contract", () => {
  it("counts linear value in quote money", () => {
    const contract = new Contract(LINEAR, 8, 8);
    expect(contract.value(5_000_000, 500)).toBe(25_000e8);
    expect(contract.priceOf(25_000e8, 500)).toBe(5_000_000);
  });

  it("counts inverse value in coin, nearest unit", () => {
    const contract = new Contract(INVERSE, 8, 8);
    expect(contract.value(100_000, 10_000)).toBe(0.2e8);
    expect(contract.value(102_000, 10_000)).toBe(19_607_843);
    expect(contract.direction).toBe(-1);
  });

  it("counts tiny ticks and coarse steps alike", () => {
    const shib = { ...LINEAR, tickSize: "0.0000001", qtyStep: "10", minPrice: "0.0000001" };
    expect(new Contract(shib, 8, 8).value(123, 7)).toBe(86_100);
    expect(new Contract({ ...shib, qtyStep: "0.1" }, 8, 8).value(123, 7)).toBe(861);
    expect(new Contract({ ...shib, tickSize: "0.0000000001" }, 8, 8).value(123, 1)).toBe(12);
  });

  it("converts spot steps to coins and back, down", () => {
    const contract = new Contract(SPOT, 8, 8);
    expect(contract.baseUnits(1_000_000)).toBe(1e8);
    expect(contract.baseSteps(199)).toBe(1);
  });

  it("finds the price of a value within half a unit", () => {
    for (const instrument of [LINEAR, INVERSE]) {
      const contract = new Contract(instrument, 8, 8);
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 2_000_000 }), fc.integer({ min: 1, max: 1_000_000 }), (ticks, steps) => {
          const value = contract.value(ticks, steps);
          fc.pre(value > 0);
          expect(Math.abs(contract.value(contract.priceOf(value, steps), steps) - value)).toBeLessThanOrEqual(1);
        }),
      );
    }
  });

  it("has the deductions of the published ladder: margin is continuous from rung to rung", () => {
    // mmDeduction_n = limit_{n−1} × (rate_n − rate_{n−1}) + mmDeduction_{n−1}
    for (let i = 1; i < BTC_TIERS.length; i++) {
      const [below, above] = [BTC_TIERS[i - 1]!, BTC_TIERS[i]!];
      const step = Number(above.maintenanceMarginRate) - Number(below.maintenanceMarginRate);
      const expected = Number(below.limitValue) * step + Number(below.maintenanceDeduction);
      expect(Number(above.maintenanceDeduction)).toBeCloseTo(expected, 6);
    }
    expect(BTC_TIERS.map(({ maintenanceDeduction }) => maintenanceDeduction)).toEqual(["0", "1200", "3020", "4300"]);
  });

  it("puts a value on its rung, the limit still on the lower one", () => {
    const contract = new Contract(LINEAR, 8, 8);
    const at = (value: number) => contract.tierIndex(value * 1e8);
    expect([at(0), at(2_000_000), at(2_000_000.01), at(3_200_000), at(1e9)]).toEqual([0, 0, 1, 2, 3]);
    expect(new Contract(SPOT, 8, 8).tier(5).maxLeverage).toBe(1);
  });

  it("compares the least order with value, for inverse with USD", () => {
    const linear = new Contract(LINEAR, 8, 8);
    expect([linear.isBelowNotional(4.99e8, 1), linear.isBelowNotional(5e8, 1)]).toEqual([true, false]);
    const inverse = new Contract({ ...INVERSE, minNotionalValue: "10" }, 8, 8);
    expect([inverse.isBelowNotional(1, 9), inverse.isBelowNotional(1, 10)]).toEqual([true, false]);
  });
});

describe("coinScales", () => {
  it("gives eight decimals, and no more than coarse coins need", () => {
    const pepe = { ...SPOT, symbol: "PEPEUSDT", baseCoin: "PEPE", qtyStep: "1" };
    const scales = coinScales([LINEAR, INVERSE, SPOT, pepe]);
    expect(Object.fromEntries(scales)).toEqual({ USDT: 8, BTC: 8, PEPE: 3 });
  });
});
