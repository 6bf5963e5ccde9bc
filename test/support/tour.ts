import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One command of a page and what the page says it prints. */
export interface Step {
  readonly command: string;
  readonly shown: readonly string[];
  /** Line of the page, counting from 1. */
  readonly line: number;
}

const ROOT = join(import.meta.dirname, "../..");

/**
 * The commands in the ```console blocks of a page: lines that begin with `$ `, each followed by its output. A block
 * with a file's name (```ts mine.ts) is that file, written where it stands.
 */
export function stepsOf(page: string): Step[] {
  const steps: { command: string; shown: string[]; line: number }[] = [];
  let inside = false;
  let file = ""; // the one whose block is open
  let here = ""; // the word that ends a here-document, while one is open
  readFileSync(join(ROOT, page), "utf8")
    .split("\n")
    .forEach((text, index) => {
      const named = /^```\w+ (\S+)$/.exec(text)?.[1];
      if (named) {
        file = named;
        steps.push({ command: `cat > ${file} <<'END'`, shown: [], line: index + 1 });
      } else if (file) {
        steps.at(-1)!.command += `\n${text === "```" ? "END" : text}`;
        if (text === "```") file = "";
      } else if (text.startsWith("```")) inside = text === "```console";
      else if (inside && here) {
        steps.at(-1)!.command += `\n${text}`;
        if (text === here) here = "";
      } else if (inside && text.startsWith("$ ")) {
        steps.push({ command: text.slice(2), shown: [], line: index + 1 });
        here = /<<'(\w+)'$/.exec(text)?.[1] ?? "";
      } else if (inside) steps.at(-1)?.shown.push(text);
    });
  return steps;
}

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a step as a user in `cwd` would, `grimoire` and the project's Node on the path. */
export function runStep(command: string, cwd: string): Promise<Ran> {
  const env = { ...process.env, PATH: `${ROOT}:${join(ROOT, "node_modules/.bin")}:${process.env.PATH}`, NO_COLOR: "1" };
  return new Promise((resolve) => {
    execFile("sh", ["-c", command], { cwd, env, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
      resolve({ code, output: `${stdout}${stderr}` });
    });
  });
}

/**
 * Whether `output` is what the page shows. A line of `…` stands for any lines; durations and rates, which no two runs
 * share, and blank lines do not count.
 */
export function asShown(shown: readonly string[], output: string): string | undefined {
  const actual = output.split("\n").map(steady).filter(Boolean);
  let at = 0;
  let anywhere = false;
  for (const wanted of shown.map(steady).filter(Boolean)) {
    if (wanted === "…") {
      anywhere = true;
      continue;
    }
    const found = anywhere ? actual.indexOf(wanted, at) : actual[at] === wanted ? at : -1;
    if (found < 0) return `shown: ${wanted}\nfound: ${actual[at] ?? "(end of output)"}`;
    at = found + 1;
    anywhere = false;
  }
  return anywhere || at === actual.length ? undefined : `more than shown: ${actual[at]}`;
}

function steady(line: string): string {
  return line
    .replace(/\b\d[\d.,]*\s?(ms|s|min|µs|ns|MB|\/s)\b/g, "<time>")
    .replace(/\s+/g, " ")
    .trim();
}
