import { describe, expect, it } from "vitest";
import { increment } from "../../src/core/decimal.ts";
import { marketPrice } from "../../src/risk/slippage.ts";

describe("marketPrice", () => {
  it("worsens a fill by the slippage", () => {
    expect(marketPrice(200, 1, { slippage: 0.01, tick: null })).toBe(202);
    expect(marketPrice(200, -1, { slippage: 0.01, tick: null })).toBe(198);
  });

  it("lies on the next tick against the taker", () => {
    const market = { slippage: 0.0005, tick: increment("0.1") };
    expect(marketPrice(100, 1, market)).toBe(100.1);
    expect(marketPrice(100, -1, market)).toBe(99.9);
    expect(marketPrice(200, 1, market)).toBe(200.1); // 200.1 exactly: no tick more
    expect(marketPrice(200, -1, market)).toBe(199.9);
  });

  it("leaves a price alone when there is no slippage, on the grid or not", () => {
    expect(marketPrice(100.03, 1, { slippage: 0, tick: increment("0.1") })).toBe(100.03);
  });

  it("is never below a tick", () => {
    expect(marketPrice(0.1, -1, { slippage: 0.5, tick: increment("0.1") })).toBe(0.1);
  });
});
