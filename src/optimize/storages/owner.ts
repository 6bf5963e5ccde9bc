import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** The process that has a study open. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Start of that process in clock ticks since boot, where the system tells; tells a reused pid from its owner. */
  readonly born: string;
  /** Tells one opening from another by the same process. */
  readonly token: string;
}

export function thisProcess(): Owner {
  return { pid: process.pid, host: hostname(), born: birth(process.pid), token: randomUUID() };
}

/** Whether the owner may still be running. One on another machine may. */
export function maybeAlive(owner: Owner): boolean {
  if (owner.host !== hostname()) return true;
  if (owner.born !== "") return birth(owner.pid) === owner.born;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // alive, of another user
  }
}

/** `process 1234 on HOST`. */
export function describeOwner(owner: Owner): string {
  if (owner.pid === process.pid && owner.host === hostname()) return "this process";
  return `process ${owner.pid} on ${owner.host}`;
}

/** Start of a process; "" if there is none, it only waits to be buried, or the system does not tell. */
function birth(pid: number): string {
  try {
    // The name in parentheses may hold spaces; start time is the 20th field behind it.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? "" : (fields[19] ?? "");
  } catch {
    return "";
  }
}
