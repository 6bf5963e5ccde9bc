import { stat } from "node:fs/promises";
import type { Command } from "commander";
import { ArgumentError } from "../../../core/errors.ts";
import { type Interval, parseInterval, parseTime } from "../../../core/time.ts";

/** Options every `data` command has. */
export interface CommonOptions {
  readonly dir?: string;
  readonly json?: boolean;
}

export function withCommon(command: Command): Command {
  return command
    .option("--dir <path>", "directory of the catalogue (default: $GRIMOIRE_DATA or data)")
    .option("--json", "print one JSON document");
}

/** Where the catalogue is. The environment is read here and nowhere below. */
export function catalogueRoot(options: CommonOptions): string {
  return options.dir ?? (process.env.GRIMOIRE_DATA || "data");
}

/** `{ interval }` or `{}`, for options objects that know absent from undefined. */
export function intervalOption(text: string | undefined): { interval?: Interval } {
  return text === undefined ? {} : { interval: parseInterval(text) };
}

/** `--from` and `--to` as epoch ms. @throws ArgumentError `TIME`, `RANGE` */
export function rangeOption(options: { from?: string; to?: string }): { from?: number; to?: number } {
  const from = options.from === undefined ? undefined : parseTime(options.from);
  const to = options.to === undefined ? undefined : parseTime(options.to);
  if (from !== undefined && to !== undefined && from >= to) {
    throw new ArgumentError("RANGE", `--from ${options.from} must be before --to ${options.to}`, { from, to });
  }
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** Whether `data` means a file: there is one of that name, or the name ends like one. */
export async function isFilePath(data: string): Promise<boolean> {
  if (/\.(csv|gz|parquet)$/i.test(data)) return true;
  return stat(data).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/** A number above 0. @throws ArgumentError `NUMBER` */
export function positive(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && Number.isFinite(value)) return value;
  throw new ArgumentError("NUMBER", `${name} must be a number above 0, was ${JSON.stringify(text)}`, { name, text });
}

/** Rows of text in aligned columns; columns named in `right` are flush right. */
export function aligned(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = rows[0]!.map((_, c) => rows.reduce((most, row) => Math.max(most, row[c]!.length), 0));
  return rows
    .map((row) =>
      row
        .map((cell, c) => (right.includes(c) ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** 12,345 */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 bar`, `2 bars`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** 1.2 MB */
export function bytesText(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Text broken at spaces to at most `columns`, later lines indented. */
export function wrapped(text: string, columns: number, indent: string): string {
  const lines: string[] = [];
  let line = /^ */.exec(text)![0];
  for (const word of text.trim().split(" ")) {
    if (line.trim() !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = indent + word;
    } else {
      line = line.trim() === "" ? line + word : `${line} ${word}`;
    }
  }
  return [...lines, line].join("\n");
}
