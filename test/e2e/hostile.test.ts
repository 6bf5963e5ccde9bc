import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { runProcess, startProcess } from "../support/process.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
let dir = "";
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-hostile-"));
  for (const args of [
    ["data", "generate", "--symbol", "SYN", "--interval", "60", "--days", "120"],
    ["data", "generate", "--interval", "60", "--days", "120", "--out", "bars.csv"],
    [
      "optimize",
      "--strategy",
      "rsi-trend",
      "--data",
      "bars.csv",
      "--trials",
      "5",
      "--storage",
      "s.sqlite",
      "--study",
      "s",
    ],
  ]) {
    const { code, err } = await runProcess(args, dir);
    expect(code, err).toBe(0);
  }
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** One clear line on stderr and nothing of the program's inside. */
function expectOneLine({ code, err }: { code: number | null; err: string }, wantedCode: number, text: RegExp): void {
  expect(err.trim().split("\n"), err).toHaveLength(1);
  expect(err).toMatch(text);
  expect(err).not.toMatch(/\n {4}at |node:internal/);
  expect(code).toBe(wantedCode);
}

describe("--json", () => {
  it.each([
    ["data list", ["data", "list"]],
    ["data check", ["data", "check", "SYN"]],
    ["strategy list", ["strategy", "list"], (json: unknown) => Array.isArray(json)],
    ["strategy show", ["strategy", "show", "rsi-trend"]],
    ["indicator --list", ["indicator", "--list"], (json: unknown) => Array.isArray(json)],
    ["indicator", ["indicator", "rsi", "--data", "bars.csv"]],
    ["backtest", ["backtest", "--strategy", "rsi-trend", "--data", "bars.csv"]],
    [
      "optimize",
      ["optimize", "--strategy", "rsi-trend", "--data", "bars.csv", "--trials", "4", "--storage", "j.sqlite"],
    ],
    ["an error", ["backtest", "--strategy", "nobody", "--data", "bars.csv"]],
  ] as const)(
    "of %s is one document and nothing else",
    async (_, args, check: (json: unknown) => boolean = () => true) => {
      const { out, err } = await runProcess([...args, "--json"], dir);
      const json: unknown = JSON.parse(out);
      expect(check(json), err).toBe(true);
      expect(out).not.toContain("\u001b");
    },
  );

  it("of backtest and optimize has the fields that are promised", async () => {
    const tested = JSON.parse(
      (await runProcess(["backtest", "--strategy", "supertrend", "--data", "bars.csv", "--json"], dir)).out,
    );
    expect(Object.keys(tested)).toEqual(
      expect.arrayContaining(["strategy", "params", "data", "settings", "metrics", "trades"]),
    );
    expect(Object.keys(tested.data)).toEqual(expect.arrayContaining(["symbol", "interval", "from", "to", "bars"]));
    expect(Object.keys(tested.trades[0])).toEqual(
      expect.arrayContaining([
        ...["id", "side", "entryTime", "entryPrice", "exitTime", "exitPrice", "quantity", "realizedPnl", "fees"],
        ...["funding", "exitReason"],
      ]),
    );
    const args = [
      "optimize",
      "--strategy",
      "supertrend",
      "--data",
      "bars.csv",
      "--trials",
      "4",
      "--storage",
      "k.sqlite",
    ];
    const found = JSON.parse((await runProcess([...args, "--json"], dir)).out);
    expect(found).toMatchObject({
      study: expect.any(String),
      sampler: "tpe",
      seed: 1,
      trials: { total: 4, complete: expect.any(Number), pruned: 0, failed: expect.any(Number) },
      best: { number: expect.any(Number), value: expect.any(Number), params: expect.any(Object) },
      inSample: { sharpe: expect.any(Number) },
      outOfSample: { trades: expect.any(Number) },
      significance: { psr: expect.any(Number), dsr: expect.any(Number) },
      elapsedMs: expect.any(Number),
    });
  });
});

