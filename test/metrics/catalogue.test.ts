import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { METRICS, metricOf } from "../../src/metrics/catalogue.ts";

describe("METRICS", () => {
  it("names no metric twice and explains each in a line", () => {
    expect(new Set(METRICS.map((metric) => metric.name)).size).toBe(METRICS.length);
    for (const metric of METRICS) expect(metric.about.length, metric.name).toBeLessThanOrEqual(72);
  });
});

describe("metricOf", () => {
  it("knows which way is good", () => {
    expect(metricOf("sharpe")).toMatchObject({ better: "higher", unit: "ratio", objective: true });
    expect(metricOf("maxDrawdown")).toMatchObject({ better: "lower", unit: "fraction", objective: true });
    expect(metricOf("ambiguousBars").objective).toBe(false);
  });

  it("answers an unknown name with the names there are", () => {
    expect(() => metricOf("sharp")).toThrow(
      expect.objectContaining({ code: "METRIC", message: expect.stringContaining("sharpe sharpeDaily sortino") }),
    );
  });
});

describe("docs/guide/metrics.md", () => {
  it("has the catalogue as its table", () => {
    const page = readFileSync(new URL("../../docs/guide/metrics.md", import.meta.url), "utf8");
    const rows = METRICS.map(({ name, unit, better, about }) => `| \`${name}\` | ${unit} | ${better} | ${about} |`);
    expect(page).toContain(rows.join("\n"));
  });
});
