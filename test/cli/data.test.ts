import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";
import { openCatalogue } from "../../src/store/catalogue.ts";
import { exportBars } from "../../src/store/export.ts";
import { generateBars } from "../../src/store/generate.ts";
import { loadBars } from "../../src/store/load.ts";

const FROM = Date.UTC(2024, 0, 1);
const HOUR = 3_600_000;
const HEADER = "startTime,open,high,low,close,volume";
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-data-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Runs `grimoire data …` on a catalogue of this test's own. */
async function data(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    signal: new AbortController().signal,
    color: false,
    columns: 80,
  };
  const code = await main(["data", ...argv, "--dir", join(dir, "data")], io);
  return { code, out: out.join("\n"), err: err.join("\n") };
}
async function json(...argv: string[]) {
  const { code, out, err } = await data(...argv, "--json");
  return { code, err, value: JSON.parse(out) };
}
function file(name: string, ...rows: string[]): string {
  const path = join(dir, name);
  writeFileSync(path, `${[HEADER, ...rows].join("\n")}\n`);
  return path;
}
const row = (i: number) => `${FROM + i * HOUR},10,12,9,11,5`;
const rows = (...hours: number[]) => hours.map(row);

describe("grimoire data import", () => {
  it("says what it read, added and dropped", async () => {
    const path = file("bybit-linear_BTCUSDT_60.csv", ...rows(0, 1, 2, 5));
    expect(await data("import", path)).toEqual({
      code: 0,
      err: "",
      out: [
        path,
        "  bybit/linear/BTCUSDT/60: 4 rows read, 3 bars added",
        "  dropped the last bar 2024-01-01 05:00: it may be unfinished (--keep-last keeps it)",
      ].join("\n"),
    });
    const again = await json("import", path, "--keep-last");
    expect(again.value).toMatchObject({
      interrupted: false,
      files: [{ file: path, rows: 4, dropped: [], gaps: 1, missing: 2, written: { added: 1, unchanged: 3 } }],
    });
  });

  it("takes several files and every option of the market", async () => {
    const [a, b] = [file("a.csv", ...rows(0, 1, 2)), file("b.csv", ...rows(2, 3, 4))];
    const market = ["--venue", "okx", "--category", "spot", "--symbol", "BTCUSDT", "--interval", "1h"];
    const { code, value } = await json("import", a, b, ...market, "--keep-last");
    expect(code).toBe(0);
    expect(value.files.map((f: { written: { added: number } }) => f.written.added)).toEqual([3, 2]);
    expect((await json("list")).value.series).toMatchObject([{ venue: "okx", category: "spot", bars: 5 }]);
  });

  it.each<[string, string[], RegExp]>([
    ["NOT_A_NUMBER", [row(0), `${FROM + HOUR},10,x,9,11,5`], /BTCUSDT_60.csv: row 3: high is not a number: "x"/],
    ["TIME_DUPLICATE", [row(0), row(0)], /row 3: startTime repeats/],
    ["HIGH_BELOW_LOW", [`${FROM},10,8,9,10,5`], /row 2: high 8 is below low 9/],
  ])("refuses %s with exit code 1, one line, and nothing written", async (code, lines, message) => {
    const path = file("BTCUSDT_60.csv", ...lines);
    const plain = await data("import", path);
    expect(plain).toMatchObject({ code: 1, out: "", err: expect.stringMatching(message) });
    expect(plain.err.split("\n")).toHaveLength(1);
    const { value } = await json("import", path);
    expect(value.error).toMatchObject({ code, details: { file: path } });
    expect(existsSync(join(dir, "data"))).toBe(false);
  });

  it("refuses wrong use with exit code 2", async () => {
    expect((await data("import")).code).toBe(2);
    const path = file("BTCUSDT_60.csv", ...rows(0, 1));
    expect(await data("import", path, "--category", "futures")).toMatchObject({ code: 2 });
    expect(await data("import", path, "--interval", "7")).toMatchObject({ code: 2 });
    expect(await data("import", path, "--symbol", "../x")).toMatchObject({ code: 2 });
    expect((await data("import", path, "--frobnicate")).code).toBe(2);
  });

  it("names the process that is writing already", async () => {
    mkdirSync(join(dir, "data"));
    const holder = { pid: process.pid, host: hostname(), started: startOf(process.pid), token: "x" };
    writeFileSync(join(dir, "data/.lock"), JSON.stringify(holder));
    const answer = await data("import", file("BTCUSDT_60.csv", ...rows(0, 1, 2)));
    expect(answer).toMatchObject({ code: 1, err: expect.stringContaining(`process ${process.pid} is writing`) });
  });

  it("ends with 130 on Ctrl-C after a whole month, and completes when run again", async () => {
    const bars = generateBars({ seed: 1, symbol: "BTCUSDT", interval: "1", from: FROM, length: 400_000 });
    const path = join(dir, "BTCUSDT_1.parquet");
    await exportBars(path, bars);
    const months = join(dir, "data/bybit/linear/BTCUSDT/1");
    const script = join(import.meta.dirname, "../../src/cli/main.ts");
    const child = spawn(process.execPath, [script, "data", "import", path, "--dir", join(dir, "data")]);
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    while (child.exitCode === null && !(existsSync(months) && readdirSync(months).some((n) => n.endsWith("parquet")))) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(said).toContain("every month is whole");
    expect(readdirSync(months).length).toBeLessThan(10);
    expect((await data("import", path)).code).toBe(0);
    const series = { venue: "bybit", category: "linear", symbol: "BTCUSDT", interval: "1", kind: "trade" } as const;
    const read = await openCatalogue(join(dir, "data")).read(series);
    expect(Buffer.compare(bytes(read.close), bytes(bars.close))).toBe(0);
  });
});

