import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { feeOf, fundingCash, inversePnl, linearPnl, roundTrip } from "../../src/backtest/accounting.ts";

const price = fc.double({ min: 0.01, max: 1e6, noNaN: true });

describe("accounting", () => {
  it("what a long wins a short loses, in quote and in coin", () => {
    fc.assert(
      fc.property(price, price, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (entry, exit, size) => {
        expect(linearPnl(size, entry, exit) + linearPnl(-size, entry, exit)).toBe(0);
        expect(inversePnl(size, entry, exit) + inversePnl(-size, entry, exit)).toBe(0);
        expect(fundingCash(size, entry, 0.01) + fundingCash(-size, entry, 0.01)).toBe(0);
      }),
    );
  });

  it("a short in numbers", () => {
    const books = roundTrip({
      size: -2,
      entryPrice: 100,
      exitPrice: 90,
      entryFeeRate: 0.001,
      exitFeeRate: -0.0001,
      funding: -0.5,
    });
    expect(books).toEqual({ gross: 20, entryFee: 0.2, exitFee: -0.018000000000000002, net: 20 - (0.2 - 0.018) - 0.5 });
  });

  it("a fee is on notional", () => {
    expect(feeOf(200, 3, 0.01)).toBe(6);
  });

  it("an inverse long earns less coin the higher the price goes", () => {
    expect(inversePnl(10_000, 50_000, 100_000)).toBe(0.1);
    expect(inversePnl(10_000, 50_000, 25_000)).toBe(-0.2);
  });
});
