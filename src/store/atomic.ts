import { type FileHandle, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ToolkitError } from "../core/errors.ts";
import { fileFault } from "./faults.ts";

/**
 * Writes `path` so that, whenever the power goes, there is the old file or the whole new one.
 *
 * The bytes go to a hidden neighbour, are flushed to the disk, and take the name in one step. On any error the
 * neighbour is removed.
 *
 * @throws DataError `DISK_FULL`, `DISK_READ_ONLY`, `FILE_UNREADABLE`, `FILE_IS_DIRECTORY`, `FILE_FAILED`
 */
export async function writeAtomically(
  path: string,
  pieces: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.tmp`);
  let handle: FileHandle | undefined;
  try {
    await mkdir(folder, { recursive: true });
    handle = await open(temporary, "w");
    for await (const piece of pieces instanceof Uint8Array ? [pieces] : pieces) await writeAll(handle, piece);
    await handle.sync();
    await handle.close();
    handle = undefined;
    await rename(temporary, path);
    await flushFolder(folder);
  } catch (error) {
    await handle?.close().catch(() => {}); // the first error is the one to tell
    await rm(temporary, { force: true }).catch(() => {});
    if (error instanceof ToolkitError) throw error;
    throw fileFault(path, error);
  }
}

/** Removes what writers that were killed left in `folder`. Only the holder of the lock may call it. */
export async function sweepTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (/^\..+\.\d+\.tmp$/.test(name)) await rm(join(folder, name), { force: true });
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
}

/** The rename itself lives in the folder and must reach the disk too; some systems cannot flush a folder. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
