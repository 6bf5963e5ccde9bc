import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bits, countBits, hasBit, nextBit, setBit } from "../../src/core/bits.ts";
import { lowerBound } from "../../src/core/columns.ts";

const flags = fc.array(fc.boolean(), { minLength: 1, maxLength: 200 });

const packed = (values: readonly boolean[]) => {
  const words = bits(values.length);
  values.forEach((on, i) => {
    if (on) setBit(words, i);
  });
  return words;
};

describe("bits", () => {
  it("answers as an array of booleans would", () =>
    fc.assert(
      fc.property(flags, fc.nat(220), fc.nat(200), (values, from, to) => {
        const words = packed(values);
        const end = Math.min(to, values.length);
        expect(values.map((_, i) => hasBit(words, i))).toEqual(values);
        expect(countBits(words)).toBe(values.filter(Boolean).length);
        expect(nextBit(words, from, end)).toBe(values.findIndex((on, i) => on && i >= from && i < end));
      }),
    ));
});

describe("lowerBound", () => {
  it("is the number of smaller values", () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.integer({ min: -1, max: 51 }), (values, key) => {
        values.sort((a, b) => a - b);
        expect(lowerBound(values, key)).toBe(values.filter((v) => v < key).length);
      }),
    ));
});
