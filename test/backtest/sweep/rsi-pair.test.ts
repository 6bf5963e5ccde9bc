import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rsiPair } from "../../../src/backtest/sweep/rsi-pair.ts";
import { rsi } from "../../../src/indicators/momentum/rsi.ts";

describe("rsiPair", () => {
  it("gives the kernel's numbers to the bit, still prices and short columns included", () => {
    const period = fc.integer({ min: 2, max: 40 });
    const prices = fc.array(fc.oneof(fc.constant(10), fc.double({ min: 9, max: 11, noNaN: true })), {
      minLength: 1,
      maxLength: 150,
    });
    fc.assert(
      fc.property(prices, fc.nat(60), period, period, (some, still, a, b) => {
        const price = Float64Array.from([...Array<number>(still).fill(10), ...some]);
        const lanes = [a, b].map((each) => ({ period: each, out: new Float64Array(price.length).fill(7) }));
        rsiPair(price, lanes[0]!, lanes[1]!);
        for (const lane of lanes) {
          const wanted = new Float64Array(price.length);
          rsi(lane.period).extend([price], [wanted], 0, price.length);
          expect(lane.out).toEqual(wanted);
        }
      }),
      { numRuns: 400 },
    );
  });
});
