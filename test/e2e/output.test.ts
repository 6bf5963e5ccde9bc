import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { grimoire } from "../support/cli.ts";
import { runProcess } from "../support/process.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
let cwd = "";
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "grimoire-output-"));
  for (const args of [
    ["data", "generate", "--symbol", "SYN", "--interval", "60", "--days", "60"],
    ["data", "generate", "--interval", "60", "--days", "60", "--out", "bars.csv"],
  ]) {
    const { code, err } = await runProcess(args, cwd);
    expect(code, err).toBe(0);
  }
}, 30_000);
afterAll(() => rmSync(cwd, { recursive: true }));

/** What a script may rely on: the names of the first level, in the order printed. */
const DOCUMENTS: [argv: string[], keys: string[]][] = [
  [
    ["data", "generate", "--symbol", "NEW", "--interval", "60", "--days", "3"],
    ["seed", "symbol", "interval", "bars", "from", "to", "target"],
  ],
  [
    ["data", "import", "bars.csv", "--venue", "x", "--category", "linear", "--symbol", "IN"],
    ["dir", "files", "interrupted"],
  ],
  [
    ["data", "export", "SYN", "out.parquet"],
    ["source", "out", "format", "symbol", "interval", "bars", "from", "to"],
  ],
  [
    ["data", "resample", "SYN", "--interval", "4h"],
    [
      ...["source", "from", "to", "read", "bars", "target", "added", "replaced", "unchanged"],
      ...["monthsWritten", "interrupted"],
    ],
  ],
  [
    ["data", "check", "bars.csv"],
    ["ok", "reports"],
  ],
  [
    ["strategy", "freeze", "rsi-trend", "--out", "frozen.ts"],
    ["strategy", "file", "params"],
  ],
  [
    ["demo", "--out", "demo"],
    [
      ...["seed", "market", "strategy", "params", "elapsedMs", "killedAt", "files"],
      ...["searches", "outOfSample", "live", "agreements"],
    ],
  ],
  [
    ["journal", "demo/journal.sqlite", "--tail", "3"],
    ["journal", "account", "events"],
  ],
  [
    ["journal", "demo/journal.sqlite", "--verify"],
    ["journal", "account", "isWhole", "events", "counts"],
  ],
  [
    ["pnl", "demo/journal.sqlite"],
    [
      ...["journal", "account", "isRunning", "startBalance", "from", "to", "metrics", "trades", "symbols", "lanes"],
      "refusals",
    ],
  ],
  [["backtest", "--strategy", "nobody", "--data", "bars.csv"], ["error"]],
  [["backtest", "--bogus"], ["error"]],
  [["data", "nosuch"], ["error"]],
  [["strategy", "show"], ["error"]],
  [["data", "import", "nowhere.csv"], ["error"]],
];

/** Strategies that misbehave on the side; they trade all the same. */
const rules = `export default defineStrategy({ name: "side", params: {}, rules: ({ close, sma }) => ({
  enterLong: close.above(sma(close, 5)), exitLong: close.below(sma(close, 5)) }) });`;

