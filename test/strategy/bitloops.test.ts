import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bits, hasBit, setBit } from "../../src/core/bits.ts";
import { random } from "../../src/core/random.ts";
import { ALGEBRA, COMPARE, clearBelow, lagBits } from "../../src/strategy/bitloops.ts";

/** Cuts [0, length) into contiguous calls. */
function inCuts(length: number, seed: number, call: (from: number, to: number) => void): void {
  const rng = random(seed);
  for (let from = 0; from < length; ) {
    const to = Math.min(length, from + 1 + rng.below(70));
    call(from, to);
    from = to;
  }
}

const cases = fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 1e6 }));
const column = (length: number, seed: string) => {
  const rng = random(seed);
  return Float64Array.from({ length }, () => (rng.next() < 0.1 ? NaN : rng.below(4)));
};
const bitColumn = (length: number, seed: string) => {
  const rng = random(seed);
  const out = bits(length);
  for (let i = 0; i < length; i++) if (rng.next() < 0.5) setBit(out, i);
  return out;
};
/** Every bit of every word, also those past the length. */
const all = (words: Uint32Array) => Array.from({ length: words.length * 32 }, (_, i) => hasBit(words, i));
const wanted = (words: number, length: number, bit: (i: number) => boolean) =>
  Array.from({ length: words * 32 }, (_, i) => i < length && bit(i));

describe("bit loops", () => {
  it("compare columns and constants, false where undefined, in any cuts", () => {
    const sides = {
      gt: (x: number, y: number) => x > y,
      ge: (x: number, y: number) => x >= y,
      eq: (x: number, y: number) => x === y,
    };
    fc.assert(
      fc.property(cases, fc.constantFrom("gt" as const, "ge" as const, "eq" as const), ([length, seed], relation) => {
        const [a, b] = [column(length, `a${seed}`), column(length, `b${seed}`)];
        const holds = sides[relation];
        const run = (shape: "columns" | "left" | "right", x: Float64Array | number, y: Float64Array | number) => {
          const out = bits(length);
          inCuts(length, seed, (from, to) => COMPARE[relation][shape](out, x, y, from, to));
          return out;
        };
        const words = bits(length).length;
        expect(all(run("columns", a, b))).toEqual(wanted(words, length, (i) => holds(a[i]!, b[i]!)));
        expect(all(run("right", a, 2))).toEqual(wanted(words, length, (i) => holds(a[i]!, 2)));
        expect(all(run("left", 2, b))).toEqual(wanted(words, length, (i) => holds(2, b[i]!)));
      }),
    );
  });

  it("combine words without touching bits past the end", () => {
    fc.assert(
      fc.property(cases, ([length, seed]) => {
        const [a, b] = [bitColumn(length, `a${seed}`), bitColumn(length, `b${seed}`)];
        const run = (logic: keyof typeof ALGEBRA) => {
          const out = bits(length);
          inCuts(length, seed, (from, to) => ALGEBRA[logic](out, a, b, from, to));
          return all(out);
        };
        const want = (bit: (x: boolean, y: boolean) => boolean) =>
          wanted(a.length, length, (i) => bit(hasBit(a, i), hasBit(b, i)));
        expect(run("and")).toEqual(want((x, y) => x && y));
        expect(run("or")).toEqual(want((x, y) => x || y));
        expect(run("xor")).toEqual(want((x, y) => x !== y));
        expect(run("not")).toEqual(want((x) => !x));
      }),
    );
  });

  it("shift towards the future by any number of bars", () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 130 }), ([length, seed], bars) => {
        const a = bitColumn(length, `a${seed}`);
        const out = bits(length);
        inCuts(length, seed, (from, to) => lagBits(out, a, bars, from, to));
        expect(all(out)).toEqual(wanted(a.length, length, (i) => i >= bars && hasBit(a, i - bars)));
      }),
    );
  });

  it("clear what lies before a limit and nothing else", () => {
    fc.assert(
      fc.property(cases, fc.nat(220), fc.nat(220), ([length, seed], limit, start) => {
        const a = bitColumn(length, `a${seed}`);
        const from = Math.min(start, length);
        const out = a.slice();
        clearBelow(out, limit, from, length);
        expect(all(out)).toEqual(wanted(a.length, length, (i) => hasBit(a, i) && !(i >= from && i < limit)));
      }),
    );
  });
});
