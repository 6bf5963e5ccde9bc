import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { int } from "../../../src/optimize/distribution.ts";
import { randomSampler } from "../../../src/optimize/samplers/random.ts";
import { type SqliteOptions, sqliteStorage } from "../../../src/optimize/storages/sqlite.ts";
import { withStorageErrors } from "../../../src/optimize/storages/sqlite-errors.ts";
import { createStudy } from "../../../src/optimize/study.ts";
import { storageContract } from "../../support/storage-contract.ts";

storageContract("sqlite", () => sqliteStorage(":memory:"));

const WRITER = join(import.meta.dirname, "../../support/storage-writer.ts");
const space = { n: int(1, 1000) };
let folder = "";
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "studies-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const fresh = () => join(folder, `${files++}.sqlite`);
const code = (name: string) => expect.objectContaining({ code: name });

function open(file: string, name: string, options: SqliteOptions = {}) {
  const storage = sqliteStorage(file, options);
  const study = createStudy({ name, direction: "maximize", space, sampler: randomSampler(), storage });
  const close = () => {
    study.close();
    storage.close();
  };
  return { storage, study, close };
}

/** Starts a writer; resolves with all it printed. */
function write(file: string, name: string, count: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WRITER, file, name, count], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      if (count === "endless" && text.split("\n").length > 200) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", () => resolve(text));
  });
}

