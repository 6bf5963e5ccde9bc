import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";
import { INDICATORS } from "../../src/indicators/catalogue.ts";
import { batch } from "../../src/indicators/kernel.ts";
import { sma } from "../../src/indicators/overlap/sma.ts";

const CLOSES = [10, 11, 12, 14, 10.5];
const START = Date.UTC(2024, 0, 1);
const TIMES = CLOSES.map((_, i) => START + i * 3_600_000);
let dir = "";
let file = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-indicator-"));
  file = join(dir, "bybit-linear_BTCUSDT_60.csv");
  const rows = CLOSES.map((close, i) => `${TIMES[i]},${close},${close + 1},${close - 1},${close},${i + 1}`);
  writeFileSync(file, `${["startTime,open,high,low,close,volume", ...rows].join("\n")}\n`);
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Runs `grimoire indicator …`. */
async function indicator(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    signal: new AbortController().signal,
    color: false,
    columns: 80,
  };
  const code = await main(["indicator", ...argv], io);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

describe("grimoire indicator", () => {
  it("prints a table of UTC times and ten digits, a dash where undefined", async () => {
    expect(await indicator("sma", "period=3", "--data", file)).toEqual({
      code: 0,
      err: "",
      out: [
        "time                      sma",
        "2024-01-01 00:00            -",
        "2024-01-01 01:00            -",
        "2024-01-01 02:00           11",
        "2024-01-01 03:00  12.33333333",
        "2024-01-01 04:00  12.16666667",
      ].join("\n"),
    });
  });

  it("prints JSON with every digit, null where undefined", async () => {
    const { code, out } = await indicator("sma", "period=3", "--data", file, "--json");
    const column = Array.from(batch(sma(3), Float64Array.from(CLOSES))[0]!, (value) =>
      Number.isNaN(value) ? null : value,
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ time: TIMES, sma: column });
  });

  it("prints CSV of the last rows, over another column", async () => {
    const { out } = await indicator("sma", "period=2", "--over", "volume", "--data", file, "--csv", "--last", "2");
    expect(out).toBe(`time,sma\n${TIMES[3]},3.5\n${TIMES[4]},4.5`);
  });

  it("names every output", async () => {
    const { out } = await indicator("stoch", "kPeriod=2", "kSmooth=1", "dPeriod=2", "--data", file, "--json");
    expect(Object.keys(JSON.parse(out))).toEqual(["time", "k", "d"]);
  });

  it("lists all indicators with settings and outputs", async () => {
    const { code, out } = await indicator("--list");
    expect(code).toBe(0);
    expect(out.match(/^\w+/gm)).toEqual(["name", ...INDICATORS.map((one) => one.name)]);
    expect(out).toMatch(/^macd +fast=12 slow=26 signal=9 align=talib\n +gives macd signal histogram$/m);
    const listed = JSON.parse((await indicator("--list", "--json")).out) as Record<string, unknown>[];
    expect(listed.map((entry) => entry.name)).toEqual(INDICATORS.map((one) => one.name));
    expect(Object.keys(listed[0]!)).toEqual([
      "name",
      "title",
      "family",
      "over",
      "inputs",
      "params",
      "outputs",
      "pandasTa",
    ]);
  });

  it.each([
    [[], "no indicator named"],
    [["rsy"], 'unknown indicator "rsy"; nearest: rsi'],
    [["rsi"], "no bars told; add --data FILE"],
    [["rsi", "14"], '"14" is not of the form name=value'],
    [["rsi", "period=0"], "rsi: period must be an integer ≥ 1, was 0"],
    [["rsi", "period=7", "period=8"], '"period=8" tells period twice'],
    [["rsi", "length=7"], "rsi: length is not one of its parameters (period)"],
    [["ema", "seed=last"], "ema: seed must be one of sma first"],
    [["rsi", "--over", "price"], 'no column "price"'],
    [["atr", "--over", "open"], "atr reads high low close"],
    [["rsi", "--last", "0"], '--last must be an integer ≥ 1, was "0"'],
  ])("refuses %j with one line and exit code 2", async (argv, message) => {
    const needsData = !["no indicator", "no bars"].some((start) => message.startsWith(start));
    const { code, out, err } = await indicator(...argv, ...(needsData ? ["--data", file] : []));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`error: ${message}`);
    expect(err.split("\n")).toHaveLength(1);
  });
});
