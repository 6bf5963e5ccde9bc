import { describe, expect, expectTypeOf, it } from "vitest";
import { bool, checkSpecs, choice, float, int, type ParamSpec, type ParamValues } from "../../src/strategy/param.ts";

describe("parameters", () => {
  it("infer what the rules receive", () => {
    const specs = {
      n: int(1, { min: 1, max: 2 }),
      x: float(1, { min: 1, max: 2 }),
      w: choice(["a", "b"]),
      on: bool(true),
    };
    expectTypeOf<ParamValues<typeof specs>>().toEqualTypeOf<{
      readonly n: number;
      readonly x: number;
      readonly w: "a" | "b";
      readonly on: boolean;
    }>();
    expect(specs.w.default).toBe("a");
    expect(choice([1, 2, 4], 4).default).toBe(4);
  });

  it.each<[string, ParamSpec, string]>([
    ["min above max", int(5, { min: 9, max: 3 }), "min 9 is above max 3"],
    ["default outside", int(5, { min: 6, max: 9 }), "the default 5 is outside 6 to 9"],
    ["fraction in an int", int(1.5, { min: 1, max: 9 }), "default must be an integer, was 1.5"],
    ["step of zero", float(1, { min: 0, max: 2, step: 0 }), "step must be a number > 0, was 0"],
    ["log from zero", float(1, { min: 0, max: 2, log: true }), "a log range must begin above 0, min is 0"],
    ["NaN", float(NaN, { min: 0, max: 2 }), "default must be a number, was NaN"],
    ["no choices", choice([]), "needs at least one choice"],
    ["equal choices", choice(["a", "a"]), "its choices must differ"],
    [
      "default that is no choice",
      { kind: "choice", choices: ["a"], default: "b" },
      "the default b is not one of its choices",
    ],
    ["plain number", 14 as unknown as ParamSpec, "must be made by int, float, choice or bool"],
  ])("refuse %s, naming strategy and parameter", (_, spec, fact) => {
    expect(() => checkSpecs("mine", { p: spec })).toThrow(
      expect.objectContaining({ code: "PARAM_SPEC", message: `strategy mine: parameter p: ${fact}` }),
    );
  });

  it("refuse a name that is no identifier", () => {
    expect(() => checkSpecs("mine", { "a b": bool(true) })).toThrow(expect.objectContaining({ code: "PARAM_SPEC" }));
  });
});
