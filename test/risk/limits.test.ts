import { describe, expect, it } from "vitest";
import { orderLimits } from "../../src/risk/limits.ts";
import { testInstrument } from "../support/random-market.ts";

describe("orderLimits", () => {
  it("are the instrument's words as numbers; a largest order of 0 means none", () => {
    const limits = orderLimits(testInstrument());
    expect(limits).toMatchObject({ minQty: 0.1, maxMarketQty: 500, minNotional: 5 });
    expect([limits.steps.price.step, limits.steps.qty.step]).toEqual([0.05, 0.1]);
    expect(orderLimits(testInstrument({ maxMarketOrderQty: "0" })).maxMarketQty).toBe(Infinity);
  });
});
