import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { DataError, ToolkitError } from "../core/errors.ts";
import { fileFault } from "./faults.ts";

/** Who writes to a catalogue. `started` tells a process from a later one with the same pid. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly started: string;
  readonly token: string;
}

export interface Lock {
  /** @throws DataError `LOCK_LOST` when somebody removed or took the lock meanwhile */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Makes this process the only writer in `folder`. The lock of a process that no longer runs is taken over.
 *
 * @throws DataError `LOCKED` naming the pid that holds it, and those of the file system
 */
export async function acquireLock(folder: string): Promise<Lock> {
  const path = join(folder, ".lock");
  const mine: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid), token: randomUUID() };
  const draft = join(folder, `.lock.${mine.token}.${process.pid}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(draft, JSON.stringify(mine), { flush: true });
    // A link appears with its content or not at all, and only one of many can be first.
    for (;;) {
      if (await linked(draft, path)) break;
      const text = await readFile(path, "utf8").catch(() => undefined);
      if (text === undefined) continue; // it was released just now
      const holder = parseHolder(text);
      if (holder && isAlive(holder)) throw locked(path, holder);
      await removeStale(path, text, draft);
    }
  } catch (error) {
    throw error instanceof ToolkitError ? error : fileFault(path, error);
  } finally {
    await rm(draft, { force: true }).catch(() => {});
  }
  const isMine = async () => parseHolder(await readFile(path, "utf8").catch(() => ""))?.token === mine.token;
  return {
    async assertHeld() {
      if (await isMine()) return;
      throw new DataError("LOCK_LOST", `${path}: the lock was taken away while writing; run it again`, { path });
    },
    async release() {
      if (await isMine()) await rm(path, { force: true });
    },
  };
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Only the holder of a second lock may remove the stale one: else the fresh lock of a faster process could go. */
async function removeStale(path: string, stale: string, draft: string): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await linked(draft, guard))) {
    const holder = parseHolder(await readFile(guard, "utf8").catch(() => ""));
    if (holder && isAlive(holder)) throw locked(path, holder);
    await rm(guard, { force: true });
    return;
  }
  try {
    if ((await readFile(path, "utf8").catch(() => undefined)) === stale) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isSafeInteger(holder.pid) && typeof holder.token === "string" ? holder : undefined;
  } catch {
    return undefined; // not written by us, or cut short: nobody holds it
  }
}

/** A holder on another machine cannot be asked and counts as alive. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return startOf(holder.pid) === holder.started;
}

/** When a process started, in the kernel's ticks; "" where the system does not tell. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function locked(path: string, { pid, host }: Holder): DataError {
  const where = host === hostname() ? "" : ` on ${host}`;
  const advice = host === hostname() ? "wait until it is done" : `wait, or remove ${path} if that process is gone`;
  return new DataError("LOCKED", `${path}: process ${pid}${where} is writing to this catalogue; ${advice}`, {
    path,
    pid,
    host,
  });
}
