import type { DatabaseSync } from "node:sqlite";
import { DataError } from "../../core/errors.ts";

/** Version of the tables below; a file of a newer one is refused. */
const VERSION = 1;
/** "Grim" in ASCII: tells our files from other people's databases. */
const APPLICATION_ID = 0x4772696d;

const TABLES = `
CREATE TABLE studies (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  directions TEXT NOT NULL,
  sampler TEXT NOT NULL,
  seed TEXT NOT NULL,
  fingerprint TEXT,
  about TEXT,
  space TEXT,
  created_at INTEGER NOT NULL,
  owner TEXT
) STRICT;
CREATE TABLE spaces (
  id INTEGER PRIMARY KEY,
  json TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE trials (
  study_id INTEGER NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'complete', 'pruned', 'failed')),
  params TEXT NOT NULL,
  space_id INTEGER NOT NULL REFERENCES spaces (id),
  value_list TEXT,
  constraint_list TEXT,
  metrics TEXT,
  reason TEXT,
  asked_at INTEGER,
  told_at INTEGER,
  PRIMARY KEY (study_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE evaluations (
  data_key TEXT NOT NULL,
  evaluation TEXT NOT NULL,
  PRIMARY KEY (data_key, evaluation)
) STRICT, WITHOUT ROWID;
`;

/**
 * Creates the tables in an empty file, or checks that they are ours and of a version we know.
 *
 * @throws DataError `STORAGE_CORRUPT`, `STORAGE_VERSION`
 */
export function prepareSchema(db: DatabaseSync, file: string): void {
  if (number(db, "application_id") === APPLICATION_ID && number(db, "user_version") === VERSION) return;
  db.exec("BEGIN IMMEDIATE");
  try {
    // Read again under the lock: another process may just have created them.
    const id = number(db, "application_id");
    const version = number(db, "user_version");
    const tables = Object.values(db.prepare("SELECT count(*) FROM sqlite_schema").get()!)[0];
    if (id === 0 && version === 0 && tables === 0) {
      db.exec(`${TABLES} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION};`);
    } else if (id !== APPLICATION_ID) {
      throw new DataError("STORAGE_CORRUPT", `${file} is a database, but not one of studies; choose another file`, {
        file,
      });
    } else if (version !== VERSION) {
      throw new DataError(
        "STORAGE_VERSION",
        `${file} has studies of version ${version}, this program knows ${VERSION}; use the program that wrote it`,
        { file, version, known: VERSION },
      );
    }
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function number(db: DatabaseSync, pragma: string): number {
  return Number(Object.values(db.prepare(`PRAGMA ${pragma}`).get()!)[0]);
}
