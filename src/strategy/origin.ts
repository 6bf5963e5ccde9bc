import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { SIGNALS } from "./rules.ts";

/** A place in somebody's source. */
export interface Origin {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The rule whose expression begins at or above that line, if it can be told. */
  readonly rule: string | null;
}

/** Where in the author's own file `error` came from: the innermost frame outside this package's code; `null` if unknown. */
export function originOf(error: unknown): Origin | null {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const here = dirname(dirname(import.meta.filename));
  for (const match of stack.matchAll(
    /(?:\(| at |async )(file:\/\/[^\s()]+?|\/[^\s():]+|[A-Za-z]:\\[^\s():]+):(\d+)(?::\d+)?\)?$/gm,
  )) {
    const file = match[1]!.startsWith("file:") ? fileURLToPath(match[1]!.replace(/\?.*$/, "")) : match[1]!;
    if (file.startsWith(`${here}/`) && !file.startsWith(`${here}/strategies/`)) continue;
    if (file.includes("/node_modules/")) continue;
    const line = Number(match[2]);
    return { file, line, rule: ruleAt(file, line) };
  }
  return null;
}

/** ` (my.ts:12, in enterLong)`, or "" where the origin is unknown. */
export function originText(origin: Origin | null): string {
  if (!origin) return "";
  return ` (${origin.file}:${origin.line}${origin.rule ? `, in ${origin.rule}` : ""})`;
}

const RULE = new RegExp(
  `^\\s*(?:return\\s*)?(?:\\{\\s*)?(${SIGNALS.join("|")}|stopLoss|takeProfit|trailingStop|size)\\s*[:,]`,
);

function ruleAt(file: string, line: number): string | null {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    for (let i = line - 1; i >= 0 && !/\brules\b/.test(lines[i]!); i--) {
      const found = RULE.exec(lines[i]!);
      if (found) return found[1]!;
    }
  } catch {
    return null; // the source is not at hand; the place alone must do
  }
  return null;
}
