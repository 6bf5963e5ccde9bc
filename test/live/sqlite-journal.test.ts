import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JournalEvent } from "../../src/engine/events.ts";
import { lockAccount } from "../../src/live/file-lock.ts";
import { type Migration, migrate } from "../../src/live/journal-schema.ts";
import { openJournal, readJournal, saveJournal } from "../../src/live/sqlite-journal.ts";

const OWNER = { environment: "local", account: "main" } as const;
const WRITER = join(import.meta.dirname, "journal-writer.ts");
const peak = (equity: number): JournalEvent => ({ type: "peak", at: equity, equity });

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-journal-"));
  path = join(dir, "journal.sqlite");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function begun(count: number): void {
  const journal = openJournal(path, OWNER);
  for (let i = 0; i < count; i++) journal.append(peak(i));
  expect(journal.sync()).toBe(true);
  journal.close();
}

describe("openJournal", () => {
  it("gives back what was synced, in order, and nothing that was not", () => {
    const journal = openJournal(path, OWNER);
    journal.append(peak(1));
    journal.append({ type: "latched", at: 2, latch: "killed", reason: "a ' quote and a \u0000" });
    expect(journal.sync()).toBe(true);
    journal.append(peak(3));
    journal.close();
    const again = openJournal(path, OWNER);
    expect(again.events).toEqual([
      peak(1),
      { type: "latched", at: 2, latch: "killed", reason: "a ' quote and a \u0000" },
    ]);
    again.append(peak(4));
    expect(again.sync()).toBe(true);
    again.close();
    expect(readJournal(path)).toEqual({ identity: OWNER, events: [...again.events, peak(4)] });
  });

  it("can be read while its bot writes", () => {
    const journal = openJournal(path, OWNER);
    journal.append(peak(1));
    journal.sync();
    expect(readJournal(path).events).toEqual([peak(1)]);
    journal.append(peak(2));
    journal.sync();
    expect(readJournal(path).events).toHaveLength(2);
    journal.close();
  });

  it("has one writer at a time, and takes over from a dead one", async () => {
    const first = openJournal(path, OWNER);
    expect(() => openJournal(path, OWNER)).toThrow(expect.objectContaining({ code: "JOURNAL_LOCKED" }));
    first.close();
    const child = spawn(process.execPath, [WRITER, path]);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    expect(() => openJournal(path, OWNER)).toThrow(expect.objectContaining({ code: "JOURNAL_LOCKED" }));
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
    openJournal(path, OWNER).close();
  });

  it("keeps what it said is kept through twelve kills at any moment", async () => {
    let most = 0;
    for (let k = 0; k < 12; k++) {
      const child = spawn(process.execPath, [WRITER, path, String(10 + k * 300)]);
      let told = "";
      child.stdout.on("data", (text) => {
        told += text;
      });
      await new Promise((resolve) => child.stdout.once("data", resolve));
      await new Promise((resolve) => setTimeout(resolve, (k * 37) % 60));
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("close", resolve));
      const kept = Number(told.trimEnd().split("\n").at(-1));
      const { events } = readJournal(path);
      expect(events.length).toBeGreaterThanOrEqual(kept);
      expect(events.length - kept).toBeLessThanOrEqual(2);
      expect(events.length % 2).toBe(0); // a transaction is there whole, or not at all
      most = Math.max(most, events.length);
    }
    expect(most).toBeGreaterThan(24);
  }, 30_000);

  it("of a disk that takes no more says so, loses nothing, and is whole", () => {
    const limited = `ulimit -f 300; trap '' XFSZ; exec "$0" "$@"`;
    const { stdout } = spawnSync("sh", ["-c", limited, process.execPath, WRITER, path, "4000"], { encoding: "utf8" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines.at(-2)).toMatch(/^failed .*(full|I\/O)/);
    expect(lines.at(-1)).toBe("again false");
    expect(readJournal(path).events).toHaveLength(Number(lines.at(-3)));
    begun(1); // and goes on where there is room
  });

  it.each([
    ["a letter of a record", (text: string) => text.replace('"equity":7', '"equity":8')],
    ["the owner", (text: string) => text.replaceAll("main", "mean")],
  ])("finds %s changed, and changes nothing itself", (_, change) => {
    begun(20);
    const db = new DatabaseSync(path);
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    db.close();
    writeFileSync(path, Buffer.from(change(readFileSync(path, "latin1")), "latin1"));
    const before = readFileSync(path);
    expect(() => openJournal(path, OWNER)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/JOURNAL_(DAMAGED|OWNER)/) }),
    );
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("finds a flipped bit wherever it matters, or reads the same", () => {
    begun(300);
    const db = new DatabaseSync(path);
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    db.close();
    const { events } = readJournal(path);
    const whole = readFileSync(path);
    let found = 0;
    for (let k = 0; k < 120; k++) {
      const copy = join(dir, `flipped-${k}.sqlite`);
      const bytes = Buffer.from(whole);
      const at = (k * 7_919 + 100) % bytes.length;
      bytes[at] = bytes[at]! ^ (1 << (k % 8));
      writeFileSync(copy, bytes);
      try {
        expect(readJournal(copy).events).toEqual(events);
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^JOURNAL_/) });
        found += 1;
      }
    }
    expect(found).toBeGreaterThan(40);
  });

  it("finds records missing, in the middle and renumbered", () => {
    begun(10);
    const without = (sql: string) => {
      const copy = join(dir, `${Math.random()}.sqlite`);
      copyFileSync(path, copy);
      const db = new DatabaseSync(copy);
      db.exec(sql);
      db.close();
      return () => readJournal(copy);
    };
    const damaged = expect.objectContaining({ code: "JOURNAL_DAMAGED", message: expect.stringContaining("record 5") });
    expect(without("DELETE FROM events WHERE seq = 5")).toThrow(damaged);
    expect(without("DELETE FROM events WHERE seq = 5; UPDATE events SET seq = seq - 1 WHERE seq > 5")).toThrow(damaged);
  });

  it("of a file cut short is damaged or without its end, never anything else", () => {
    begun(400);
    const db = new DatabaseSync(path);
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    db.close();
    const { size } = statSync(path);
    const whole = readFileSync(path);
    for (let cut = 1; cut < 12; cut++) {
      const copy = join(dir, `cut-${cut}.sqlite`);
      const file = openSync(copy, "w");
      writeSync(file, whole.subarray(0, Math.floor((size * cut) / 12)));
      closeSync(file);
      expect(() => readJournal(copy)).toThrow(expect.objectContaining({ code: "JOURNAL_DAMAGED" }));
    }
  });

  it("belongs to one account of one environment", () => {
    begun(1);
    for (const other of [
      { ...OWNER, account: "second" },
      { ...OWNER, environment: "mainnet" },
    ] as const) {
      expect(() => openJournal(path, other)).toThrow(expect.objectContaining({ code: "JOURNAL_OWNER" }));
    }
  });

  it("of something else is damaged, of a folder a file error", () => {
    writeFileSync(path, "not a database, and long enough to be read as one".repeat(100));
    expect(() => openJournal(path, OWNER)).toThrow(expect.objectContaining({ code: "JOURNAL_DAMAGED" }));
    expect(() => openJournal(dir, OWNER)).toThrow(expect.objectContaining({ code: "JOURNAL_FILE" }));
    expect(() => readJournal(join(dir, "none.sqlite"))).toThrow(expect.objectContaining({ code: "JOURNAL_MISSING" }));
  });
});

