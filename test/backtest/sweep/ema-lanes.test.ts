import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emaBits } from "../../../src/backtest/sweep/ema-lanes.ts";
import { type Bits, bits, hasBit } from "../../../src/core/bits.ts";
import { batch } from "../../../src/indicators/kernel.ts";
import { ema } from "../../../src/indicators/overlap/ema.ts";
import type { Relation } from "../../../src/strategy/formula.ts";

const prices = fc.array(fc.double({ min: 90, max: 110, noNaN: true }), { minLength: 1, maxLength: 300 });
const HOLDS: Record<Relation, (a: number, b: number) => boolean> = {
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  eq: (a, b) => a === b,
};

describe("emaBits", () => {
  it("gives the bits of each average on its own", () =>
    fc.assert(
      fc.property(
        prices,
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 9 }),
        fc.constantFrom<Relation>("gt", "ge", "eq"),
        fc.boolean(),
        (values, periods, relation, priceFirst) => {
          const price = Float64Array.from(values);
          const out: Bits[] = periods.map(() => bits(price.length).fill(-1));
          emaBits(price, periods, { relation, priceFirst }, out);
          periods.forEach((period, k) => {
            const [mean] = batch(ema(period), price) as [Float64Array];
            const wanted = values.map((x, i) => HOLDS[relation](priceFirst ? x : mean[i]!, priceFirst ? mean[i]! : x));
            expect(values.map((_, i) => hasBit(out[k]!, i))).toEqual(wanted);
            expect(out[k]!.at(-1)! >>> ((values.length - 1) & 31)).toBeLessThanOrEqual(1);
          });
        },
      ),
    ));
});
