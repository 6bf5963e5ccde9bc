import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");

export interface Ended {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly done: Promise<Ended>;
}

/** Starts the command line in a process of its own, in the folder `cwd`. */
export function startProcess(args: readonly string[], cwd: string): Started {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...process.env, NO_COLOR: "1" } });
  const seen = { out: "", err: "" };
  child.stdout.on("data", (text) => {
    seen.out += text;
  });
  child.stderr.on("data", (text) => {
    seen.err += text;
  });
  const done = new Promise<Ended>((resolve) => {
    child.on("close", (code) => resolve({ code, ...seen }));
  });
  return { child, done };
}

/** Runs the command line in a process of its own, to its end. */
export function runProcess(args: readonly string[], cwd: string): Promise<Ended> {
  return startProcess(args, cwd).done;
}
