import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const HERE = import.meta.dirname;
const ROOT = join(HERE, "../..");
const sections = readFileSync(join(ROOT, "docs/guide/safety.md"), "utf8").split(/^## /m).slice(1);
/** File and test named by each row of each table. */
const rows = sections.flatMap((section) => {
  const file = /`(test\/regressions\/[\w-]+\.test\.ts)`/.exec(section)?.[1];
  const lines = section.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| what goes wrong"));
  return lines.map((line) => [file!, line.split("|").at(-2)!.trim()] as const);
});

/** Titles of the tests of a file, without the part that names the case. */
function titlesOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return [...text.matchAll(/(?:\bit\(|\](?: as const)?\)\()\s*"([^"]+)"/g)].map(([, title]) => {
    return title!.replace(/ \(([^)]*%[^)]*)\)$/, "").replace(/ %\w$/, "");
  });
}

describe("docs/guide/safety.md", () => {
  it.each(rows)("names a test that is there: %s, %s", (file, title) => {
    expect(titlesOf(file)).toContain(title);
  });

  it("names every test of this folder once", () => {
    const files = readdirSync(HERE).filter((name) => name.endsWith(".test.ts") && name !== "guide.test.ts");
    const titles = files.flatMap((name) => titlesOf(`test/regressions/${name}`));
    expect(rows.map(([, title]) => title).sort()).toEqual(titles.sort());
  });
});
