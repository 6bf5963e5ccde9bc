import { describe, expect, it } from "vitest";
import { bool, choice, float, int } from "../../src/strategy/param.ts";
import { rangeText, resolveParams, spaceSize } from "../../src/strategy/resolve.ts";

const strategy = {
  name: "mine",
  params: {
    n: int(5, { min: 2, max: 9 }),
    x: float(0.5, { min: 0, max: 1, step: 0.25 }),
    w: choice(["a", "b"]),
    k: choice([5, 10]),
    on: bool(true),
  },
};

describe("resolveParams", () => {
  it("fills in defaults and parses what a command line gives", () => {
    expect(resolveParams(strategy)).toEqual({ n: 5, x: 0.5, w: "a", k: 5, on: true });
    expect(resolveParams(strategy, { n: "7", x: "0.3", w: "b", k: "10", on: "false" })).toEqual({
      n: 7,
      x: 0.3,
      w: "b",
      k: 10,
      on: false,
    });
    expect(resolveParams(strategy, { n: undefined, x: 1, k: 10 })).toMatchObject({ n: 5, x: 1, k: 10 });
  });

  it.each([
    [{ n: "10" }, "PARAM_RANGE", `strategy mine: parameter n must be an integer from 2 to 9, was "10"`],
    [{ n: 2.5 }, "PARAM_TYPE", "strategy mine: parameter n must be an integer from 2 to 9, was 2.5"],
    [{ n: "many" }, "PARAM_TYPE", `strategy mine: parameter n must be an integer from 2 to 9, was "many"`],
    [{ n: "" }, "PARAM_TYPE", `strategy mine: parameter n must be an integer from 2 to 9, was ""`],
    [{ x: NaN }, "PARAM_TYPE", "strategy mine: parameter x must be a number from 0 to 1, was NaN"],
    [{ x: -0.1 }, "PARAM_RANGE", "strategy mine: parameter x must be a number from 0 to 1, was -0.1"],
    [{ w: "c" }, "PARAM_RANGE", `strategy mine: parameter w must be one of a b, was "c"`],
    [{ on: 1 }, "PARAM_TYPE", "strategy mine: parameter on must be true or false, was 1"],
    [{ m: 1 }, "PARAM_UNKNOWN", `strategy mine has no parameter "m"; its parameters: n x w k on`],
    [{ toString: 1 }, "PARAM_UNKNOWN", `strategy mine has no parameter "toString"; its parameters: n x w k on`],
  ])("refuses %o", (given, code, message) => {
    expect(() => resolveParams(strategy, given)).toThrow(
      expect.objectContaining({ name: "ArgumentError", code, message }),
    );
  });

  it("counts the settings a search could try", () => {
    expect(spaceSize(strategy.params)).toBe(8 * 5 * 2 * 2 * 2);
    expect(spaceSize({ x: float(0, { min: 0, max: 1 }) })).toBe(Infinity);
    expect(spaceSize({ x: float(1, { min: 1, max: 1 }) })).toBe(1);
    expect(spaceSize({})).toBe(1);
  });

  it("says ranges as people do", () => {
    expect(Object.values(strategy.params).map(rangeText)).toEqual([
      "2 to 9",
      "0 to 1 step 0.25",
      "a | b",
      "5 | 10",
      "true | false",
    ]);
    expect(rangeText(float(1, { min: 0.1, max: 9, log: true }))).toBe("0.1 to 9 log");
  });
});
