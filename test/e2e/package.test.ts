import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const page = readFileSync(join(ROOT, "docs/guide/library.md"), "utf8");
const programs = [...page.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]!);

let project = "";
const bin = (name: string) => join(ROOT, "node_modules/.bin", name);
const run = (file: string, ...args: string[]) => {
  const env = { ...process.env, NO_COLOR: "1" };
  return execFileSync(file, args, { cwd: project, encoding: "utf8", env });
};

/** A project with the built package, as an install leaves it, and nothing else of this repository. */
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "grimoire-package-"));
  const modules = join(project, "node_modules");
  const installed = join(modules, "bybit-grimoire");
  mkdirSync(installed, { recursive: true });
  execFileSync(bin("tsc"), ["-p", "tsconfig.build.json", "--outDir", join(installed, "dist")], { cwd: ROOT });
  const { dependencies, files } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  for (const file of [...files, "package.json"].filter((name) => name !== "dist")) {
    cpSync(join(ROOT, file), join(installed, file), { recursive: true });
  }
  for (const name of [...Object.keys(dependencies), "@types/node"]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  }
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  programs.forEach((program, k) => {
    writeFileSync(join(project, `program${k}.ts`), program);
  });
}, 60_000);
afterAll(() => rmSync(project, { recursive: true }));

describe("the installed package", () => {
  it("type-checks the programs of its guide", () => {
    const names = programs.map((_, k) => `program${k}.ts`);
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024", "--types", "node"];
    expect(run(bin("tsc"), ...options, "--skipLibCheck", "false", ...names)).toBe("");
  });

  it("runs them", () => {
    expect(programs.length).toBe(3);
    const printed = programs.map((_, k) => run(process.execPath, `program${k}.ts`));
    expect(printed[0]).toMatch(/^\d+ trades, final equity \d+\.\d\d\n\{ fast: \d+, slow: \d+ \} [a-z ]+\n$/);
    expect(printed[1]).toMatch(/^-?\d+\.\d+ -?\d+\.\d+\n$/);
    expect(printed[2]).toMatch(/^\{ x: [12]\.\d+, y: -?[01] \}\n$/);
  });

  it("has the command, which loads a strategy file of the project", () => {
    const command = join(project, "node_modules/bybit-grimoire/bin/grimoire.mjs");
    expect(run(process.execPath, command, "--version")).toBe("0.1.0\n");
    writeFileSync(
      join(project, "mine.ts"),
      `import { defineStrategy, int } from "bybit-grimoire";
export default defineStrategy({ name: "mine", params: { n: int(9, { min: 5, max: 50 }) }, rules: ({ close, sma }, p) => ({
  enterLong: close.above(sma(close, p.n)), exitLong: close.below(sma(close, p.n)) }) });`,
    );
    expect(run(process.execPath, command, "strategy", "show", "mine.ts")).toContain("enterLong  close > sma(close, 9)");
    const search = ["optimize", "--strategy", "mine.ts", "--trials", "8", "--jobs", "2", "--min-trades", "0"];
    run(process.execPath, command, "data", "generate", "--interval", "60", "--days", "60");
    const found = JSON.parse(run(process.execPath, command, ...search, "--data", "SYNTHUSDT", "--json"));
    expect(found).toHaveProperty("best");
  });
});
