import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countBits } from "../../src/core/bits.ts";
import { signalsOf } from "../../src/strategy/evaluate.ts";
import { importPath, isStrategyFile, loadStrategyFile } from "../../src/strategy/load.ts";
import { streamOf } from "../../src/strategy/stream.ts";
import { provokingBars } from "./support/bars.ts";
import { barAt, plainRow, rowOf } from "./support/compare.ts";

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-load-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, ...lines: string[]): string {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}
const IMPORT = 'import { defineStrategy, int } from "bybit-grimoire";';
const rules = (text: string) => [
  IMPORT,
  'export default defineStrategy({ name: "mine", params: { n: int(14, { min: 2, max: 30 }) },',
  "  rules: ({ close, rsi }, p) => ({",
  text,
  "  }),",
  "});",
];
const FAIR = rules("    enterLong: rsi(close, p.n).below(40), exitLong: rsi(close, p.n).above(60),");

describe("loadStrategyFile", () => {
  it.each(["mine.ts", "mine.mts", "mine.js", "mine.mjs"])("loads %s from anywhere, as part of no project", (name) => {
    const strategy = loadStrategyFile(file(name, ...FAIR));
    expect(strategy.name).toBe("mine");
    expect(strategy.warmup({ n: 7 })).toBe(7);
    const bars = provokingBars("load", 200);
    const columns = signalsOf(strategy, { n: "9" }, bars);
    const stream = streamOf(strategy, { n: 9 }, bars);
    for (let i = 0; i < bars.length; i++) expect(plainRow(stream.push(barAt(bars, i)))).toEqual(rowOf(columns, i));
  });

  it("reads types, neighbours and CommonJS", () => {
    file("near/levels.ts", "export const oversold: number = 25;");
    const typed = file(
      "near/typed.ts",
      IMPORT,
      'import type { Strategy } from "bybit-grimoire";',
      'import { oversold } from "./levels.ts";',
      'const mine = defineStrategy({ name: "typed", params: {}, rules: ({ close, rsi }) => ({ enterLong: rsi(close, 5).below(oversold) }) });',
      "export default mine satisfies Strategy<{}>;",
    );
    expect(loadStrategyFile(typed).warmup()).toBe(5);
    const common = file(
      "common.cjs",
      'const { defineStrategy } = require("bybit-grimoire");',
      'module.exports = defineStrategy({ name: "common", params: {}, rules: ({ close }) => ({ enterLong: close.above(1) }) });',
    );
    expect(loadStrategyFile(common).name).toBe("common");
  });

  it.each<[string, string, readonly string[], string, RegExp]>([
    [
      "a syntax error in TypeScript",
      "a.ts",
      [IMPORT, "const x = ;"],
      "STRATEGY_SYNTAX",
      /a\.ts:2: Expression expected$/,
    ],
    [
      "a syntax error in JavaScript",
      "b.mjs",
      ["const a = 1;", "", "const x = ;"],
      "STRATEGY_SYNTAX",
      /b\.mjs:3: Unexpected token/,
    ],
    [
      "an enum",
      "c.ts",
      ["", "enum X { A }", "export default X;"],
      "STRATEGY_SYNTAX",
      /c\.ts:2: TypeScript enum is not supported/,
    ],
    [
      "code that throws",
      "d.ts",
      ["export const a = 1;", 'throw new Error("too late");'],
      "STRATEGY_LOAD",
      /failed while loading: too late \(.*d\.ts:2\)$/,
    ],
    ["an import of nothing", "e.ts", ['import "./nothing.ts";'], "STRATEGY_LOAD", /Cannot find module .*nothing\.ts/],
    [
      "an unknown name of the package",
      "f.ts",
      ['import { nope } from "bybit-grimoire";', "export default nope;"],
      "STRATEGY_LOAD",
      /does not provide an export named 'nope' \(.*f\.ts\)$/,
    ],
    ["await outside a function", "g.ts", ["await null;", "export default 1;"], "STRATEGY_LOAD", /must load at once/],
    [
      "no default export",
      "h.ts",
      ["export const strategy = 1;"],
      "STRATEGY_EXPORT",
      /h\.ts has no default export; end it with: export default/,
    ],
    [
      "a default export that is no strategy",
      "i.ts",
      ["export default { name: 1 };"],
      "STRATEGY_EXPORT",
      /the default export of .*i\.ts is not a strategy/,
    ],
    [
      "a bad parameter",
      "j.ts",
      [
        IMPORT,
        'export default defineStrategy({ name: "j",',
        "  params: { n: int(1, { min: 2, max: 3 }) }, rules: () => ({}) });",
      ],
      "PARAM_SPEC",
      /parameter n: the default 1 is outside 2 to 3 \(.*j\.ts:2/,
    ],
    [
      "rules that throw",
      "k.ts",
      rules("    enterLong: rsi(close, p.n).below(40),\n    exitLong:\n      undefined.foo,"),
      "RULES_THROW",
      /Cannot read properties of undefined .* \(.*k\.ts:6, in exitLong\)$/,
    ],
    [
      "rules that look ahead",
      "l.ts",
      rules("    enterLong: close.lag(-1).above(close),"),
      "LOOK_AHEAD",
      /was -1 \(.*l\.ts:4, in enterLong\)$/,
    ],
    [
      "a rule that is none",
      "m.ts",
      rules("    buy: close.above(1),"),
      "RULES_SHAPE",
      /rules returned "buy"; a rule is one of enterLong exitLong/,
    ],
  ])("says file and line of %s", (_, name, lines, code, message) => {
    const path = file(name, ...lines);
    expect(() => loadStrategyFile(path)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it("loads the examples of the guide, and they trade", () => {
    const guide = readFileSync(new URL("../../docs/guide/strategies.md", import.meta.url), "utf8");
    const examples = [...guide.matchAll(/```ts[^\n]*\n([\s\S]*?)```/g)].map((match) => match[1]!);
    expect(examples).toHaveLength(3);
    examples.forEach((text, k) => {
      const strategy = loadStrategyFile(file(`guide${k}.ts`, text));
      const signals = signalsOf(strategy, {}, provokingBars("guide", 6000, { interval: "60", flats: false }));
      expect(countBits(signals.enterLong!)).toBeGreaterThan(0);
    });
  });

  it("says what is missing", () => {
    expect(() => loadStrategyFile(join(dir, "absent.ts"))).toThrow(
      expect.objectContaining({ code: "STRATEGY_NOT_FOUND" }),
    );
    expect(() => loadStrategyFile(file("notes.txt", "hello"))).toThrow(
      expect.objectContaining({ code: "STRATEGY_LOAD" }),
    );
  });

  it("tells files from names, and writes how one file imports another", () => {
    expect(["a.ts", "./a", "dir/x.mjs", "rsi-trend"].map(isStrategyFile)).toEqual([true, true, true, false]);
    expect(importPath("/a/b/mine.ts", "/a/b")).toBe("./mine.ts");
    expect(importPath("/a/b/mine.ts", "/a/b/c/d")).toBe("../../mine.ts");
    expect(importPath("/a/b/mine.ts", "/a/x")).toBe("../b/mine.ts");
    expect(importPath("/a/my files/mine.ts", "/a")).toBe("./my files/mine.ts");
  });
});
