import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { share } from "../../src/matching/share.ts";

describe("share", () => {
  it("rounds to the nearest unit", () => {
    expect([share(10, 1, 3), share(11, 1, 3), share(-10, 1, 3), share(0, 1, 3)]).toEqual([3, 4, -3, 0]);
  });

  it("stays exact where the product leaves the safe integers", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
        fc.integer({ min: 1, max: 2 ** 26 }),
        fc.integer({ min: 1, max: 2 ** 26 }),
        (total, a, b) => {
          const [part, whole] = a < b ? [a, b] : [b, a];
          const got = BigInt(share(total, part, whole));
          const error = 2n * (got * BigInt(whole) - BigInt(total) * BigInt(part));
          expect(error <= BigInt(whole) && error >= -BigInt(whole)).toBe(true);
        },
      ),
    );
  });

  it("gives all of it when the parts are done", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 52 }), fc.integer({ min: 2, max: 50 }), (total, whole) => {
        let left = total;
        for (let steps = whole; steps > 0; steps -= 1) left -= share(left, 1, steps);
        expect(left).toBe(0);
      }),
    );
  });
});
