import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { touchOf } from "../../src/backtest/touch.ts";

const long = { direction: 1, stop: 95, target: 105 } as const;

describe("touchOf", () => {
  it.each([
    ["none", 100, 104, 96],
    ["stopGap", 95, 110, 90],
    ["targetGap", 105, 110, 90],
    ["stop", 100, 104, 95],
    ["target", 100, 105, 96],
    ["both", 100, 105, 95],
  ])("%s", (touch, open, high, low) => {
    expect(touchOf({ open, high, low }, long)).toBe(touch);
  });

  it("is the same for a short in a mirrored market", () => {
    const price = fc.integer({ min: 80, max: 120 });
    fc.assert(
      fc.property(price, price, price, (open, a, b) => {
        const bar = { open, high: Math.max(open, a, b), low: Math.min(open, a, b) };
        const mirrored = { open: -open, high: -bar.low, low: -bar.high };
        expect(touchOf(mirrored, { direction: -1, stop: -95, target: -105 })).toBe(touchOf(bar, long));
      }),
    );
  });

  it("without levels nothing is touched", () => {
    expect(touchOf({ open: 1, high: 1e9, low: 1e-9 }, { direction: 1, stop: -Infinity, target: Infinity })).toBe(
      "none",
    );
  });
});