describe("grimoire data list", () => {
  it("is friendly when there is nothing, and fits 80 columns when there is", async () => {
    expect(await data("list")).toMatchObject({ code: 0, out: expect.stringContaining("holds no market data yet") });
    await data("generate", "--symbol", "1000000LONGNAMEUSDT", "--days", "100", "--interval", "1");
    const { out } = await data("list");
    expect(out).toContain("synthetic/linear/1000000LONGNAMEUSDT  1         144,000  2024-01-01  2024-04-09");
    expect(out).toContain("301 funding rates, instrument rules");
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect((await json("list")).value).toMatchObject({
      series: [{ symbol: "1000000LONGNAMEUSDT", bars: 144_000, months: 4 }],
      markets: [{ funding: 301, instrument: true }],
    });
  });
});

describe("grimoire data check", () => {
  it("ends with 0 on sound data and on warnings, with 1 on errors, of files and of the catalogue", async () => {
    await data("generate", "--symbol", "BTCUSDT", "--days", "10", "--interval", "60");
    expect(await data("check")).toMatchObject({ code: 0, out: expect.stringContaining("nothing to complain about") });
    const gap = file(
      "BTCUSDT_60.csv",
      ...Array.from({ length: 200 }, (_, i) => row(i < 100 ? i : i + 1).replace(/5$/, String(5 + i))),
    );
    expect(await data("check", gap)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/warning 1 × gaps, 1 bar missing/),
    });
    const bad = file("ETHUSDT_60.csv", ...rows(0, 1, 1, 2));
    const answer = await data("check", gap, bad);
    expect(answer).toMatchObject({ code: 1, err: expect.stringMatching(/ETHUSDT_60.csv: errors found/) });
    for (const line of answer.out.split("\n").filter((text) => text.startsWith("  ")))
      expect(line.length).toBeLessThanOrEqual(80);
  });

  it("prints one JSON document, errors or not", async () => {
    const bad = file("ETHUSDT_60.csv", ...rows(0, 1, 1, 2));
    const { code, value } = await json("check", bad);
    expect(code).toBe(1);
    expect(value).toMatchObject({
      ok: false,
      reports: [
        {
          source: bad,
          ok: false,
          findings: [{ kind: "duplicates", severity: "error", count: 1, examples: [{ time: FROM + HOUR }] }],
        },
      ],
    });
  });

  it("says when there is no such thing", async () => {
    expect(await data("check", "DOGEUSDT")).toMatchObject({ code: 1, err: expect.stringContaining("DATA_UNKNOWN") });
    expect(await data("check", "nowhere.csv")).toMatchObject({ code: 1, err: expect.stringContaining("FILE_MISSING") });
  });
});

