import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { METRICS } from "../../src/metrics/catalogue.ts";
import { widthOf } from "../../src/report/layout.ts";
import { optimizationReport } from "../../src/report/optimization.ts";
import { optimization, verdictOf } from "./examples.ts";

const plain = { color: false, columns: 80 };
const report = optimizationReport(optimization(), plain);

describe("optimizationReport", () => {
  it("says how much was searched", () => {
    expect(report).toContain("study demo · tpe, seed 1 · 50 trials: 47 complete, 2 pruned, 1 failed · 3s");
    expect(report).toContain("best sharpe at trial 30 of 50");
  });

  it("shows the best beside what luck reaches, and what was held out", () => {
    expect(report).toMatch(/│ Sharpe found +│ Out of sample +│ Sharpe by luck +│ Chance of skill +│/);
    expect(report).toContain("┊ out of sample");
    expect(report).toMatch(/in sample +out of sample +out ÷ in/);
  });

  it("lists the best trials with as many parameters as fit", () => {
    expect(report).toContain("Best 10 of 50 trials");
    expect(report).toMatch(/trial +sharpe +return +drawdown +trades +rsiPeriod +oversold +overbought +…/);
    expect(report).toMatch(/\n#30 +2\.00 /);
    expect(report).not.toContain("\n#20 ");
  });

  it("draws how much each parameter mattered, the most important first", () => {
    expect(report).toMatch(/rsiPeriod +14 +50% ━{20,}\noversold +30 +30% ━+/);
  });

  it("says so where nothing was held out", () => {
    const input = optimization({ outOfSample: null });
    const report = optimizationReport({ ...input, verdict: verdictOf(input.inSample, null) }, plain);
    expect(report).toContain("nothing held out");
    expect(report).not.toContain("┊");
  });

  it("leaves out what it was not given", () => {
    const { importance, values, ...rest } = optimization({ top: [] });
    const report = optimizationReport(rest, plain);
    expect(importance && values).toBeDefined();
    expect(report).not.toMatch(/Search for|how much each mattered|Best 0/);
  });

  it("carries the watermark of optimistic fills", () => {
    const { inSample } = optimization();
    const settings = { ...inSample.settings, fill: "close" as const };
    expect(optimizationReport(optimization({ inSample: { ...inSample, settings } }), plain)).toContain("OPTIMISTIC");
  });

  it("fits its screen for any objective, names and numbers", () => {
    const number = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    const params = fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,30}$/), fc.oneof(number, fc.boolean(), fc.string()));
    const base = optimization();
    fc.assert(
      fc.property(
        fc.constantFrom(...METRICS.map((metric) => metric.name)),
        params,
        fc.array(fc.option(number), { maxLength: 300 }),
        fc.integer({ min: 60, max: 120 }),
        (objective, best, values, columns) => {
          const row = { number: 123_456, value: values.find((value) => value !== null) ?? 0, params: best };
          const input = { ...base, objective, values, best: row, top: [row, row], importance: {} };
          const text = optimizationReport(input, { color: false, columns });
          for (const line of text.split("\n")) expect(widthOf(line), line).toBeLessThanOrEqual(Math.min(80, columns));
        },
      ),
      { numRuns: 100 },
    );
  });
});
