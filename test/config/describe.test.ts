import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configTable, schemaText } from "../../src/config/describe.ts";

const docs = join(import.meta.dirname, "../../docs");

describe("the documented configuration", () => {
  it("is the schema's: node scripts/config-schema.ts writes both", () => {
    expect(readFileSync(join(docs, "config.schema.json"), "utf8")).toBe(schemaText());
    expect(readFileSync(join(docs, "guide/config.md"), "utf8")).toContain(configTable());
  });

  it("describes every field", () => {
    const rows = configTable().split("\n").slice(2, -1);
    expect(rows.length).toBeGreaterThan(30);
    for (const row of rows) expect(row).toMatch(/^\| `[^`]+` \| .* \| .* \| \S.* \|$/);
  });
});
