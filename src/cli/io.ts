import { ToolkitError } from "../core/errors.ts";

/** What a command may touch of the terminal it runs in. */
export interface Io {
  /** The result, for people or, with `--json`, one JSON document. */
  out(text: string): void;
  /** Everything else: progress, notes, warnings. */
  err(text: string): void;
  /** Aborted by Ctrl-C or SIGTERM; a command that works long saves and returns when it is. */
  readonly signal: AbortSignal;
  /** Colours and wide glyphs are welcome on `out`. */
  readonly color: boolean;
  /** Columns of the terminal, 80 when it is not one. */
  readonly columns: number;
}

/** The process's own terminal. `NO_COLOR` and a pipe switch colours off. */
export function terminal(signal: AbortSignal): Io {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    signal,
    color: Boolean(process.stdout.isTTY) && !process.env.NO_COLOR,
    columns: process.stdout.columns || 80,
  };
}

/** `value` as the one JSON document of a `--json` run; numbers that JSON has no word for become null. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** The answer is on `out` already and it is no: exit code 1 and one line on `err`, no second JSON document. */
export class NegativeResult extends ToolkitError {}