describe("standard output", () => {
  it.each(DOCUMENTS.map(([argv, keys]) => ({ typed: argv.join(" "), argv, keys })))(
    "is one document with --json: $typed",
    async ({ argv, keys }) => {
      const { out } = await runProcess([...argv, "--json"], cwd);
      expect(Object.keys(JSON.parse(out))).toEqual(keys);
    },
  );

  it("names what was wrong in the document, as in the line", async () => {
    const { code, out, err } = await runProcess(["backtest", "--bogus", "--json"], cwd);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual({ error: { code: "USAGE", message: "unknown option '--bogus'", details: {} } });
    expect(err).toContain("error: unknown option '--bogus'");
  });

  it.each([["1"], ["2"]])("does not hold what a strategy prints, with --jobs %s", async (jobs) => {
    writeFileSync(
      join(cwd, "prints.ts"),
      `import { defineStrategy } from "bybit-grimoire";\nconsole.log("psst");\n${rules}`,
    );
    const search = [
      "optimize",
      "--strategy",
      "./prints.ts",
      "--data",
      "bars.csv",
      "--trials",
      "1",
      "--min-trades",
      "0",
    ];
    const { code, out, err } = await runProcess([...search, "--jobs", jobs, "--batch", "2", "--json"], cwd);
    expect([code, JSON.parse(out).strategy]).toEqual([0, "side"]);
    expect(err).toMatch(/^(psst\n)+$/);
  });

  it.runIf(existsSync("/dev/full"))("that takes no more is an error of one line", () => {
    const run = (args: string) =>
      spawnSync("sh", ["-c", `"${process.execPath}" "${MAIN}" ${args} > /dev/full`], { cwd });
    for (const args of ["data list --json", "backtest --strategy rsi-trend --data bars.csv"]) {
      const { status, stderr } = run(args);
      expect(stderr.toString()).toMatch(/^error: the output could not be written: ENOSPC.* \[OUTPUT\]\n$/);
      expect(status).toBe(1);
    }
  });

  it("closed in the middle of a large document ends the command quietly", () => {
    const script = `"${process.execPath}" "${MAIN}" backtest --strategy rsi-trend --data bars.csv --json --curve | head -c 20`;
    const { stdout, stderr } = spawnSync("sh", ["-c", script], { cwd, encoding: "utf8" });
    expect([stdout.length, stderr]).toEqual([20, ""]);
  });
});

describe("a mistake nobody expected", () => {
  it("is one line, without the stack unless it is asked for", async () => {
    const text = `import { defineStrategy } from "bybit-grimoire";\nPromise.reject(new Error("too late"));\n${rules}`;
    writeFileSync(join(cwd, "rejects.ts"), text);
    const args = ["backtest", "--strategy", "./rejects.ts", "--data", "bars.csv", "--json"];
    const { code, out, err } = await runProcess(args, cwd);
    expect([code, err]).toEqual([1, "error: too late; GRIMOIRE_DEBUG=1 tells where [UNEXPECTED]\n"]);
    expect(JSON.parse(out).error.code).toBe("UNEXPECTED");
    const debug = spawnSync(process.execPath, [MAIN, ...args], {
      cwd,
      encoding: "utf8",
      env: { ...process.env, GRIMOIRE_DEBUG: "1" },
    });
    expect(debug.stderr).toMatch(/\n {4}at .*rejects\.ts:2/);
  });
});

const hasScript = spawnSync("script", ["--version"]).status === 0;

describe("a terminal", () => {
  /** Runs on a terminal of its own, `columns` wide. */
  const seen = (columns: number, args: string, env: Record<string, string> = {}) => {
    const { NO_COLOR: _, ...rest } = process.env;
    const command = `stty cols ${columns}; "${process.execPath}" "${MAIN}" ${args}`;
    return execFileSync("script", ["-qec", command, "/dev/null"], {
      cwd,
      encoding: "utf8",
      env: { ...rest, ...env },
    });
  };
  const trade = "backtest --strategy rsi-trend --data bars.csv";

  it.runIf(hasScript)("gets colours, and none with NO_COLOR", () => {
    expect(seen(80, trade)).toContain("\u001b[");
    expect(seen(80, trade, { NO_COLOR: "1" })).not.toContain("\u001b[");
  });

  it
    .runIf(hasScript)
    .each([
      [trade],
      ["optimize --strategy supertrend --data bars.csv --trials 5 --min-trades 0"],
      ["strategy show ensemble"],
      ["strategy list"],
      ["data list"],
      ["data check SYN"],
      ["indicator --list"],
      ["indicator ichimoku --data bars.csv --last 3"],
    ])("of 80 columns has no longer line: %s", (args) => {
    const lines = seen(80, args, { NO_COLOR: "1" }).split("\n").map(onScreen);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
  });
});

describe("help", () => {
  it.each([["demo"], ["backtest"], ["optimize"], ["strategy"], ["indicator"]])(
    "of %s fits 80 columns",
    async (name) => {
      const { out } = await grimoire(name, "--help");
      expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
    },
  );
});

/** A line as it stands after carriage returns and erasures. */
function onScreen(line: string): string {
  return line.replace(/\r$/, "").split("\r").at(-1)!.replaceAll("\u001b[K", "");
}
