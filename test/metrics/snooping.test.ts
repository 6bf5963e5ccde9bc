import { describe, expect, it } from "vitest";
import { snooping } from "../../src/metrics/snooping.ts";
import { expectClose, golden, mulberry32, trialColumns } from "./golden.ts";

interface Expected {
  V: number;
  T_spa: number;
  omega: number[];
  p_reality_check: number;
  p_spa_consistent: number;
  p_spa_lower: number;
  p_spa_upper: number;
}
const { reality_check_spa } = golden<{ reality_check_spa: Record<"noise" | "skill", Expected> }>("resampling");

describe("snooping", () => {
  it.each(["noise", "skill"] as const)("equals the golden vector %s", (kind) => {
    const expected = reality_check_spa[kind];
    const result = snooping(trialColumns(kind), { runs: 1_000, meanLength: 10, random: mulberry32(2024) });
    expectClose(result.bestMean, expected.V);
    expectClose(result.bestStudentized, expected.T_spa);
    expected.omega.forEach((deviation, rule) => {
      expectClose(result.deviations[rule], deviation, `rule ${rule}`);
    });
    expectClose(result.realityCheck, expected.p_reality_check);
    expectClose(result.spaConsistent, expected.p_spa_consistent);
    expectClose(result.spaLower, expected.p_spa_lower);
    expectClose(result.spaUpper, expected.p_spa_upper);
  });

  it("orders Hansen's three values", () => {
    const { spaLower, spaConsistent, spaUpper } = snooping(trialColumns("noise"), {
      runs: 200,
      meanLength: 5,
      random: mulberry32(1),
    });
    expect(spaLower).toBeLessThanOrEqual(spaConsistent);
    expect(spaConsistent).toBeLessThanOrEqual(spaUpper);
  });

  it("refuses rules without returns, and of unequal length", () => {
    const options = { runs: 1, meanLength: 5, random: mulberry32(1) };
    expect(() => snooping([], options)).toThrow(expect.objectContaining({ code: "TRIALS" }));
    const unequal = [new Float64Array(5), new Float64Array(6)];
    expect(() => snooping(unequal, options)).toThrow(expect.objectContaining({ code: "COLUMN_LENGTH" }));
  });
});
