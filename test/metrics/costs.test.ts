import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costsOf } from "../../src/metrics/costs.ts";
import { trade } from "./examples.ts";

describe("costsOf", () => {
  it("splits what was made into costs and what is left", () => {
    // Bought 2 at 100, sold at 110: 20 after 1 % slippage of 420 notional; 3 fees and 1 funding paid.
    const costs = costsOf(
      [trade(16, { exitPrice: 110, quantity: 2, grossPnl: 20, fees: 3, funding: -1, realizedPnl: 16 })],
      0.01,
    );
    expect(costs).toMatchObject({ fees: 3, funding: -1, netPnl: 16, turnover: 420 });
    expect(costs.slippage).toBeCloseTo(4.2, 12);
    expect(costs.grossPnl).toBeCloseTo(24.2, 12);
    expect(costs.netPnlAtDoubleCosts).toBeCloseTo(16 - 3 - 4.2 - 1, 12);
    expect(costs.share).toBeCloseTo(8.2 / 24.2, 12);
    expect(costs.rate).toBeCloseTo(7.2 / 420, 12);
    expect(costs.breakEvenRate).toBeCloseTo(23.2 / 420, 12);
  });

  it("knows that a take-profit does not slip, and that an open trade has not been sold", () => {
    const price = { entryPrice: 100, exitPrice: 110, quantity: 1 };
    expect(costsOf([trade(10, { ...price, exitReason: "takeProfit" })], 0.01).slippage).toBe(1);
    const open = costsOf([trade(10, { ...price, exitReason: "open" })], 0.01);
    expect(open).toMatchObject({ slippage: 1, turnover: 100 });
  });

  it("has no break-even and no share where nothing was made before costs", () => {
    expect(costsOf([trade(-5)], 0)).toMatchObject({ share: null, breakEvenRate: null });
    expect(costsOf([], 0.01)).toMatchObject({ rate: null, breakEvenRate: null, share: null, netPnl: 0 });
  });

  it("leaves nothing at the break-even rate, for any trade", () => {
    const money = fc.double({ min: 1, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(money, money, fc.double({ min: 0, max: 0.01, noNaN: true }), (gross, fees, slippageRate) => {
        const costs = costsOf([trade(gross - fees, { grossPnl: gross, fees })], slippageRate);
        expect(costs.netPnl).toBeCloseTo(costs.grossPnl + costs.funding - costs.rate! * costs.turnover, 6);
        expect(costs.grossPnl + costs.funding - costs.breakEvenRate! * costs.turnover).toBeCloseTo(0, 6);
      }),
    );
  });
});
