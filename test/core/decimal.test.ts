import { Decimal } from "decimal.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatScaled, increment, parseDecimal, plainDecimal } from "../../src/core/decimal.ts";

const STEPS = ["0.1", "0.10", "0.5", "0.05", "0.005", "0.001", "0.0000001", "1", "5", "10", "1000"];
const step = fc.constantFrom(...STEPS);
const count = fc.integer({ min: -1_000_000, max: 1_000_000 });

describe("increment", () => {
  it("holds three steps of 0.1 in 0.3, although 0.3 / 0.1 is 2.9999999999999996", () => {
    expect(increment("0.1").count(0.3, "floor")).toBe(3);
  });

  it("rounds to multiples of the step, not to its digits", () => {
    const half = increment("0.5");
    expect(half.format(half.count(123.4, "floor"))).toBe("123.0");
    expect(half.format(half.count(123.4, "ceil"))).toBe("123.5");
    const tick = increment("0.10");
    expect(tick.format(tick.count(60000.37, "nearest"))).toBe("60000.40");
    expect(increment("10").format(increment("10").count(57, "floor"))).toBe("50");
  });

  it("returns every count it has printed, whatever the step", () =>
    fc.assert(
      fc.property(step, count, (text, n) => {
        const by = increment(text);
        expect(by.count(by.format(n), "exact")).toBe(n === 0 ? 0 : n);
        expect(by.count(by.value(n), "exact")).toBe(n === 0 ? 0 : n);
        expect(by.value(n)).toBe(new Decimal(text).times(n).toNumber() + 0);
      }),
    ));

  it("brackets a value between floor and ceil, one step apart at most", () =>
    fc.assert(
      fc.property(step, fc.double({ min: -1e5, max: 1e5, noNaN: true }), (text, value) => {
        const by = increment(text);
        const [low, high] = [by.count(value, "floor"), by.count(value, "ceil")];
        expect(high - low).toBeGreaterThanOrEqual(0);
        expect(high - low).toBeLessThanOrEqual(1);
        expect(by.count(value, "nearest") - low).toBeLessThanOrEqual(1);
      }),
    ));

  it("refuses what is off the step when asked for the exact count", () => {
    expect(() => increment("0.5").count("1.2", "exact")).toThrow(expect.objectContaining({ code: "OFF_STEP" }));
  });

  it.each(["0", "-1", "1e-3", "", ".5", "0.0", "abc"])("refuses %j as a step", (text) => {
    expect(() => increment(text)).toThrow(expect.objectContaining({ code: "STEP" }));
  });

  it.each([NaN, Infinity, -Infinity])("refuses %s as a value", (value) => {
    expect(() => increment("1").count(value, "floor")).toThrow(expect.objectContaining({ code: "NOT_FINITE" }));
  });
});

describe("plain decimals", () => {
  it("prints any double without an exponent and parses it back", () =>
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = plainDecimal(value);
        expect(text).not.toMatch(/e/i);
        expect(Number(text)).toBe(value === 0 ? 0 : value);
      }),
    ));

  it("prints scaled integers with all their places", () => {
    expect(formatScaled(12345, 2)).toBe("123.45");
    expect(formatScaled(-5, 3)).toBe("-0.005");
    expect(formatScaled(7, 0)).toBe("7");
  });

  it.each(["1e5", " 1", "1,5", "+1", "", "."])("refuses %j", (text) => {
    expect(() => parseDecimal(text)).toThrow(expect.objectContaining({ code: "DECIMAL" }));
  });
});
