import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { increment } from "../../src/core/decimal.ts";
import { roundStop, roundTarget } from "../../src/risk/protection.ts";

const tick = increment("0.1");

describe("protective prices on the grid", () => {
  it("round toward the entry", () => {
    expect([roundStop(98.07, "buy", tick), roundStop(101.93, "sell", tick)]).toEqual([98.1, 101.9]);
    expect([roundTarget(104.07, "buy", tick), roundTarget(95.93, "sell", tick)]).toEqual([104, 96]);
  });

  it("stay where they are without a grid", () => {
    expect([roundStop(98.07, "buy", null), roundTarget(98.07, "sell", null)]).toEqual([98.07, 98.07]);
  });

  it("do not move when they lie on it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom("buy" as const, "sell" as const), (count, side) => {
        const price = tick.value(count);
        expect([roundStop(price, side, tick), roundTarget(price, side, tick)]).toEqual([price, price]);
      }),
    );
  });
});
