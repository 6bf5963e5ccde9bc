import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-strategy-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function strategy(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    signal: new AbortController().signal,
    color: false,
    columns: 80,
  };
  const code = await main(["strategy", ...argv], io);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

describe("grimoire strategy", () => {
  it("lists what ships, with parameters and warm-up", async () => {
    const { code, out } = await strategy("list", "--json");
    expect(code).toBe(0);
    const entries = JSON.parse(out);
    expect(entries.map((entry: { name: string }) => entry.name)).toContain("rsi-trend");
    expect(entries[0]).toMatchObject({
      name: "rsi-trend",
      warmup: 199,
      spaceSize: 21 * 21 * 21 * 201,
      params: { rsiPeriod: { kind: "int", default: 14, min: 10, max: 30 } },
    });
    expect((await strategy("list")).out).toMatch(/^rsi-trend {2}\(4 parameters, warm-up 199 bars\)\n {2}Buys when/);
  });

  it("shows rules, warm-up, parameters and space", async () => {
    const { code, out } = await strategy("show", "rsi-trend", "--param", "emaPeriod=250", "--param", "oversold=25");
    expect(code).toBe(0);
    expect(out).toContain("enterLong  rsi(close, 14) < 25 and close > ema(close, 250)");
    expect(out).toMatch(/emaPeriod +250 {2}100 to 300/);
    expect(out).toContain("Warm-up  249 bars");
    expect(out).toContain("1,861,461 sets");
    const json = JSON.parse((await strategy("show", "macd-adx", "--json")).out);
    expect(json).toMatchObject({ name: "macd-adx", warmup: 34, values: { fast: 12 }, rules: { exitLong: "$2" } });
    expect((await strategy("show", "supertrend", "--graph")).out).toMatch(/^flowchart TD\n {2}n0\["/);
  });

  it("freezes parameters into a file that loads back, and does not overwrite it unasked", async () => {
    const file = join(dir, "mine.ts");
    const first = await strategy("freeze", "rsi-trend", "--param", "rsiPeriod=20", "--out", file);
    expect([first.code, first.out]).toEqual([0, `Wrote ${file}`]);
    expect((await strategy("show", file)).out).toContain("rsi(close, 20) < 30");
    const again = await strategy("freeze", "rsi-trend", "--out", file);
    expect([again.code, again.err]).toEqual([2, expect.stringContaining("add --force to replace it [OUT_EXISTS]")]);
    expect(readFileSync(file, "utf8")).toContain("rsiPeriod: 20");
    const copy = join(dir, "copy.mjs");
    const second = await strategy("freeze", file, "--param", "rsiPeriod=11", "--out", copy, "--json");
    expect(JSON.parse(second.out)).toMatchObject({ strategy: "rsi-trend", file: copy, params: { rsiPeriod: 11 } });
    expect(readFileSync(copy, "utf8")).toContain('import original from "./mine.ts";');
    expect((await strategy("show", copy)).out).toContain("rsi(close, 11) < 30");
  });

  it.each([
    [["show", "rsi-trnd"], 2, "nearest: rsi-trend"],
    [["show", "absent.ts"], 1, "strategy file not found: absent.ts"],
    [["show", "rsi-trend", "--param", "rsiPeriod=99"], 2, "rsiPeriod must be an integer from 10 to 30"],
    [["show", "rsi-trend", "--param", "rsiPeriod"], 2, "--param needs name=value"],
    [["show", "rsi-trend", "--param", "x=1"], 2, 'has no parameter "x"'],
    [["list", "--interval", "7m"], 2, "unknown interval"],
    [["freeze", "rsi-trend"], 2, "--out"],
    [["freeze", "rsi-trend", "--out", "notes.txt"], 2, "--out must end in"],
    [["show"], 2, "missing required argument"],
  ])("refuses %o with exit code %i and one clear line", async (argv, code, text) => {
    const result = await strategy(...argv);
    expect(result.code).toBe(code);
    expect(result.err).toContain(text);
    expect(result.out).toBe("");
  });

  it("writes nothing where the parameters are refused", async () => {
    const file = join(dir, "none.ts");
    expect((await strategy("freeze", "rsi-trend", "--param", "rsiPeriod=1", "--out", file)).code).toBe(2);
    expect(existsSync(file)).toBe(false);
  });

  it("names file and line of a user's mistake", async () => {
    const file = join(dir, "bad.ts");
    writeFileSync(file, 'import { defineStrategy } from "bybit-grimoire";\nexport default defineStrategy({;\n');
    const { code, err } = await strategy("show", file);
    expect([code, err.split("\n").length]).toEqual([1, 1]);
    expect(err).toMatch(/bad\.ts:2: .* \[STRATEGY_SYNTAX\]$/);
  });
});
