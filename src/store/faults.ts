import { DataError } from "../core/errors.ts";

/** Where in a file something is wrong. `row` is the 1-based line of a CSV, the 1-based data row of a Parquet file. */
export interface Place {
  readonly file: string;
  readonly row?: number;
  readonly field?: string;
  readonly value?: unknown;
}

/** A `DataError` whose one line names the place: "FILE: row 12: close FACT; WHAT TO DO". */
export function dataFault(code: string, place: Place, fact: string, advice: string, cause?: unknown): DataError {
  const where = place.row === undefined ? place.file : `${place.file}: row ${place.row}`;
  const what = place.field === undefined ? fact : `${place.field} ${fact}`;
  return new DataError(code, `${where}: ${what}; ${advice}`, { ...place }, cause);
}

/** The operating system's refusal, in words: missing, a directory, not allowed, disk full, read-only. */
export function fileFault(file: string, error: unknown): DataError {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? "";
  const known = FILE_FAULTS[code];
  if (known) return dataFault(known[0], { file }, known[1], known[2], error);
  const message = error instanceof Error ? error.message : String(error);
  return dataFault("FILE_FAILED", { file }, `cannot be used (${message})`, "check the path and the disk", error);
}

const FILE_FAULTS: Record<string, readonly [code: string, fact: string, advice: string]> = {
  ENOENT: ["FILE_MISSING", "no such file", "check the path"],
  ENOTDIR: ["FILE_MISSING", "no such file", "check the path"],
  EEXIST: ["FILE_EXISTS", "is there already", "move it away, or choose another place"],
  EISDIR: ["FILE_IS_DIRECTORY", "is a directory", "give a file in it"],
  EACCES: ["FILE_UNREADABLE", "permission denied", "check who owns it and its mode"],
  EPERM: ["FILE_UNREADABLE", "not permitted", "check who owns it and its mode"],
  ENOSPC: ["DISK_FULL", "no space left on the disk", "free some and run it again; nothing was half written"],
  EDQUOT: ["DISK_FULL", "disk quota exceeded", "free some and run it again; nothing was half written"],
  EFBIG: ["DISK_FULL", "file size limit reached", "raise the limit and run it again; nothing was half written"],
  EROFS: ["DISK_READ_ONLY", "the disk is read-only", "choose another directory"],
};

/** `value` as it may stand in a one-line message: quoted and cut. */
export function shown(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 37)}...` : value);
}
