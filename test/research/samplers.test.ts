import { describe, expect, it } from "vitest";
import { ArgumentError } from "../../src/core/errors.ts";
import { batchOf, SAMPLER_NAMES, samplerOf } from "../../src/research/samplers.ts";

describe("samplerOf", () => {
  it("knows every name it lists, and says which there are of another", () => {
    for (const name of SAMPLER_NAMES) expect(samplerOf(name).name).toBe(name);
    expect(() => samplerOf("toString")).toThrow(ArgumentError);
    expect(() => samplerOf("gird")).toThrow(/grid/);
  });
});

describe("batchOf", () => {
  it("is as many as workers for samplers that learn, many for those that do not", () => {
    expect(["tpe", "tpe-univariate"].map((name) => batchOf(name, 3))).toEqual([3, 3]);
    expect(["random", "grid", "qmc"].map((name) => batchOf(name, 3))).toEqual([500, 500, 500]);
  });
});
