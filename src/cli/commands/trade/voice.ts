import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { ConfigError } from "../../../core/errors.ts";
import { type Paint, paint } from "../../../report/paint.ts";
import type { Io } from "../../io.ts";
import type { Level, Line } from "./narrator.ts";

const GRAVITY: Readonly<Record<Level, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

/** Where lines go. Whatever they are told, secrets are not in it. */
export interface Voice {
  say(line: Line): void;
  close(): void;
}

export interface VoiceOptions {
  readonly io: Io;
  /** One JSON object per line. */
  readonly isJson: boolean;
  /** Only what is wrong. */
  readonly isQuiet: boolean;
  /** The log; `null` for none. */
  readonly log: { readonly file: string; readonly level: Level } | null;
  /** Texts that may appear nowhere. */
  readonly secrets: readonly string[];
}

/** @throws ConfigError `LOG_FILE` when it cannot be opened */
export function openVoice({ io, isJson, isQuiet, log, secrets }: VoiceOptions): Voice {
  const file = log === null ? null : opened(log.file);
  const colors = paint(io.color);
  let isLogLost = false;
  const clean = (text: string) => secrets.reduce((out, secret) => out.replaceAll(secret, "[secret]"), text);
  const write = (line: Line) => {
    if (file === null || GRAVITY[line.level] > GRAVITY[log!.level]) return;
    const stamp = `${new Date().toISOString()} ${line.level.padEnd(5)}`;
    const about = line.symbol === "" ? "" : `${line.symbol} `;
    try {
      writeSync(file, clean(`${stamp} [${timeText(line.time)}] ${about}${line.kind}: ${oneLine(line.text)}\n`));
      isLogLost = false;
    } catch (error) {
      // The journal is what counts; a full disk stops entries there.
      if (!isLogLost) io.err(`the log cannot be written: ${(error as Error).message}`);
      isLogLost = true;
    }
  };
  const say = (line: Line) => {
    write(line);
    if (GRAVITY[line.level] > GRAVITY[isQuiet ? "warn" : "info"]) return;
    io.out(clean(isJson ? JSON.stringify(line) : shown(line, colors)));
  };
  return {
    say,
    close() {
      if (file !== null) closeSync(file);
    },
  };
}

function opened(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, "a", 0o600);
  } catch (error) {
    throw new ConfigError("LOG_FILE", `${file} cannot be written: ${(error as Error).message}`, { file }, error);
  }
}

/** Month to second is enough on a screen; the log has it all. */
export function shown({ time, level, kind, symbol, text }: Line, colors: Paint): string {
  const tint = level === "error" ? colors.bad : level === "warn" ? colors.warn : tintOf(kind, text, colors);
  return `${colors.dim(timeText(time).slice(5))} ${symbol.padEnd(9)} ${kind.padEnd(8)} ${tint(oneLine(text))}`;
}

function tintOf(kind: string, text: string, colors: Paint): (text: string) => string {
  if (kind === "entry" || kind === "exit") return colors.accent;
  if (kind === "fill" && text.includes("trade ")) return text.includes("trade -") ? colors.bad : colors.good;
  return kind === "fill" ? (same) => same : colors.dim;
}

/** `2025-01-31 12:00:07`, UTC. */
export function timeText(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}

function oneLine(text: string): string {
  return text.replace(/\p{C}/gu, " ");
}
