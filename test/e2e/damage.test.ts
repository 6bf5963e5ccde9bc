import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { random } from "../../src/core/random.ts";
import { acquireLock } from "../../src/store/lock.ts";
import { grimoire } from "../support/cli.ts";
import { runProcess } from "../support/process.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
let cwd = "";
const at = (name: string) => join(cwd, name);
const storage = () => at("studies.sqlite");
const backtest = (data: string) => ["backtest", "--strategy", "rsi-trend", "--data", data, "--dir", at("data")];
const search = (...more: string[]) => [
  ...["optimize", "--strategy", "supertrend", "--data", at("bars.csv"), "--min-trades", "0", "--trials", "4"],
  ...["--study", "s", "--json", ...more],
];

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "grimoire-damage-"));
  chmodSync(cwd, 0o755);
  for (const args of [
    ["data", "generate", "--interval", "60", "--days", "40", "--out", at("bars.csv")],
    ["data", "generate", "--interval", "60", "--days", "20", "--out", at("bars.parquet")],
    ["data", "generate", "--interval", "60", "--days", "20", "--symbol", "SYN", "--dir", at("data")],
    search("--storage", storage()),
  ]) {
    const { code, err } = await grimoire(...args);
    expect(code, err).toBe(0);
  }
});
afterAll(() => rmSync(cwd, { recursive: true }));

const bytes = random(7);
const noise = (length: number) => Uint8Array.from({ length }, () => bytes.below(256));
/** The file with `length` bytes from `from` on replaced by noise. */
function spoilt(file: string, from: number, length: number): Uint8Array {
  const content = new Uint8Array(readFileSync(file));
  content.set(noise(length), from);
  return content;
}

describe("a Parquet file", () => {
  it.each<[string, () => Uint8Array]>([
    ["of noise", () => noise(4_000)],
    ["without its end", () => readFileSync(at("bars.parquet")).subarray(0, 2_000)],
    ["without its beginning", () => readFileSync(at("bars.parquet")).subarray(2_000)],
    ["with noise in its pages", () => spoilt(at("bars.parquet"), 100, 3_000)],
    ["with noise in its footer", () => spoilt(at("bars.parquet"), readFileSync(at("bars.parquet")).length - 300, 200)],
    ["of nothing", () => new Uint8Array()],
  ])("%s is named in one line by every command that reads it", async (_, content) => {
    writeFileSync(at("spoilt.parquet"), content());
    const file = at("spoilt.parquet");
    const before = readdirSync(cwd).sort();
    for (const args of [
      backtest(file),
      ["data", "check", file],
      ["data", "import", file, "--symbol", "SPOILT", "--dir", at("data")],
      ["data", "export", file, at("never.csv")],
      ["indicator", "rsi", "--data", file],
    ]) {
      const { code, out, err } = await grimoire(...args);
      expect([code, out], args[0]).toEqual([1, ""]);
      expect(err).toMatch(/^error: \S*spoilt\.parquet: .*\[(PARQUET_CORRUPT|EMPTY_FILE)\]\n$/);
    }
    expect(readdirSync(cwd).sort()).toEqual(before);
    expect((await grimoire("data", "list", "--dir", at("data"))).out).not.toContain("SPOILT");
  });

  it("of the catalogue is named with its month", async () => {
    const month = at("data/synthetic/linear/SYN/60/2024-01.parquet");
    copyFileSync(month, at("month.bak"));
    writeFileSync(month, spoilt(month, 100, 2_000));
    const { code, err } = await grimoire(...backtest("SYN"));
    copyFileSync(at("month.bak"), month);
    expect([code, err]).toEqual([1, expect.stringMatching(/^error: \S*2024-01\.parquet: .*\[PARQUET_CORRUPT\]\n$/)]);
  });
});