/** Says on stderr what a process cost, when it ends: time on the clock depends on what else runs. */
const COST = "process.on('exit', () => console.error(process.cpuUsage().user + process.cpuUsage().system))";

describe("help", () => {
  it.each(COMMANDS.map((command) => command.name))("of %s comes at once, with examples", (name) => {
    const options = ["--import", `data:text/javascript,${COST}`];
    const { stdout: text, stderr } = spawnSync(process.execPath, [...options, MAIN, name, "--help"], {
      encoding: "utf8",
    });
    // 300 ms on the clock when nothing else runs.
    expect(Number(stderr) / 1_000).toBeLessThan(1_500);
    if (!["data", "strategy"].includes(name)) expect(text).toMatch(/\nExamples?:\n {2}grimoire /);
    for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(110);
  });
});

describe("a terminal", () => {
  it("that stops reading ends the command quietly", () => {
    const script = `"${process.execPath}" "${MAIN}" indicator sma --data bars.csv --csv | head -n 1`;
    const { stdout, stderr, status } = spawnSync("sh", ["-c", script], { cwd: dir, encoding: "utf8" });
    expect([stdout, stderr, status]).toEqual(["time,sma\n", "", 0]);
  });
});

describe("a strategy of the user's, outside of any project", () => {
  const RULES =
    "rules: ({ close, sma }, p) => ({ enterLong: close.above(sma(close, p.n)), exitLong: close.below(sma(close, p.n)) })";
  it.each([
    [
      "mine.ts",
      `import { defineStrategy, int, type Strategy } from "bybit-grimoire";
const made: Strategy = defineStrategy({ name: "mine", params: { n: int(9, { min: 5, max: 30 }) }, ${RULES} }) as Strategy;
export default made;`,
    ],
    [
      "mine.js",
      `import { defineStrategy, int } from "bybit-grimoire";
export default defineStrategy({ name: "mine", params: { n: int(9, { min: 5, max: 30 }) }, ${RULES} });`,
    ],
  ])("%s is searched in two threads as in one", async (name, text) => {
    writeFileSync(join(dir, name), text);
    const search = (jobs: string) => {
      const args = ["optimize", "--strategy", `./${name}`, "--data", "bars.csv", "--trials", "10", "--min-trades", "1"];
      return runProcess(
        [...args, "--batch", "2", "--jobs", jobs, "--storage", `${name}-${jobs}.sqlite`, "--json"],
        dir,
      );
    };
    const [one, two] = await Promise.all([search("1"), search("2")]);
    expect([one.code, two.code], one.err + two.err).toEqual([0, 0]);
    expect(JSON.parse(two.out).best).toEqual(JSON.parse(one.out).best);
  });
});

describe("storage", () => {
  const BYTES = Buffer.from("this is no database, whatever its name says".repeat(50));
  it.each([
    ["that is no database", (file: string) => writeFileSync(file, BYTES), /STORAGE_CORRUPT/],
    ["that was cut off", (file: string) => truncateSync(copied(file), 5_000), /STORAGE_CORRUPT/],
    ["whose middle was overwritten", (file: string) => spoiled(copied(file)), /STORAGE_CORRUPT/],
    ["that is a folder", (file: string) => mkdirSync(file), /STORAGE_/],
  ])("%s is refused with one line", async (name, make, text) => {
    const file = join(dir, `${name.replaceAll(" ", "-")}.sqlite`);
    make(file);
    const args = ["backtest", "--study", "s", "--storage", file];
    expectOneLine(await runProcess(args, dir), 1, text);
  });

  it("in a folder that is not there is refused, and not made", async () => {
    const file = join(dir, "nowhere/s.sqlite");
    const search = ["optimize", "--strategy", "rsi-trend", "--data", "bars.csv", "--trials", "2", "--storage", file];
    const { code, err } = await runProcess(search, dir);
    if (code !== 0) expect(err.trim().split("\n")).toHaveLength(1);
    expect(err).not.toMatch(/\n {4}at /);
  });

  const copied = (file: string): string => {
    writeFileSync(file, readFileSync(join(dir, "s.sqlite")));
    return file;
  };
  const spoiled = (file: string): void => {
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4_096, bytes.length - 100);
    writeFileSync(file, bytes);
  };
});

