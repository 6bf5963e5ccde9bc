import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axis } from "../../src/optimize/axis.ts";
import {
  cardinality,
  categorical,
  contains,
  describeDistribution,
  float,
  int,
  steppedValue,
} from "../../src/optimize/distribution.ts";
import { spaces } from "../support/sampler-contract.ts";

describe("distributions", () => {
  it.each([
    ["RANGE", () => float(1, 0)],
    ["RANGE", () => float(NaN, 1)],
    ["RANGE", () => float(0, Infinity)],
    ["RANGE", () => float(-Number.MAX_VALUE, Number.MAX_VALUE)],
    ["RANGE", () => int(0.5, 3)],
    ["RANGE", () => int(0, 2 ** 60)],
    ["LOG_RANGE", () => float(0, 1, { log: true })],
    ["LOG_RANGE", () => int(0, 9, { log: true })],
    ["LOG_STEP", () => float(1, 2, { log: true, step: 0.1 })],
    ["LOG_STEP", () => int(1, 9, { log: true, step: 2 })],
    ["STEP", () => float(0, 1, { step: 0 })],
    ["STEP", () => float(0, 1, { step: NaN })],
    ["STEP", () => float(0, 1, { step: 1e-15 })],
    ["STEP", () => int(0, 9, { step: 1.5 })],
    ["CHOICES", () => categorical([])],
    ["CHOICES", () => categorical(["a", "a"])],
    ["CHOICES", () => categorical([NaN])],
  ])("refuses with %s: %s", (code, make) => {
    expect(make).toThrow(expect.objectContaining({ code, name: "ArgumentError" }));
  });

  it("lowers max to the last whole step", () => {
    expect(float(0, 1, { step: 0.3 }).max).toBe(0.9);
    expect(int(1, 10, { step: 4 }).max).toBe(9);
    expect(float(0.1, 0.7, { step: 0.2 }).max).toBe(0.7);
  });

  it("counts values", () => {
    expect([
      cardinality(int(10, 30)),
      cardinality(int(10, 30, { step: 6 })),
      cardinality(float(0, 1, { step: 0.1 })),
      cardinality(float(0, 1)),
      cardinality(float(2, 2)),
      cardinality(int(1, 100, { log: true })),
      cardinality(categorical([null, true, "x"])),
    ]).toEqual([21, 4, 11, Infinity, 1, 100, 3]);
  });

  it("steps land on the decimal a person would write", () => {
    expect([1, 2, 3, 7].map((k) => steppedValue(0, 0.1, k))).toEqual([0.1, 0.2, 0.3, 0.7]);
    expect(steppedValue(-0.3, 0.1, 3)).toBe(0);
    expect(steppedValue(1e-7, 1e-7, 2)).toBe(3e-7);
  });

  it("contains its values and no others", () => {
    const [grid, whole, choice] = [float(0, 1, { step: 0.1 }), int(2, 10, { step: 4 }), categorical(["1", 2, null])];
    expect([0.3, 0.1 + 0.2, 1].every((v) => contains(grid, v))).toBe(true);
    expect([0.35, -0.1, 1.1, NaN, "0.1", null].some((v) => contains(grid, v))).toBe(false);
    expect([2, 6, 10].every((v) => contains(whole, v))).toBe(true);
    expect([3, 2.5, 14, "6"].some((v) => contains(whole, v))).toBe(false);
    expect(["1", 2, null].every((v) => contains(choice, v))).toBe(true);
    expect([1, "2", undefined, true].some((v) => contains(choice, v))).toBe(false);
  });

  it("says what it is", () => {
    expect(describeDistribution(int(1, 9))).toBe("int 1 to 9");
    expect(describeDistribution(float(0, 1, { step: 0.5 }))).toBe("float 0 to 1 step 0.5");
    expect(describeDistribution(float(1, 9, { log: true }))).toBe("float 1 to 9 log");
    expect(describeDistribution(categorical(["a", 1]))).toBe('one of ["a",1]');
  });
});

describe("axis", () => {
  it("gives a value of the distribution for any number", () => {
    fc.assert(
      fc.property(spaces("any"), fc.double(), (space, unit) => {
        for (const distribution of Object.values(space))
          expect(contains(distribution, axis(distribution).at(unit))).toBe(true);
      }),
    );
  });

  it("finds a value again from its unit coordinate and its cell", () => {
    fc.assert(
      fc.property(spaces("any"), fc.double({ min: 0, max: 1, noNaN: true }), (space, unit) => {
        for (const distribution of Object.values(space)) {
          const on = axis(distribution);
          const value = on.at(unit);
          const again = on.at(on.unit(value));
          if (on.cells === Infinity)
            expect(Math.abs((again as number) - (value as number))).toBeLessThanOrEqual(
              1e-9 * Math.max(1, Math.abs(value as number)),
            );
          else {
            expect(again).toBe(value);
            expect(on.value(on.index(value))).toBe(value);
          }
        }
      }),
    );
  });

  it("tiles the unit interval with the cells of a log integer, wider where values are small", () => {
    const on = axis(int(1, 4, { log: true }));
    const edges = [0, 1, 2, 3, 4].map((k) => on.edge(k));
    const scale = Math.log(4.5 / 0.5);
    const byHand = [0.5, 1.5, 2.5, 3.5, 4.5].map((v) => Math.log(v / 0.5) / scale);
    edges.forEach((edge, k) => {
      expect(edge).toBeCloseTo(byHand[k]!, 14);
    });
    expect([0, 0.49, 0.51, 0.99].map((unit) => on.at(unit))).toEqual([1, 1, 2, 4]);
  });
});
