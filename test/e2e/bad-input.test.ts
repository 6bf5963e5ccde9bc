import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { grimoire } from "../support/cli.ts";

const HEADER = "startTime,open,high,low,close,volume\n";
const HOUR = 3_600_000;
const T0 = Date.parse("2024-01-01");

/** Rows of a quiet market; `edit` may spoil one. */
function csv(count: number, edit: (row: string[], i: number) => string[] | null = (row) => row): string {
  const rows: string[] = [];
  for (let i = 0; i < count; i++) {
    const price = 100 + Math.sin(i / 9) * 10;
    const row = edit([T0 + i * HOUR, price, price + 1, price - 1, price + 0.5, 10].map(String), i);
    if (row) rows.push(row.join(","));
  }
  return `${HEADER}${rows.join("\n")}\n`;
}

const put = (column: number, value: string, at: number) => (row: string[], i: number) =>
  i === at ? row.with(column, value) : row;

const FILES: Record<string, string> = {
  "good.csv": csv(600),
  "header.csv": csv(5).replace("startTime", "when"),
  "gap.csv": csv(600, (row, i) => (i === 300 ? null : row)),
  "duplicate.csv": csv(600, put(0, String(T0 + 9 * HOUR), 10)),
  "unsorted.csv": csv(600, put(0, String(T0 + 3 * HOUR), 10)),
  "nan.csv": csv(600, put(4, "NaN", 10)),
  "negative.csv": csv(600, put(3, "-5", 10)),
  "zero.csv": csv(600, put(1, "0", 10)),
  "high-low.csv": csv(600, put(2, "1", 10)),
  "empty.csv": "",
  "no-rows.csv": HEADER,
  "one.csv": csv(1),
  "few.csv": csv(50),
  "corrupt.parquet": "PAR1 this is no parquet PAR1",
  "throws.ts": `import { defineStrategy } from "bybit-grimoire";
export default defineStrategy({ name: "throws", params: {}, rules: () => { throw new Error("my own mistake"); } });`,
  "syntax.ts": "export default defineStrategy({ name: ",
  "nothing.ts": "export const x = 1;",
  "unknown-rule.ts": `import { defineStrategy } from "bybit-grimoire";
export default defineStrategy({ name: "odd", params: {}, rules: ({ close }) => ({ enterLog: close.above(1) }) as never });`,
};

let cwd = "";
const path = (name: string) => join(cwd, name);
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "bad-input-"));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(path(name), text);
});
afterAll(() => rmSync(cwd, { recursive: true }));

const backtest = (...more: string[]) => {
  const given = (flag: string, value: string) => (more.includes(flag) ? [] : [flag, value]);
  return ["backtest", ...given("--strategy", "rsi-trend"), ...given("--data", path("good.csv")), ...more];
};

