import type { Finding } from "../bybit/preflight.ts";
import { wrapped } from "./commands/data/shared.ts";
import type { Io } from "./io.ts";

const MARKS = { ok: "ok  ", warn: "warn", fail: "FAIL" } as const;
const COLORS = { ok: "\x1b[32m", warn: "\x1b[33m", fail: "\x1b[31m" } as const;

/** Findings as a page for people, what is in the way in red, ending with how many there are of which kind. */
export function findingsPage(findings: readonly Finding[], { color, columns }: Pick<Io, "color" | "columns">): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const indent = " ".repeat(width + 7);
  const lines = findings.flatMap(({ check, state, text, advice }) => {
    const mark = color ? `${COLORS[state]}${MARKS[state]}\x1b[0m` : MARKS[state];
    const head = `${check.padEnd(width)} ${text}`;
    const own = wrapped(`${" ".repeat(6)}${head}`, columns, indent).slice(6);
    return [`${mark}  ${own}`, ...(advice ? [wrapped(`${indent}→ ${advice}`, columns, `${indent}  `)] : [])];
  });
  const count = (state: Finding["state"]) => findings.filter((finding) => finding.state === state).length;
  return [...lines, "", `${count("ok")} ok, ${count("warn")} to think about, ${count("fail")} in the way`].join("\n");
}