describe("grimoire data generate, resample and export", () => {
  it("generates the same bytes for the same seed, into a file or the catalogue", async () => {
    const [a, b] = [join(dir, "a.csv"), join(dir, "b.csv")];
    const options = ["--seed", "7", "--interval", "15", "--days", "3"];
    expect((await data("generate", ...options, "--out", a)).code).toBe(0);
    expect((await data("generate", ...options, "--out", b)).code).toBe(0);
    expect(readFileSync(a)).toEqual(readFileSync(b));
    const { value } = await json("generate", ...options, "--symbol", "X1");
    expect(value).toMatchObject({ seed: "7", symbol: "X1", interval: "15", bars: 288, from: FROM });
    const stored = join(dir, "c.csv");
    expect((await data("export", "X1", stored)).code).toBe(0);
    expect(readFileSync(stored)).toEqual(readFileSync(a));
  });

  it("resamples inside the catalogue and into files", async () => {
    await data("generate", "--symbol", "BTCUSDT", "--interval", "15", "--days", "3");
    const inside = await json("resample", "BTCUSDT", "--interval", "4h");
    expect(inside).toMatchObject({ code: 0, value: { from: "15", to: "240", read: 288, bars: 18, added: 18 } });
    const out = join(dir, "BTCUSDT_D.parquet");
    expect((await data("resample", "BTCUSDT", "--interval", "D", "--out", out)).out).toContain(
      "288 bars of 15 made 3 bars of D",
    );
    expect(await loadBars(out)).toMatchObject({ interval: "D", length: 3, symbol: "BTCUSDT" });
    const path = file("ETHUSDT_60.csv", ...rows(0, 1, 2, 3, 4));
    expect((await data("resample", path, "--interval", "2h", "--out", out)).out).toContain("made 2 bars");
    expect((await data("resample", path, "--interval", "2h", "--partial", "--out", out)).out).toContain("made 3 bars");
    expect(await data("resample", path, "--interval", "2h")).toMatchObject({
      code: 2,
      err: expect.stringContaining("--out"),
    });
  });

  it("exports a range, resampled when only shorter bars are stored", async () => {
    await data("generate", "--symbol", "BTCUSDT", "--interval", "15", "--days", "3");
    const out = join(dir, "out.csv.gz");
    const { value } = await json(
      "export",
      "BTCUSDT",
      out,
      "--interval",
      "60",
      "--from",
      "2024-01-02",
      "--to",
      "2024-01-03T06:00",
    );
    expect(value).toMatchObject({
      format: "csv.gz",
      interval: "60",
      bars: 30,
      from: FROM + 24 * HOUR,
      to: FROM + 53 * HOUR,
    });
    expect((await loadBars(out, { symbol: "BTCUSDT" })).length).toBe(30);
  });

  it.each([
    [["generate", "--days", "0"]],
    [["generate", "--days", "3", "--to", "2024-02-01"]],
    [["generate", "--to", "2023-01-01"]],
    [["generate", "--tick", "abc"]],
    [["generate", "--volatility", "-1"]],
    [["generate", "--out", "x.xls"]],
    [["export", "BTCUSDT", "x.txt"]],
    [["export", "BTCUSDT", "x.csv", "--from", "2024-02-01", "--to", "2024-01-01"]],
    [["resample", "BTCUSDT"]],
  ])("refuses wrong use with exit code 2: %j", async (argv) => {
    const answer = await data(...argv);
    expect(answer.code).toBe(2);
    expect(answer.err).not.toContain("    at ");
  });
});

describe("grimoire data --help", () => {
  it.each(["import", "list", "check", "resample", "export", "generate"])(
    "%s shows examples within 80 columns",
    async (name) => {
      const { code, out } = await data(name, "--help");
      expect(code).toBe(0);
      expect(out).toContain(`Examples:\n  grimoire data ${name}`);
      for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    },
  );
});

const bytes = (column: Float64Array) => Buffer.from(column.buffer, column.byteOffset, column.byteLength);

function startOf(pid: number): string {
  if (!existsSync(`/proc/${pid}/stat`)) return "";
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]!;
}
