import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConfigError } from "../core/errors.ts";
import type { BotIdentity } from "../engine/identity.ts";

/** Something only one process has at a time. The system gives it back when the process ends, however it ends. */
export interface FileLock {
  release(): void;
}

/** The lock `path`, at once; `null` when another process, or another part of this one, has it. */
export function lockFile(path: string): FileLock | null {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite locks files the way each system can, and a lock of a dead process is none.
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw error;
  }
  return { release: () => db.close() };
}

const SQLITE_BUSY = 5;

/**
 * Makes this process the only one of this user on this machine that trades the account.
 *
 * @throws ConfigError `ACCOUNT_LOCKED`
 */
export function lockAccount({ environment, account }: BotIdentity, folder = usualFolder()): FileLock {
  const path = join(folder, `${environment}-${account}.lock`);
  const lock = lockFile(path);
  if (lock) return lock;
  const message = `another bot trades ${environment}/${account} on this machine; stop it first (grimoire status, grimoire stop)`;
  throw new ConfigError("ACCOUNT_LOCKED", message, { path, environment, account });
}

function usualFolder(): string {
  return process.env.GRIMOIRE_LOCKS ?? join(homedir(), ".grimoire", "locks");
}
