import type { DatabaseSync } from "node:sqlite";
import { ConfigError } from "../core/errors.ts";
import type { BotIdentity } from "../engine/identity.ts";

/** Brings a journal from one version to the next, within the transaction that counts it up. */
export type Migration = (db: DatabaseSync) => void;

/** From version k to k + 1, in order. What is here has been on disks: it is added to, never changed. */
const MIGRATIONS: readonly Migration[] = [
  (db) =>
    db.exec(`
      CREATE TABLE owner (environment TEXT NOT NULL, account TEXT NOT NULL);
      CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        at REAL NOT NULL,
        type TEXT NOT NULL,
        body TEXT NOT NULL,
        sum TEXT NOT NULL
      )`),
];

export const JOURNAL_VERSION = MIGRATIONS.length;

/** The version of a journal; 0 of an empty file. @throws ConfigError `JOURNAL_VERSION` of one from a later program */
export function versionOf(db: DatabaseSync, path: string, known = JOURNAL_VERSION): number {
  const version = Number(db.prepare("PRAGMA user_version").get()!.user_version);
  if (version <= known) return version;
  const message = `${path} is of version ${version}, this program knows ${known}; it was written by a later one, use that`;
  throw new ConfigError("JOURNAL_VERSION", message, { version, known });
}

/** Brings the journal to the newest version, step by step; a new one gets its owner. */
export function migrate(
  db: DatabaseSync,
  path: string,
  identity: BotIdentity,
  migrations: readonly Migration[] = MIGRATIONS,
): void {
  const from = versionOf(db, path, migrations.length);
  for (let version = from; version < migrations.length; version++) {
    db.exec("BEGIN IMMEDIATE");
    try {
      migrations[version]!(db);
      if (version === 0) {
        db.prepare("INSERT INTO owner VALUES (?, ?)").run(identity.environment, identity.account);
      }
      db.exec(`PRAGMA user_version = ${version + 1}`);
      db.exec("COMMIT");
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  }
}
