import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderLimits } from "../../src/risk/limits.ts";
import type { SizingPolicy } from "../../src/risk/policy.ts";
import { riskPerUnit, type SizingContext, sizeOrder } from "../../src/risk/sizing.ts";
import { testInstrument } from "../support/random-market.ts";

const context: SizingContext = {
  side: "buy",
  equity: 10_000,
  price: 100,
  stopPrice: null,
  feeRate: 0.001,
  leverage: 1,
  limits: null,
};
const quantity = (policy: SizingPolicy, over: Partial<SizingContext> = {}) => {
  const sized = sizeOrder(policy, { ...context, ...over });
  if (!sized.ok) throw new Error(sized.reason);
  return sized.quantity;
};
const refusal = (policy: SizingPolicy, over: Partial<SizingContext> = {}) => sizeOrder(policy, { ...context, ...over });

describe("sizeOrder", () => {
  it("all-in: position and entry fee are the whole equity, whatever the leverage", () => {
    const all = quantity({ kind: "all-in" });
    expect(all * 100 * 1.001).toBeCloseTo(10_000, 9);
    expect(quantity({ kind: "all-in" }, { leverage: 10 })).toBe(all);
  });

  it("quote, qty and fraction say the notional, the quantity, the share of equity", () => {
    expect(sizeOrder({ kind: "quote", quote: 2500 }, context)).toEqual({ ok: true, quantity: 25, notional: 2500 });
    expect(quantity({ kind: "qty", qty: 7 })).toBe(7);
    expect(quantity({ kind: "fraction", fraction: 0.5 })).toBe(50);
  });

  it("leverage only caps: margin and entry fee are at most the equity", () => {
    const asked = { kind: "fraction", fraction: 4 } as const;
    expect(quantity(asked)).toBeCloseTo(10_000 / (100 * 1.001), 9);
    expect(quantity(asked, { leverage: 3 })).toBeCloseTo(10_000 / (100 * (1 / 3 + 0.001)), 9);
    expect(quantity(asked, { leverage: 10 })).toBe(400);
    expect(quantity(asked, { leverage: 100 })).toBe(400);
  });

  it("risk: a hit stop costs that fraction of equity, both fees included, and leverage does not multiply it", () => {
    for (const [side, stopPrice] of [
      ["buy", 98],
      ["sell", 102],
    ] as const) {
      const q = quantity({ kind: "risk", fraction: 0.01 }, { side, stopPrice, leverage: 20 });
      expect(q * 2 + q * 100 * 0.001 + q * stopPrice * 0.001).toBeCloseTo(100, 9);
    }
    expect(riskPerUnit(100, 98, 0.00055)).toBeCloseTo(2.1089, 12);
  });

  it("volatility: equity would move with the target", () => {
    expect(quantity({ kind: "volatility", target: 0.2, bars: 60 }, { volatility: 0.8 })).toBe(25);
  });

  it("multiplies before it caps, and never exceeds maxQuantity", () => {
    expect(quantity({ kind: "qty", qty: 7 }, { multiplier: 0.5 })).toBe(3.5);
    expect(quantity({ kind: "fraction", fraction: 0.9 }, { multiplier: 5 })).toBeCloseTo(10_000 / 100.1, 9);
    expect(quantity({ kind: "qty", qty: 7 }, { maxQuantity: 2 })).toBe(2);
  });

  it("floors to the step and caps to the largest market order", () => {
    const limits = orderLimits(testInstrument());
    expect(quantity({ kind: "qty", qty: 7.19 }, { limits })).toBe(7.1);
    expect(quantity({ kind: "qty", qty: 0.3 }, { limits })).toBe(0.3);
    expect(quantity({ kind: "qty", qty: 900 }, { limits, equity: 1e9 })).toBe(500);
    expect(
      quantity(
        { kind: "qty", qty: 900 },
        { limits: orderLimits(testInstrument({ maxMarketOrderQty: "0" })), equity: 1e9 },
      ),
    ).toBe(900);
  });

  const limits = orderLimits(testInstrument());
  it.each<[string, SizingPolicy, Partial<SizingContext>]>([
    ["noEquity", { kind: "all-in" }, { equity: 0 }],
    ["noEquity", { kind: "qty", qty: 1 }, { equity: NaN }],
    ["noSize", { kind: "all-in" }, { multiplier: NaN }],
    ["noSize", { kind: "all-in" }, { multiplier: 0 }],
    ["noSize", { kind: "all-in" }, { maxQuantity: 0 }],
    ["noStop", { kind: "risk", fraction: 0.01 }, {}],
    ["stopWrongSide", { kind: "all-in" }, { stopPrice: 100 }],
    ["stopWrongSide", { kind: "all-in" }, { stopPrice: 99, side: "sell" }],
    ["volatilityUnknown", { kind: "volatility", target: 0.2, bars: 60 }, {}],
    ["volatilityUnknown", { kind: "volatility", target: 0.2, bars: 60 }, { volatility: 0 }],
    ["belowMinQty", { kind: "qty", qty: 0.09 }, { limits }],
    ["belowMinNotional", { kind: "qty", qty: 0.1 }, { limits, price: 49 }],
  ])("refuses with %s", (reason, policy, over) => {
    expect(refusal(policy, over)).toEqual({ ok: false, reason });
  });

  it("keeps every order inside the account and on the grid", () => {
    const policy = fc.constantFrom<SizingPolicy>(
      { kind: "all-in" },
      { kind: "quote", quote: 3000 },
      { kind: "fraction", fraction: 30 },
      { kind: "risk", fraction: 0.05 },
    );
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(
        policy,
        number(10, 1e5),
        number(1, 1e4),
        number(0, 0.01),
        number(0.5, 100),
        (one, equity, price, feeRate, leverage) => {
          const sized = sizeOrder(one, {
            ...context,
            equity,
            price,
            feeRate,
            leverage,
            stopPrice: price * 0.999,
            limits,
          });
          if (!sized.ok) return;
          expect(sized.notional).toBeLessThanOrEqual(equity * leverage * (1 + 1e-12));
          expect(sized.notional / leverage + sized.notional * feeRate).toBeLessThanOrEqual(equity * (1 + 1e-9));
          expect(Math.round(sized.quantity * 10) / 10).toBe(sized.quantity);
        },
      ),
    );
  });
});