/** What is typed, the exit code, and what the one line of the answer must name. */
const CASES: [title: string, argv: () => string[], code: number, names: RegExp][] = [
  ["a missing file", () => backtest("--data", path("nowhere.csv")), 1, /nowhere\.csv/],
  ["a wrong header", () => backtest("--data", path("header.csv")), 1, /header\.csv.*startTime/],
  ["a duplicate time", () => backtest("--data", path("duplicate.csv")), 1, /duplicate\.csv.*(row|line) 12/],
  ["an unsorted file", () => backtest("--data", path("unsorted.csv")), 1, /unsorted\.csv.*(row|line) 12/],
  ["not a number", () => backtest("--data", path("nan.csv")), 1, /nan\.csv.*(row|line) 12.*close/],
  ["a negative price", () => backtest("--data", path("negative.csv")), 1, /negative\.csv.*(row|line) 12.*low/],
  ["a price of zero", () => backtest("--data", path("zero.csv")), 1, /zero\.csv.*(row|line) 12.*open/],
  ["a high below the low", () => backtest("--data", path("high-low.csv")), 1, /high-low\.csv.*(row|line) 12.*high/],
  ["an empty file", () => backtest("--data", path("empty.csv")), 1, /empty\.csv/],
  ["a file without rows", () => backtest("--data", path("no-rows.csv")), 1, /no-rows\.csv/],
  ["one bar", () => backtest("--data", path("one.csv"), "--interval", "60"), 1, /needs 199 bars.*there is 1/],
  ["fewer bars than the warm-up", () => backtest("--data", path("few.csv")), 1, /needs 199 bars.*there are 50/],
  ["a corrupt Parquet file", () => backtest("--data", path("corrupt.parquet")), 1, /corrupt\.parquet/],
  ["an unknown strategy", () => backtest("--strategy", "rsi-tren"), 2, /rsi-tren.*rsi-trend/],
  ["a strategy file that is not there", () => backtest("--strategy", "./mine.ts"), 1, /mine\.ts/],
  ["a strategy that throws", () => backtest("--strategy", path("throws.ts")), 1, /throws.*my own mistake/],
  ["a strategy with a syntax error", () => backtest("--strategy", path("syntax.ts")), 1, /syntax\.ts/],
  ["a file without a strategy", () => backtest("--strategy", path("nothing.ts")), 1, /nothing\.ts.*default/],
  ["a rule nobody knows", () => backtest("--strategy", path("unknown-rule.ts")), 1, /enterLog/],
  ["a parameter out of range", () => backtest("--param", "rsiPeriod=500"), 2, /rsiPeriod.*10.*30.*500/],
  ["a parameter of the wrong type", () => backtest("--param", "rsiPeriod=many"), 2, /rsiPeriod.*many/],
  ["a parameter nobody knows", () => backtest("--param", "rsiperiod=14"), 2, /rsiperiod.*rsiPeriod/],
  ["a parameter without a value", () => backtest("--param", "rsiPeriod"), 2, /rsiPeriod/],
  ["an unknown sizing policy", () => backtest("--size", "everything"), 2, /everything.*all-in/],
  ["an unknown fill", () => backtest("--fill", "yesterday"), 2, /yesterday/],
  ["a fee that is no number", () => backtest("--fee", "cheap"), 2, /fee.*cheap/],
  ["a negative cash", () => backtest("--cash=-5"), 2, /cash.*-5/],
  ["a time that is none", () => backtest("--from", "soon"), 2, /soon/],
  ["an end before the beginning", () => backtest("--from", "2024-02-01", "--to", "2024-01-01"), 2, /2024-02-01/],
  ["a span without bars", () => backtest("--from", "2030-01-01"), 1, /2030/],
  ["an interval nobody trades", () => backtest("--interval", "7"), 2, /"7"/],
  ["an unknown option", () => backtest("--leverge", "5"), 2, /--leverge/],
  ["an unknown metric", () => ["optimize", ...backtest().slice(1), "--objective", "sharp"], 2, /sharp.*sharpe/],
  ["an unknown sampler", () => ["optimize", ...backtest().slice(1), "--sampler", "magic"], 2, /magic.*tpe/],
  ["a holdout of everything", () => ["optimize", ...backtest().slice(1), "--holdout", "1"], 2, /holdout.*1/],
  ["no trials", () => ["optimize", ...backtest().slice(1), "--trials", "0"], 2, /trials.*0/],
  ["an unknown indicator", () => ["indicator", "rsj", "--data", path("good.csv")], 2, /rsj.*rsi/],
  ["an indicator's bad period", () => ["indicator", "rsi", "period=0", "--data", path("good.csv")], 2, /period.*0/],
];

describe("bad input", () => {
  it.each(CASES)("%s is named in one line, with its exit code", async (_, argv, code, names) => {
    const before = readdirSync(cwd).sort();
    const seen = await grimoire(...argv());
    expect(seen).toMatchObject({ code, out: "", err: expect.stringMatching(names) });
    expect(
      seen.err
        .trim()
        .split("\n")
        .filter((line) => !line.startsWith("(")),
      "one line",
    ).toHaveLength(1);
    expect(readdirSync(cwd).sort(), "nothing written").toEqual(before);
  });

  it("a gap is no error, but is counted", async () => {
    const seen = await grimoire(...backtest("--data", path("gap.csv"), "--json"));
    expect(seen.code).toBe(0);
    expect(JSON.parse(seen.out).data).toMatchObject({ bars: 599, missingBars: 1 });
  });
});
