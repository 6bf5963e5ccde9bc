import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConfigError, DataError, ToolkitError } from "../core/errors.ts";
import type { JournalEvent } from "../engine/events.ts";
import type { BotIdentity } from "../engine/identity.ts";
import { type FileLock, lockFile } from "./file-lock.ts";
import type { Journal } from "./journal.ts";
import { JOURNAL_VERSION, migrate, versionOf } from "./journal-schema.ts";

/** A journal as it lies on the disk. */
export interface StoredJournal {
  readonly identity: BotIdentity;
  readonly events: readonly JournalEvent[];
}

/** How long another program may hold the file before a write is given up, ms. */
const BUSY_MS = 10_000;

/**
 * Opens the journal `path` of a bot, or begins one; this process is its only writer until it is closed.
 *
 * Every record carries a checksum over itself and all before it, and all of them are checked here: a damaged journal is not
 * used and not changed.
 *
 * @throws ConfigError `JOURNAL_LOCKED`, `JOURNAL_OWNER`, `JOURNAL_VERSION`; DataError `JOURNAL_DAMAGED`, `JOURNAL_FILE`
 */
export function openJournal(path: string, identity: BotIdentity): Journal {
  return withFileErrors(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const lock = lockFile(`${path}.lock`);
    if (!lock) {
      const message = `${path} belongs to a bot that is running; ask it with grimoire status, or give this one another journal`;
      throw new ConfigError("JOURNAL_LOCKED", message, { path });
    }
    try {
      return new SqliteJournal(path, identity, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  });
}

/**
 * What a journal holds, whether its bot is running or not. Nothing is written.
 *
 * @throws DataError `JOURNAL_MISSING`, `JOURNAL_DAMAGED`, `JOURNAL_FILE`; ConfigError `JOURNAL_VERSION`
 */
export function readJournal(path: string): StoredJournal {
  if (!existsSync(path)) {
    throw new DataError("JOURNAL_MISSING", `no journal at ${path}; name the file, or start a bot`, { path });
  }
  return withFileErrors(path, () => {
    const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
    try {
      const version = versionOf(db, path);
      if (version !== JOURNAL_VERSION) {
        throw new ConfigError(
          "JOURNAL_VERSION",
          `${path} is of version ${version}; start its bot once to renew it`,
          {},
        );
      }
      const identity = ownerOf(db);
      if (!identity) throw damaged(path, 0, "it names no owner");
      return { identity, events: chained(db, path, identity).events };
    } finally {
      db.close();
    }
  });
}

/** Writes the events of a bot that has ended, such as a replay's, as a journal. @throws as `openJournal`; DataError `JOURNAL_THERE` */
export function saveJournal(path: string, identity: BotIdentity, events: readonly JournalEvent[]): void {
  if (existsSync(path)) {
    throw new DataError("JOURNAL_THERE", `${path} is there already; journals are not overwritten`, { path });
  }
  const journal = openJournal(path, identity);
  for (const event of events) journal.append(event);
  const isKept = journal.sync();
  journal.close();
  if (!isKept) throw new DataError("JOURNAL_FILE", `${path}: ${journal.failure}`, { path });
}

class SqliteJournal implements Journal {
  readonly path: string;
  readonly events: readonly JournalEvent[];
  failure: string | null = null;
  private readonly db: DatabaseSync;
  private readonly lock: FileLock;
  private readonly insert;
  private appended: JournalEvent[] = [];
  private last: string;

  constructor(path: string, identity: BotIdentity, lock: FileLock) {
    this.path = path;
    this.lock = lock;
    this.db = new DatabaseSync(path, { timeout: BUSY_MS });
    try {
      this.db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
      migrate(this.db, path, identity);
      const owner = ownerOf(this.db);
      if (!owner) throw damaged(path, 0, "it names no owner");
      requireOwner(path, owner, identity);
      const { events, last } = chained(this.db, path, identity);
      this.events = events;
      this.last = last;
      this.insert = this.db.prepare("INSERT INTO events (at, type, body, sum) VALUES (?, ?, ?, ?)");
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  append(event: JournalEvent): void {
    this.appended.push(event);
  }

  sync(): boolean {
    if (this.appended.length === 0) return true;
    let { last } = this;
    try {
      this.db.exec("BEGIN IMMEDIATE");
      for (const event of this.appended) {
        const body = JSON.stringify(event);
        last = sumOf(last, body);
        this.insert.run(event.at, event.type, body, last);
      }
      this.db.exec("COMMIT");
    } catch (error) {
      if (this.db.isTransaction) this.db.exec("ROLLBACK");
      this.failure = (error as Error).message;
      return false;
    }
    this.last = last;
    this.appended = [];
    this.failure = null;
    return true;
  }

  close(): void {
    if (this.db.isOpen) this.db.close();
    this.lock.release();
  }
}

/** All events, once every checksum is right. */
function chained(db: DatabaseSync, path: string, identity: BotIdentity): { events: JournalEvent[]; last: string } {
  const events: JournalEvent[] = [];
  let last = firstSum(identity);
  let seq = 0;
  for (const row of db.prepare("SELECT seq, body, sum FROM events ORDER BY seq").iterate()) {
    seq += 1;
    const body = String(row.body);
    last = sumOf(last, body);
    if (row.seq !== seq || row.sum !== last) throw damaged(path, seq, "its checksum is wrong");
    events.push(JSON.parse(body) as JournalEvent);
  }
  return { events, last };
}

/** The first checksum stands for the owner: a journal cannot be given to another account by one changed line. */
function firstSum({ environment, account }: BotIdentity): string {
  return sumOf("", JSON.stringify([environment, account]));
}

function sumOf(before: string, body: string): string {
  return createHash("sha256").update(before).update(body).digest("hex").slice(0, 32);
}

function ownerOf(db: DatabaseSync): BotIdentity | null {
  const row = db.prepare("SELECT environment, account FROM owner").get();
  return row ? { environment: row.environment as BotIdentity["environment"], account: String(row.account) } : null;
}

function requireOwner(path: string, owner: BotIdentity, identity: BotIdentity): void {
  if (owner.environment === identity.environment && owner.account === identity.account) return;
  const message = `${path} is the journal of ${owner.environment}/${owner.account}, not of ${identity.environment}/${identity.account}; name another file`;
  throw new ConfigError("JOURNAL_OWNER", message, { owner, identity });
}

function damaged(path: string, seq: number, fact: string): DataError {
  const message =
    `${path} is damaged at record ${seq}: ${fact}; move it away (with its -wal file), and the bot begins a new one ` +
    "from what the exchange says, and waits for you to look at it";
  return new DataError("JOURNAL_DAMAGED", message, { path, seq });
}

/** What SQLite says of a file, as an error of ours. */
function withFileErrors<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ToolkitError) throw error;
    const { errcode, code, message } = error as { errcode?: number; code?: string; message: string };
    if (errcode === SQLITE_CORRUPT || errcode === SQLITE_NOTADB || error instanceof SyntaxError) {
      throw damaged(path, 0, message);
    }
    if (errcode === undefined && !/^E[A-Z]+$/.test(code ?? "")) throw error; // a mistake, not a file
    throw new DataError("JOURNAL_FILE", `${path}: ${message}`, { path }, error);
  }
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
