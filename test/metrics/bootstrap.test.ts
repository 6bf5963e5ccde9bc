import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random } from "../../src/core/random.ts";
import { type Resampling, resample } from "../../src/metrics/bootstrap.ts";
import { golden, mulberry32 } from "./golden.ts";

const { stationary_bootstrap_demo: demo } = golden<{ stationary_bootstrap_demo: { draws: number[][] } }>("resampling");
const KINDS: Resampling[] = [
  { kind: "shuffle" },
  { kind: "independent" },
  { kind: "block", length: 7 },
  { kind: "stationary", meanLength: 5 },
];

describe("resample", () => {
  it("draws the golden stationary blocks", () => {
    const source = mulberry32(99);
    const index = new Int32Array(12);
    for (const draw of demo.draws) {
      resample(index, { kind: "stationary", meanLength: 4 }, source);
      expect([...index]).toEqual(draw);
    }
  });

  it("shuffles each place to exactly one other", () => {
    const index = new Int32Array(100);
    resample(index, { kind: "shuffle" }, random(1));
    expect([...index].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it("keeps the neighbours within a block, around the end as well", () => {
    const index = new Int32Array(100);
    resample(index, { kind: "block", length: 10 }, random(1));
    for (let i = 0; i < 100; i++) if (i % 10 !== 0) expect(index[i]).toBe((index[i - 1]! + 1) % 100);
  });

  it("stays within the history and repeats itself by seed", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), fc.integer({ min: 1, max: 60 }), fc.integer(), (how, length, seed) => {
        const [one, two] = [new Int32Array(length), new Int32Array(length)];
        resample(one, how, random(seed));
        resample(two, how, random(seed));
        expect(one).toEqual(two);
        expect(one.every((place) => place >= 0 && place < length)).toBe(true);
      }),
    );
  });

  it.each([
    { kind: "block", length: 0 },
    { kind: "block", length: 2.5 },
    { kind: "stationary", meanLength: 0.5 },
  ] as Resampling[])("refuses %o", (how) => {
    expect(() => resample(new Int32Array(5), how, random(1))).toThrow(
      expect.objectContaining({ code: "BLOCK_LENGTH" }),
    );
  });
});