describe("versions of a journal", () => {
  it("of a later program are refused", () => {
    begun(1);
    const db = new DatabaseSync(path);
    db.exec("PRAGMA user_version = 99");
    db.close();
    expect(() => openJournal(path, OWNER)).toThrow(expect.objectContaining({ code: "JOURNAL_VERSION" }));
    expect(() => readJournal(path)).toThrow(expect.objectContaining({ code: "JOURNAL_VERSION" }));
  });

  it("of an earlier one are renewed step by step, each whole or not at all", () => {
    const first: Migration = (db) => {
      db.exec(
        "CREATE TABLE owner (environment TEXT, account TEXT); CREATE TABLE events (seq INTEGER PRIMARY KEY, body TEXT)",
      );
    };
    const second: Migration = (db) => db.exec("ALTER TABLE events ADD COLUMN sum TEXT; UPDATE events SET sum = 'x'");
    const failing: Migration = (db) => {
      db.exec("UPDATE events SET sum = 'half'");
      throw new Error("power cut");
    };
    const db = new DatabaseSync(path);
    migrate(db, path, OWNER, [first]);
    db.exec("INSERT INTO events (body) VALUES ('{}')");
    expect(() => migrate(db, path, OWNER, [first, second, failing])).toThrow("power cut");
    expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: 2 });
    expect(db.prepare("SELECT sum FROM events").get()).toEqual({ sum: "x" });
    db.close();
  });
});

describe("saveJournal", () => {
  it("writes a journal once, and never over another", () => {
    saveJournal(path, OWNER, [peak(1), peak(2)]);
    expect(readJournal(path).events).toEqual([peak(1), peak(2)]);
    expect(() => saveJournal(path, OWNER, [])).toThrow(expect.objectContaining({ code: "JOURNAL_THERE" }));
  });
});

describe("lockAccount", () => {
  it("lets one bot trade an account on this machine, whatever its journal", () => {
    const lock = lockAccount(OWNER, dir);
    expect(() => lockAccount(OWNER, dir)).toThrow(expect.objectContaining({ code: "ACCOUNT_LOCKED" }));
    lockAccount({ ...OWNER, account: "second" }, dir).release();
    lock.release();
    lockAccount(OWNER, dir).release();
  });
});