describe("sqlite on disk", () => {
  it("makes the folder, and keeps studies when reopened", () => {
    const file = join(folder, "a/b/studies.sqlite");
    const first = open(file, "s");
    first.study.tell(first.study.ask(), 1);
    first.close();
    const again = open(file, "s");
    expect(again.study.trials).toMatchObject([{ number: 0, state: "complete", values: [1] }]);
    again.close();
  });

  it("keeps every trial told before a kill, and asks the one that was running again", async () => {
    const file = fresh();
    const printed = await write(file, "killed", "endless");
    const told = printed.split("\n").filter((line) => /^told \d+$/.test(line)).length;
    expect(told).toBeGreaterThan(150);
    const { study, close } = open(file, "killed");
    const complete = study.trials.filter((trial) => trial.state === "complete");
    expect(complete.length).toBeGreaterThanOrEqual(told);
    expect(complete.every((trial) => trial.values![0] === trial.number)).toBe(true);
    const others = study.trials.filter((trial) => trial.state !== "complete");
    expect(others.length).toBeLessThanOrEqual(1);
    for (const other of others) expect(other).toMatchObject({ state: "waiting", reason: "abandoned" });
    expect(study.ask().number).toBe(complete.length);
    close();
  }, 20_000);

  it("lets processes write different studies of one file at once, and counts all their evaluations", async () => {
    const file = fresh();
    sqliteStorage(file).close();
    const printed = await Promise.all(["one", "two", "three"].map((name) => write(file, name, "60")));
    expect(printed.join("")).not.toContain("error");
    const storage = sqliteStorage(file);
    expect(storage.listStudies().map((study) => study.trials.complete)).toEqual([60, 60, 60]);
    expect(storage.evaluationsOf("shared")).toBe(180);
    storage.close();
  }, 20_000);

  it("refuses a study that another living process writes, and lets it be read", async () => {
    const file = fresh();
    const { study, close } = open(file, "mine");
    study.tell(study.ask(), 5);
    expect(await write(file, "mine", "1")).toBe("error STUDY_BUSY\n");
    const reader = sqliteStorage(file);
    expect(reader.readStudy("mine")?.trials).toMatchObject([{ state: "complete", values: [5] }]);
    reader.close();
    close();
    expect(await write(file, "mine", "1")).toBe("told 1\n");
  }, 20_000);

  it("takes over from an owner that is gone, also where its process number lives on, but not from another machine", () => {
    const file = fresh();
    const { close } = open(file, "s");
    const owned = (change: (owner: Record<string, unknown>) => void) => {
      const db = new DatabaseSync(file);
      const owner = JSON.parse(String(db.prepare("SELECT owner FROM studies").get()!.owner)) as Record<string, unknown>;
      change(owner);
      db.prepare("UPDATE studies SET owner = ?").run(JSON.stringify(owner));
      db.close();
      return () => open(file, "s");
    };
    expect(owned((owner) => Object.assign(owner, { token: "other" }))).toThrow(code("STUDY_BUSY"));
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    if (existsSync("/proc/self/stat")) {
      owned((owner) => Object.assign(owner, { born: "1" }))().close();
      const again = open(file, "s");
      owned((owner) => Object.assign(owner, { pid: gone, born: "" }))().close();
      again.close();
    }
    const last = open(file, "s");
    expect(owned((owner) => Object.assign(owner, { pid: gone, host: "elsewhere" }))).toThrow("on elsewhere");
    last.close();
    close();
  });

  it("waits for a writer, then says that the file is busy", () => {
    const file = fresh();
    const { study, close } = open(file, "s", { busyTimeoutMs: 150 });
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    const started = performance.now();
    expect(() => study.ask()).toThrow(code("STORAGE_BUSY"));
    expect(performance.now() - started).toBeGreaterThan(100);
    other.exec("ROLLBACK");
    other.close();
    expect(study.ask().number).toBe(0);
    close();
  });

  it("says what is wrong with a file that is no storage, and leaves it as it was", () => {
    const text = fresh();
    writeFileSync(text, "startTime,open,high,low,close,volume\n".repeat(500));
    const before = readFileSync(text, "utf8");
    expect(() => sqliteStorage(text)).toThrow(code("STORAGE_CORRUPT"));
    expect(readFileSync(text, "utf8")).toBe(before);

    const foreign = fresh();
    const db = new DatabaseSync(foreign);
    db.exec("CREATE TABLE theirs (x)");
    db.close();
    expect(() => sqliteStorage(foreign)).toThrow("is a database, but not one of studies");

    const newer = fresh();
    sqliteStorage(newer).close();
    const bump = new DatabaseSync(newer);
    bump.exec("PRAGMA user_version = 2");
    bump.close();
    expect(() => sqliteStorage(newer)).toThrow(code("STORAGE_VERSION"));
  });

  it("says that a file is damaged when pages or texts of it are", () => {
    const file = fresh();
    const { study, close } = open(file, "s");
    study.tellBatch(study.askBatch(500).map((trial) => [trial, { value: 1, metrics: { text: "y".repeat(100) } }]));
    close();
    const bytes = readFileSync(file);
    bytes.fill(0xab, 4096 * 8);
    const torn = fresh();
    writeFileSync(torn, bytes);
    expect(() => open(torn, "s")).toThrow(code("STORAGE_CORRUPT"));

    const db = new DatabaseSync(file);
    db.exec("UPDATE trials SET params = '{' WHERE number = 7");
    db.close();
    expect(() => open(file, "s")).toThrow(code("STORAGE_CORRUPT"));

    const holes = new DatabaseSync(file);
    holes.exec("UPDATE trials SET params = '{}' WHERE number = 7; DELETE FROM trials WHERE number = 3");
    holes.close();
    expect(() => open(file, "s")).toThrow("trial 3 is missing");
  });

  it("says that a path cannot be written", () => {
    const place = fresh();
    mkdirSync(place);
    expect(() => sqliteStorage(place)).toThrow(code("STORAGE_UNWRITABLE"));
    const blocked = fresh();
    writeFileSync(blocked, "");
    expect(() => sqliteStorage(join(blocked, "x.sqlite"))).toThrow(code("STORAGE_UNWRITABLE"));
  });

  it("names a full disk, keeps what was told, and goes on once there is room", () => {
    const file = fresh();
    const db = new DatabaseSync(file);
    db.exec("CREATE TABLE t (x); PRAGMA max_page_count = 3");
    expect(() => withStorageErrors(file, () => db.exec(`INSERT INTO t VALUES ('${"x".repeat(50_000)}')`))).toThrow(
      code("STORAGE_FULL"),
    );
    db.close();
  });

  it("stops with a code when the file may not grow, with every told trial kept", () => {
    const file = fresh();
    const { close } = open(file, "limited");
    close();
    // The shell's limit is in blocks of 512 or 1,024 bytes; the writer stops at a few hundred kilobytes.
    const child = spawnSync(
      "sh",
      ["-c", `ulimit -f 400; exec "$0" "$@"`, process.execPath, WRITER, file, "limited", "endless"],
      {
        encoding: "utf8",
      },
    );
    const lines = child.stdout.trim().split("\n");
    expect(lines.at(-1)).toMatch(/^error STORAGE_(IO|FULL)$/);
    const told = lines.filter((line) => line.startsWith("told")).length;
    expect(told).toBeGreaterThan(10);
    const again = open(file, "limited");
    expect(again.study.trials.filter((trial) => trial.state === "complete").length).toBe(told);
    again.close();
  }, 20_000);

  it("keeps a batch whole or not at all, and its spaces with it", () => {
    const file = fresh();
    const { storage, study, close } = open(file, "s");
    const trials = study.askBatch(3);
    const thief = new DatabaseSync(file);
    thief.exec("UPDATE studies SET owner = 'someone'");
    expect(() => study.tellBatch(trials.map((trial) => [trial, 1]))).toThrow(code("STUDY_NOT_OPEN"));
    expect(() => study.ask({ other: int(1, 2) })).toThrow(code("STUDY_NOT_OPEN"));
    expect(thief.prepare("SELECT count(*) AS n FROM spaces").get()).toEqual({ n: 1 });
    thief.close();
    expect(storage.readStudy("s")?.trials.map((trial) => trial.state)).toEqual(["running", "running", "running"]);
    close();
  });
});
