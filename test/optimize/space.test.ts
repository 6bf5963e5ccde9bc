import { describe, expect, it } from "vitest";
import { categorical, type Distribution, float, int } from "../../src/optimize/distribution.ts";
import { checkParams, checkSpace, sameDistribution, spaceSize } from "../../src/optimize/space.ts";

describe("space", () => {
  it("multiplies the numbers of values", () => {
    expect(spaceSize({ a: int(10, 30), b: categorical(["x", "y"]), c: float(0, 1, { step: 0.25 }) })).toBe(21 * 2 * 5);
    expect(spaceSize({ a: int(10, 30), x: float(0, 1) })).toBe(Infinity);
    expect(spaceSize({})).toBe(1);
  });

  it("refuses distributions from other hands, naming the parameter", () => {
    const wrong = [
      { kind: "int", min: 5, max: 1, log: false, step: 1 },
      { kind: "float", min: 0, max: 1, log: false, step: 0.3 },
      { kind: "normal" },
      null,
    ];
    for (const one of wrong) {
      const check = () => checkSpace({ ok: int(1, 2), bad: one as Distribution });
      expect(check).toThrow(expect.objectContaining({ code: "SPACE" }));
      expect(check).toThrow("parameter bad");
    }
    expect(() => checkSpace({ "": int(1, 2) })).toThrow(expect.objectContaining({ code: "SPACE" }));
  });

  it("names the parameter, what it may be and what it was", () => {
    const space = { period: int(10, 30) };
    expect(() => checkParams(space, { period: 31 })).toThrow("parameter period must be int 10 to 30, was 31");
    expect(() => checkParams(space, { perod: 12 })).toThrow('no parameter "perod"; the space has period');
    expect(() => checkParams(space, { toString: 1 })).toThrow(expect.objectContaining({ code: "PARAM_UNKNOWN" }));
    checkParams(space, { period: 30 });
    checkParams(space, {});
  });

  it("tells distributions apart by every field", () => {
    const all = [int(1, 9), int(1, 9, { log: true }), int(1, 9, { step: 2 }), float(1, 9), categorical([1, 9])];
    all.forEach((a, i) => {
      all.forEach((b, j) => {
        expect(sameDistribution(a, b)).toBe(i === j);
      });
    });
    expect(sameDistribution(categorical(["a", "b"]), categorical(["b", "a"]))).toBe(false);
    expect(sameDistribution(int(1, 9), { step: 1, log: false, max: 9, min: 1, kind: "int" })).toBe(true);
  });
});
