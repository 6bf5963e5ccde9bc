import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatSizing, parseSizing } from "../../src/risk/policy.ts";

describe("parseSizing", () => {
  it.each([
    ["all-in", { kind: "all-in" }],
    ["quote:1000", { kind: "quote", quote: 1000 }],
    ["qty:0.5", { kind: "qty", qty: 0.5 }],
    ["fraction:.5", { kind: "fraction", fraction: 0.5 }],
    ["fraction:3", { kind: "fraction", fraction: 3 }],
    ["risk:1e-2", { kind: "risk", fraction: 0.01 }],
    ["volatility:0.2", { kind: "volatility", target: 0.2, bars: 100 }],
    [" volatility:0.2:60 ", { kind: "volatility", target: 0.2, bars: 60 }],
  ])("reads %s", (text, policy) => {
    expect(parseSizing(text)).toEqual(policy);
  });

  it.each([
    ["", /unknown sizing policy/],
    ["everything", /unknown sizing policy, was "everything"; use all-in, quote:1000/],
    ["all-in:1", /all-in takes no number/],
    ["quote", /quote needs one number above 0/],
    ["quote:0", /quote needs one number above 0/],
    ["qty:-1", /qty needs one number above 0/],
    ["qty:1:2", /qty needs one number above 0/],
    ["fraction:half", /fraction needs one number above 0/],
    ["fraction:0x10", /fraction needs one number above 0/],
    ["risk:1", /risk is a fraction of equity below 1/],
    ["volatility:0.2:1", /integer ≥ 2 of bars/],
    ["volatility:0.2:60:1", /volatility needs one number above 0/],
  ])("refuses %j", (text, message) => {
    expect(() => parseSizing(text)).toThrow(
      expect.objectContaining({ name: "ArgumentError", code: "SIZING", message: expect.stringMatching(message) }),
    );
  });
});

describe("formatSizing", () => {
  it("writes what parseSizing reads", () => {
    const above = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    const policy = fc.oneof(
      fc.constant({ kind: "all-in" } as const),
      above.map((quote) => ({ kind: "quote", quote }) as const),
      above.map((qty) => ({ kind: "qty", qty }) as const),
      above.map((fraction) => ({ kind: "fraction", fraction }) as const),
      fc.double({ min: 1e-6, max: 0.99, noNaN: true }).map((fraction) => ({ kind: "risk", fraction }) as const),
      fc
        .tuple(above, fc.integer({ min: 2, max: 500 }))
        .map(([target, bars]) => ({ kind: "volatility", target, bars }) as const),
    );
    fc.assert(
      fc.property(policy, (one) => {
        expect(parseSizing(formatSizing(one))).toEqual(one);
      }),
    );
  });
});
