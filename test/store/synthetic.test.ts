import { describe, expect, it } from "vitest";
import { stepsOf } from "../../src/model/instrument.ts";
import { generateBars } from "../../src/store/generate.ts";
import { parseInstrument } from "../../src/store/instrument.ts";
import { generateFunding, syntheticInstrument } from "../../src/store/synthetic.ts";

const FROM = Date.UTC(2024, 0, 1);
const bars = generateBars({ seed: 1, interval: "60", from: FROM + 3_600_000, length: 24 * 365 });

describe("generateFunding", () => {
  const funding = generateFunding(bars, 1);

  it("settles every 8 hours UTC from the first bar to the end of the last, the same for the same seed", () => {
    expect(funding.time[0]).toBe(FROM + 8 * 3_600_000);
    expect(funding.time.at(-1)).toBe(FROM + 365 * 86_400_000);
    for (let i = 1; i < funding.time.length; i++) expect(funding.time[i]! - funding.time[i - 1]!).toBe(28_800_000);
    expect(generateFunding(bars, 1)).toEqual(funding);
    expect(generateFunding(bars, 2).rate).not.toEqual(funding.rate);
  });

  it("lies around a hundredth of a percent, within limits, and rises with the price", () => {
    const mean = funding.rate.reduce((sum, r) => sum + r, 0) / funding.rate.length;
    expect(Math.abs(mean - 0.0001)).toBeLessThan(0.0003);
    expect(Math.max(...funding.rate.map(Math.abs))).toBeLessThanOrEqual(0.0075);
    expect(new Set(funding.rate).size).toBeGreaterThan(500);
    const rise = (i: number) => Math.log(bars.close[(i + 1) * 8 - 2]! / bars.close[Math.max(0, i * 8 - 2)]!);
    let together = 0;
    for (let i = 1; i < 1000; i++) together += Math.sign(rise(i)) * Math.sign(funding.rate[i]! - funding.rate[i - 1]!);
    expect(together).toBeGreaterThan(100);
  });

  it("is empty for no bars", () => {
    const none = { ...bars, length: 0, time: new Float64Array(0), open: new Float64Array(0) };
    expect(generateFunding(none, 1).time.length).toBe(0);
  });
});

describe("syntheticInstrument", () => {
  it("is a whole instrument whose margin deductions make the ladder continuous", () => {
    const rules = syntheticInstrument("BTCUSDT", "0.5");
    expect(parseInstrument(JSON.stringify(rules), "x.json")).toEqual(rules);
    expect(stepsOf(rules).price.step).toBe(0.5);
    const tiers = rules.riskTiers.map(
      (t) => [+t.limitValue, +t.maintenanceMarginRate, +t.maintenanceDeduction] as const,
    );
    for (let i = 1; i < tiers.length; i++) {
      const at = tiers[i - 1]![0];
      expect(at * tiers[i]![1] - tiers[i]![2]).toBeCloseTo(at * tiers[i - 1]![1] - tiers[i - 1]![2], 6);
    }
  });
});

describe("parseInstrument", () => {
  const rules = syntheticInstrument("BTCUSDT");

  it.each<[string, object, RegExp]>([
    ["a missing field", { ...rules, tickSize: undefined }, /tickSize is missing; it must be a step/],
    [
      "a number for a decimal text",
      { ...rules, minOrderQty: 0.001 },
      /minOrderQty is "0.001"; it must be a plain decimal/,
    ],
    ["a step of 0", { ...rules, qtyStep: "0" }, /qtyStep/],
    ["an unknown category", { ...rules, category: "option" }, /category .*linear, inverse or spot/],
    [
      "a tier that is cut short",
      { ...rules, riskTiers: [{ limitValue: "1" }] },
      /riskTiers\[0\]\.initialMarginRate is missing/,
    ],
    ["a list", [rules], /is not an object/],
  ])("refuses %s", (_, value, message) => {
    expect(() => parseInstrument(JSON.stringify(value), "rules.json")).toThrow(
      expect.objectContaining({ code: "INSTRUMENT", message: expect.stringMatching(message) }),
    );
  });

  it("refuses what is not JSON", () => {
    expect(() => parseInstrument("{", "rules.json")).toThrow(expect.objectContaining({ code: "INSTRUMENT" }));
  });
});