describe("a full disk", () => {
  /** `ulimit -f` ends writing at a size, as a full disk does; Node gets EFBIG. */
  const limited = (blocks: number, args: readonly string[]) => {
    const quoted = args.map((arg) => `'${arg}'`).join(" ");
    const script = `ulimit -f ${blocks}; trap '' XFSZ; exec "${process.execPath}" "${MAIN}" ${quoted}`;
    const { status, stderr } = spawnSync("bash", ["-c", script], { cwd: dir, encoding: "utf8" });
    return { code: status, err: stderr };
  };

  it("leaves no half-written file of bars", () => {
    const before = readdirSync(dir).sort();
    const result = limited(8, ["data", "generate", "--interval", "60", "--days", "365", "--out", "large.csv"]);
    expectOneLine(result, 1, /large\.csv/);
    expect(readdirSync(dir).sort()).toEqual(before);
  });

  it("leaves the catalogue as it was", async () => {
    const before = await runProcess(["data", "list", "--json"], dir);
    const result = limited(8, ["data", "generate", "--symbol", "OTHER", "--interval", "1", "--days", "40"]);
    expectOneLine(result, 1, /\[[A-Z_]+\]/);
    const after = await runProcess(["data", "list", "--json"], dir);
    expect(JSON.parse(after.out)).toEqual(JSON.parse(before.out));
    expect(existsSync(join(dir, "data"))).toBe(true);
  });

  it("ends a search with one line, and the study is whole", async () => {
    const search = [
      "optimize",
      "--strategy",
      "rsi-trend",
      "--data",
      "bars.csv",
      "--storage",
      "full.sqlite",
      "--study",
      "f",
    ];
    const result = limited(200, [...search, "--trials", "3000"]);
    expectOneLine(result, 1, /full\.sqlite.*\[STORAGE_(FULL|IO)\]/);
    const again = await runProcess([...search, "--trials", "20", "--json"], dir);
    expect(again.code, again.err).toBe(0);
  });
});

describe("two at once", () => {
  it("write into one catalogue one after the other, and lose nothing", async () => {
    const generate = (seed: string, from: string) =>
      startProcess(
        ["data", "generate", "--symbol", "TWO", "--interval", "60", "--days", "60", "--seed", seed, "--from", from],
        dir,
      );
    const both = await Promise.all([generate("1", "2024-01-01").done, generate("2", "2024-04-01").done]);
    for (const { code, err } of both) if (code !== 0) expect(err).toMatch(/\[[A-Z_]*(BUSY|LOCK)[A-Z_]*\]/);
    const { series } = JSON.parse((await runProcess(["data", "list", "--json"], dir)).out);
    const stored = series.find((each: { symbol: string }) => each.symbol === "TWO");
    expect(stored.bars).toBe(1_440 * both.filter(({ code }) => code === 0).length);
  });
});

describe("demo", () => {
  it("twice in one folder says the same", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "grimoire-demo-"));
    const first = await runProcess(["demo"], cwd);
    const second = await runProcess(["demo"], cwd);
    expect([first.code, second.code], first.err + second.err).toEqual([0, 0]);
    const steady = (text: string) =>
      text.replaceAll(/[\d.,]+ ?(ms|s)\b/g, "<time>").replace(/killed at \S+ \S+/, "killed at <time>");
    expect(steady(second.out)).toBe(steady(first.out));
    rmSync(cwd, { recursive: true });
  });

  it("where it cannot write says so in one line", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "grimoire-demo-"));
    writeFileSync(join(cwd, "grimoire-demo"), "a file is in the way");
    expectOneLine(await runProcess(["demo"], cwd), 1, /grimoire-demo/);
    expect(statSync(join(cwd, "grimoire-demo")).isFile()).toBe(true);
    rmSync(cwd, { recursive: true });
  });
});