describe("a storage of studies", () => {
  it("flipped at random gives one line or the study, never a crash: sixty times", async () => {
    const whole = new Uint8Array(readFileSync(storage()));
    const file = at("flipped.sqlite");
    const codes = new Set<string>();
    for (let round = 0; round < 60; round++) {
      const copy = whole.slice();
      for (let k = 0; k < 40; k++) copy[bytes.below(copy.length)] = bytes.below(256);
      for (const end of ["-wal", "-shm"]) rmSync(file + end, { force: true });
      writeFileSync(file, copy);
      const { code, err } = await grimoire("backtest", "--study", "s", "--storage", file, "--json");
      if (code === 0) continue;
      expect(err).toMatch(/^error: .*\[[A-Z_]+\]\n$/);
      codes.add(/\[([A-Z_]+)\]\n$/.exec(err)![1]!);
    }
    expect(codes).toContain("STORAGE_CORRUPT");
    expect(codes).not.toContain("UNEXPECTED");
  }, 30_000);

  it("that is empty is a new one", async () => {
    writeFileSync(at("empty.sqlite"), "");
    const { code, err } = await grimoire(...search("--storage", at("empty.sqlite")));
    expect(code, err).toBe(0);
  });

  it("that another program holds is said to be busy, and nothing is lost", async () => {
    const db = new DatabaseSync(storage());
    db.exec("BEGIN IMMEDIATE");
    const { code, err } = await runProcess(search("--storage", storage(), "--trials", "6"), cwd);
    db.exec("ROLLBACK");
    db.close();
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^error: .*studies\.sqlite is being written.*\[STORAGE_BUSY\]\n$/),
    ]);
    const { out } = await grimoire(...search("--storage", storage(), "--trials", "6"));
    expect(JSON.parse(out).trials.total).toBe(6);
  }, 20_000);
});

describe("a catalogue", () => {
  it("that another process writes is refused to a second writer, who changes nothing; readers do not wait", async () => {
    const lock = await acquireLock(at("data"));
    const generate = ["data", "generate", "--symbol", "SECOND", "--interval", "60", "--days", "3", "--dir", at("data")];
    const refused = await runProcess(generate, cwd);
    const read = await runProcess(["data", "list", "--dir", at("data"), "--json"], cwd);
    await lock.release();
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(new RegExp(`^error: .*process ${process.pid} is writing.*\\[LOCKED\\]\\n$`));
    expect(read.code).toBe(0);
    expect(read.out).not.toContain("SECOND");
    expect((await runProcess(generate, cwd)).code).toBe(0);
  }, 20_000);
});

const root = process.getuid?.() === 0;
const DROP = ["--reuid=65534", "--regid=65534", "--clear-groups", process.execPath, MAIN];
/** The superuser may write anywhere: then it takes another user, who must at least reach the program. */
const canDrop = !root || spawnSync("setpriv", [...DROP, "--version"]).status === 0;

describe("no permission", () => {
  /** As a user who may write nothing here. */
  const unprivileged = (...args: string[]) => {
    const [file, argv] = root ? ["setpriv", [...DROP, ...args]] : [process.execPath, [MAIN, ...args]];
    return spawnSync(file, argv, { cwd: at("closed"), encoding: "utf8" });
  };
  beforeAll(() => {
    mkdirSync(at("closed"));
    copyFileSync(at("bars.csv"), at("closed/mine.csv"));
    chmodSync(at("closed/mine.csv"), 0);
    copyFileSync(storage(), at("closed/secret.sqlite"));
    chmodSync(at("closed/secret.sqlite"), 0);
    chmodSync(at("closed"), 0o555);
  });
  afterAll(() => chmodSync(at("closed"), 0o755));

  it.runIf(canDrop).each<[string, string[], RegExp]>([
    ["to write the demo", ["demo"], /grimoire-demo/],
    ["to read bars", ["backtest", "--strategy", "rsi-trend", "--data", "mine.csv"], /mine\.csv/],
    ["to write bars", ["data", "generate", "--interval", "60", "--days", "2", "--out", "x.csv"], /x\.csv/],
    ["to write a catalogue", ["data", "generate", "--interval", "60", "--days", "2"], /data/],
    ["to write studies", ["optimize", "--strategy", "supertrend", "--data", "../bars.csv", "--trials", "2"], /studies/],
    ["to read studies", ["backtest", "--study", "s", "--storage", "secret.sqlite"], /secret\.sqlite/],
    ["to write a strategy", ["strategy", "freeze", "rsi-trend", "--out", "x.ts"], /x\.ts/],
    [
      "to write trades",
      [...["backtest", "--strategy", "rsi-trend"], "--data", "../bars.csv", "--trades", "t.csv"],
      /t\.csv/,
    ],
  ])("%s is one line", (_, args, names) => {
    const { status, stdout, stderr } = unprivileged(...args);
    expect([stdout, status], stderr).toEqual(["", 1]);
    expect(stderr).toMatch(/^error: [^\n]*\[[A-Z_]+\]\n$/);
    expect(stderr).toMatch(names);
    expect(stderr).not.toContain("UNEXPECTED");
    expect(readdirSync(at("closed")).sort()).toEqual(["mine.csv", "secret.sqlite"]);
  });
});
