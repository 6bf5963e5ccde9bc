import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { indicatorTable, withTable } from "../../scripts/indicator-table.ts";
import { INDICATORS } from "../../src/indicators/catalogue.ts";

const guide = readFileSync(join(import.meta.dirname, "../../docs/guide/indicators.md"), "utf8");

describe("the guide's table of indicators", () => {
  it("is what the catalogue says (else run node scripts/indicator-table.ts)", () => {
    expect(withTable(guide)).toBe(guide);
  });

  it("has a row for every indicator", () => {
    for (const { name } of INDICATORS) expect(indicatorTable()).toContain(`| \`${name}(`);
    expect(INDICATORS).toHaveLength(60); // the guide's first words
  });
});
