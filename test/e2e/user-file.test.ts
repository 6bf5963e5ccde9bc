import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { grimoire } from "../support/cli.ts";
import { runProcess } from "../support/process.ts";

const define = (more: string) =>
  `defineStrategy({ name: "mine", params: { n: int(9, { min: 5, max: 30 }) }, rules: ({ close, sma, scan }, p) => {
    ${more}
    return { enterLong: close.above(sma(close, p.n)), exitLong: close.below(sma(close, p.n)) };
  } })`;
const module = (more: string, before = "") =>
  `import { defineStrategy, int } from "bybit-grimoire";\n${before}\nexport default ${define(more)};`;

const FILES: Record<string, string> = {
  "plain.ts": module(""),
  "typed.ts": module(
    "const twice: number = (p.n as number) satisfies number;",
    "interface Nothing { readonly x: number }\ntype Alias = Nothing | null;\nexport const kept = null as Alias;",
  ),
  "plain.js": module(""),
  "plain.mjs": module(""),
  "plain.cjs": `const { defineStrategy, int } = require("bybit-grimoire");\nmodule.exports = ${define("")};`,
  "with space.ts": module(""),
  "throws.ts": 'throw new Error("at once");',
  "syntax.ts": "export default {\n  name: ;\n};",
  "none.ts": "export const strategy = 1;",
  "other.ts": "export default { name: 'x' };",
  "nothing.ts": "",
  "enum.ts": "enum Kind { A }\nexport default Kind.A;",
  "awaits.ts": "await 1;\nexport default 1;",
  "lacks.ts": 'import x from "no-such-package";\nexport default x;',
  "sometimes.ts": module('if (p.n > 15) throw new Error("n is too large\\nreally");'),
  "scan.ts": module(
    'const s = scan({ initial: 0, step: (c: number) => { if (c > 50) throw new TypeError("in my scan"); return c + 1; } });\n' +
      "    return { enterLong: s.equals(3), exitLong: s.above(p.n) };",
  ),
  "dies.ts": module(
    "const s = scan({ initial: 0, step: (c: number) => { if (!isMainThread) process.exit(3); return c + 1; } });\n" +
      "    return { enterLong: s.equals(3), exitLong: s.above(p.n) };",
    'import { isMainThread } from "node:worker_threads";',
  ),
};

/** An empty folder that belongs to no project. */
let cwd = "";
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "grimoire-user-"));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(cwd, name), text);
  const made = await runProcess(["data", "generate", "--interval", "60", "--days", "60", "--out", "bars.csv"], cwd);
  expect(made.code, made.err).toBe(0);
});
afterAll(() => rmSync(cwd, { recursive: true }));

const at = (name: string) => join(cwd, name);
const subject = (name: string) => ["--strategy", at(name), "--data", at("bars.csv"), "--json"];
const backtest = (name: string) => grimoire("backtest", ...subject(name));
const searchOf = (name: string, jobs: string) => [
  ...["optimize", ...subject(name), "--trials", "12", "--min-trades", "0", "--batch", "2", "--jobs", jobs],
  ...["--storage", at(`${name}-${jobs}.sqlite`)],
];
const search = (name: string, jobs: string) => grimoire(...searchOf(name, jobs));

describe("a strategy in a folder without a project", () => {
  it.each(["plain.ts", "typed.ts", "plain.js", "plain.mjs", "plain.cjs", "with space.ts"])(
    "%s trades as it does in any other dialect",
    async (name) => {
      const [first, mine] = [await backtest("plain.ts"), await runProcess(["backtest", ...subject(name)], cwd)];
      expect([mine.code, mine.err]).toEqual([0, ""]);
      expect(JSON.parse(mine.out).trades).toEqual(JSON.parse(first.out).trades);
      expect(JSON.parse(mine.out).trades.length).toBeGreaterThan(10);
    },
  );

  it.each([
    ["throws.ts", /at once \(\S*throws\.ts:1\) \[STRATEGY_LOAD\]/],
    ["syntax.ts", /syntax\.ts:2: .*\[STRATEGY_SYNTAX\]/],
    ["none.ts", /none\.ts has no default export.*\[STRATEGY_EXPORT\]/],
    ["other.ts", /other\.ts is not a strategy.*\[STRATEGY_EXPORT\]/],
    ["nothing.ts", /nothing\.ts has no default export.*\[STRATEGY_EXPORT\]/],
    ["enum.ts", /enum\.ts:1: .*enum.*\[STRATEGY_SYNTAX\]/],
    ["awaits.ts", /awaits\.ts uses await.*\[STRATEGY_LOAD\]/],
    ["lacks.ts", /no-such-package.*lacks\.ts.*\[STRATEGY_LOAD\]/],
    ["scan.ts", /a scan threw: in my scan \(\S*scan\.ts:\d+\) \[RULES_THROW\]/],
  ])("%s is refused with file and line, searching as trading", async (name, names) => {
    const answers = await Promise.all([backtest(name), search(name, "1"), search(name, "2")]);
    for (const { code, out, err } of answers) {
      expect([code, err.split("\n").length], err).toEqual([1, 2]);
      expect(err).toMatch(name === "scan.ts" ? /a scan threw: in my scan \(\S*scan\.ts:\d+\)/ : names);
      expect(JSON.parse(out)).toHaveProperty("error.code");
    }
    expect(answers[0]!.err).toMatch(names);
  });

  it("that refuses some of its parameters fails those trials and no others, in one thread as in two", async () => {
    const [one, two] = await Promise.all([search("sometimes.ts", "1"), search("sometimes.ts", "2")]);
    const [first, second] = [JSON.parse(one.out), JSON.parse(two.out)];
    expect(first.trials).toMatchObject({ total: 12, pruned: 0 });
    expect(first.trials.failed).toBeGreaterThan(0);
    expect(first.trials.complete).toBeGreaterThan(0);
    expect([second.trials, second.best]).toEqual([first.trials, first.best]);
  });

  it("that ends its worker thread ends the search with one line", async () => {
    const { code, err } = await runProcess(searchOf("dies.ts", "2"), cwd);
    expect([code, err]).toEqual([1, "error: a worker thread failed: exit code 3 [WORKER]\n"]);
  });

  it("leaves nothing beside it but what was asked for", () => {
    const others = readdirSync(cwd).filter(
      (name) => !(name in FILES) && !/\.sqlite(-wal|-shm)?$|^bars\.csv$/.test(name),
    );
    expect(others).toEqual([]);
  });
});
