import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ArgumentError, ToolkitError } from "../core/errors.ts";

/**
 * Writes a report's file whole or not at all: beside it under another name, then renamed over it.
 *
 * @throws ArgumentError `FILE_NAME`, `FILE_IS_FOLDER`, `FOLDER_MISSING`; ToolkitError `FILE_DENIED`, `DISK_FULL`, `FILE_NOT_WRITTEN`
 */
export function writeReport(path: string, text: string, write: typeof writeFileSync = writeFileSync): void {
  if (path === "-") throw new ArgumentError("FILE_NAME", "- is no file; standard output is /dev/stdout", { path });
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) {
    throw new ArgumentError("FILE_IS_FOLDER", `${path} is a folder; name a file in it`, { path });
  }
  const target = there ? realpathSync(path) : path;
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    if (there && !there.isFile()) {
      write(path, text); // a pipe or /dev/stdout: nothing there to keep whole, and never to be replaced
      return;
    }
    const file = openSync(temporary, "w", 0o644);
    try {
      write(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw notWritten(path, cause as NodeJS.ErrnoException);
  }
}

function notWritten(path: string, cause: NodeJS.ErrnoException): ToolkitError {
  const details = { path, reason: cause.code };
  switch (cause.code) {
    case "ENOENT":
    case "ENOTDIR":
      return new ArgumentError(
        "FOLDER_MISSING",
        `${path} was not written: there is no folder ${dirname(path)}; create it first`,
        details,
        cause,
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new ToolkitError(
        "FILE_DENIED",
        `${path} was not written: no permission in ${dirname(path)}; choose another folder`,
        details,
        cause,
      );
    case "ENOSPC":
    case "EDQUOT":
      return new ToolkitError(
        "DISK_FULL",
        `${path} was not written: the disk is full; free some space and repeat, what was there is unchanged`,
        details,
        cause,
      );
    default:
      return new ToolkitError("FILE_NOT_WRITTEN", `${path} was not written: ${cause.message}`, details, cause);
  }
}
