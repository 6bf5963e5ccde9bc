import { describe, expect, it } from "vitest";
import { random } from "../../src/core/random.ts";
import { signFlipExact, signFlipSampled } from "../../src/metrics/permutation.ts";
import { expectClose, golden, longReturns, mulberry32 } from "./golden.ts";

const vector = golden<{
  sign_flip_exact: { returns: number[]; p: number };
  sign_flip_mc: { B: number; seed: number; p_plus1: number };
}>("resampling");

describe("the sign-flip test", () => {
  it("equals the golden vector over all patterns", () => {
    expect(signFlipExact(Float64Array.from(vector.sign_flip_exact.returns))).toBe(vector.sign_flip_exact.p);
  });

  it("equals the golden vector over drawn patterns", () => {
    const { B, seed, p_plus1 } = vector.sign_flip_mc;
    expectClose(signFlipSampled(longReturns(), { runs: B, random: mulberry32(seed) }), p_plus1);
  });

  it("gives three wins in a row one chance in eight", () => {
    expect(signFlipExact(Float64Array.of(1, 2, 3))).toBe(1 / 8);
    expect(signFlipExact(Float64Array.of(-1, -2, -3))).toBe(1);
  });

  it("comes near the exact chance by drawing, and never says 0", () => {
    const returns = Float64Array.of(0.1, 0.2, -0.05, 0.3, 0.02, -0.01, 0.2, 0.1);
    const exact = signFlipExact(returns);
    expect(Math.abs(signFlipSampled(returns, { runs: 20_000, random: random(1) }) - exact)).toBeLessThan(0.005);
    const sure = new Float64Array(500).fill(0.01);
    expect(signFlipSampled(sure, { runs: 99, random: random(1) })).toBe(1 / 100);
  });

  it("refuses to try a billion patterns", () => {
    expect(() => signFlipExact(new Float64Array(30))).toThrow(expect.objectContaining({ code: "TOO_MANY" }));
  });
});
