import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";

let dir = "";
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-freeze-"));
  const data = ["--dir", dir];
  await grimoire("data", "generate", "--symbol", "SYN", "--interval", "60", "--days", "90", "--seed", "5", ...data);
  const search = ["--strategy", "rsi-trend", "--data", "SYN", "--interval", "60", "--trials", "12", "--jobs", "1"];
  const found = await grimoire("optimize", ...search, "--min-trades", "0", "--study", "spring", ...data, "--json");
  expect(found.code, found.err).toBe(0);
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true }));

async function grimoire(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    signal: new AbortController().signal,
    color: false,
    columns: 80,
  };
  const code = await main(argv, io);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const freeze = (...argv: string[]) => grimoire("strategy", "freeze", ...argv, "--dir", dir);

describe("grimoire strategy freeze --study", () => {
  it("writes the strategy, parameters and origin of a trial", async () => {
    const out = join(dir, "best.ts");
    const { code, out: printed, err } = await freeze("--study", "spring", "--trial", "3", "--out", out, "--json");
    expect(err).toBe("");
    expect(code).toBe(0);
    const frozen = JSON.parse(printed);
    expect(frozen).toMatchObject({ strategy: "rsi-trend", file: out, study: "spring", trial: 3 });
    const text = readFileSync(out, "utf8");
    expect(text).toContain(" * Study: spring, trial 3\n * Data: SYN 60\n");
    for (const [name, value] of Object.entries(frozen.params)) expect(text).toContain(`  ${name}: ${value},`);
    const shown = JSON.parse((await grimoire("strategy", "show", out, "--json")).out);
    expect(shown.values).toEqual(frozen.params);
  });

  it("trades as the trial did", async () => {
    const out = join(dir, "same.ts");
    expect((await freeze("rsi-trend", "--study", "spring", "--trial", "best", "--out", out)).out).toBe(`Wrote ${out}`);
    const data = ["--dir", dir, "--json"];
    const ofStudy = await grimoire("backtest", "--study", "spring", "--trial", "best", ...data);
    const ofFile = await grimoire("backtest", "--strategy", out, "--data", "SYN", "--interval", "60", ...data);
    expect(JSON.parse(ofFile.out).metrics).toEqual(JSON.parse(ofStudy.out).metrics);
  });

  it("claims no trial once a parameter was changed by hand", async () => {
    const out = join(dir, "changed.ts");
    await freeze("--study", "spring", "--param", "rsiPeriod=10", "--out", out);
    const text = readFileSync(out, "utf8");
    expect(text).toContain("  rsiPeriod: 10,");
    expect(text).not.toContain("Study:");
  });

  it.each([
    [["--study", "autumn"], 1, 'no study "autumn"'],
    [["--study", "spring", "--trial", "99"], 2, "best or a number from 0 to 11"],
    [["supertrend", "--study", "spring"], 1, "searched another strategy"],
    [[], 2, "name a strategy, or a study"],
  ])("refuses %o with exit code %i, one clear line and no file", async (argv, code, text) => {
    const out = join(dir, "never.ts");
    const result = await freeze(...argv, "--out", out);
    expect([result.code, result.err]).toEqual([code, expect.stringContaining(text)]);
    expect(existsSync(out)).toBe(false);
  });
});
