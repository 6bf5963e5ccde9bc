import { DataError } from "../../core/errors.ts";

/** Primary result codes of SQLite, what they are here, and what to do about them. */
const MEANINGS: Readonly<Record<number, readonly [code: string, fact: string, advice: string]>> = {
  3: ["STORAGE_UNWRITABLE", "may not be written", "choose a place this user may write to"],
  5: ["STORAGE_BUSY", "is being written by another process", "wait for it to end, or choose another file"],
  6: ["STORAGE_BUSY", "is being written by another process", "wait for it to end, or choose another file"],
  8: ["STORAGE_UNWRITABLE", "may not be written", "choose a place this user may write to"],
  10: ["STORAGE_IO", "could not be read or written", "check the disk; what was told before is kept"],
  11: ["STORAGE_CORRUPT", "is damaged", "restore it from a copy, or choose another file"],
  13: ["STORAGE_FULL", "has no room to grow: the disk is full", "free some space; what was told before is kept"],
  14: ["STORAGE_UNWRITABLE", "cannot be opened", "check that the path is a file in a folder that can be written"],
  26: ["STORAGE_CORRUPT", "is not a database", "choose another file, or move this one away"],
};

/** Runs `work`, turning what SQLite says into errors that say what to do. Others pass as they are. */
export function withStorageErrors<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const result = sqliteCode(error);
    const meaning = result === null ? undefined : MEANINGS[result & 0xff];
    if (!meaning || result === null) throw error;
    const [code, fact, advice] = meaning;
    throw new DataError(code, `study storage ${file} ${fact}; ${advice}`, { file, sqlite: result }, error);
  }
}

function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !("errcode" in error)) return null;
  return typeof error.errcode === "number" ? error.errcode : null;
}
