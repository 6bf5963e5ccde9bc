import { existsSync, renameSync, rmSync } from "node:fs";

/** Files SQLite keeps beside a database. */
const PARTS = ["", "-wal", "-shm"];

/** Keeps a journal that would be in the way under another name, in place of the one before. */
export function setAside(path: string): void {
  if (!existsSync(path)) return;
  const last = path.replace(/(\.\w+)?$/, (end) => `.last${end}`);
  for (const part of PARTS) {
    rmSync(last + part, { force: true });
    if (existsSync(path + part)) renameSync(path + part, last + part);
  }
}
