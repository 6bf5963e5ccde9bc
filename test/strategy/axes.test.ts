import { describe, expect, it } from "vitest";
import { Axes } from "../../src/strategy/axes.ts";
import { bool, choice, float, int } from "../../src/strategy/param.ts";

describe("axes", () => {
  const axes = new Axes({
    a: int(5, { min: 3, max: 9 }),
    b: float(0.5, { min: 0, max: 1 }),
    c: choice(["x", "y", "z"]),
    d: bool(true),
  });

  it("encodes a set as small integers and decodes it to the bit", () => {
    const set = { a: 7, b: 0.1 + 0.2, c: "z", d: false };
    expect([...axes.encode(set)]).toEqual([4, 0, 2, 0]);
    expect([...axes.encode({ ...set, b: 0.3 })]).toEqual([4, 1, 2, 0]);
    expect(axes.decode(axes.encode(set))).toEqual(set);
  });

  it("numbers the settings of words and switches", () => {
    expect(axes.variants).toBe(6);
    for (let v = 0; v < 6; v++) expect(axes.variantAt(axes.encode({ a: 3, b: 0, ...axes.wordsOf(v) }))).toBe(v);
  });

  it("keys no two settings alike, however many parameters a leaf reads", () => {
    const wide = new Axes(Object.fromEntries(["p", "q", "r"].map((name) => [name, float(0, { min: 0, max: 1 })])));
    const key = wide.keyOver(["p", "q", "r"]);
    const sets = [0, 0.5, 1].flatMap((p) => [0, 0.5].flatMap((q) => [0, 0.25].map((r) => ({ p, q, r }))));
    const keys = sets.map((set) => key(wide.encode(set)));
    expect(new Set(keys).size).toBe(sets.length);
    expect(sets.map((set) => key(wide.encode(set)))).toEqual(keys);
  });
});
