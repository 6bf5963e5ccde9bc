import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ArgumentError, ConfigError, type ToolkitError } from "../core/errors.ts";
import { graphOf } from "./graph.ts";
import { originOf, originText } from "./origin.ts";
import { resolveParams } from "./resolve.ts";
import { isStrategy, type Strategy } from "./strategy.ts";

/** The name a strategy file imports this package by. */
const PACKAGE = "bybit-grimoire";
const KINDS = [".ts", ".mts", ".js", ".mjs", ".cjs", ".cts"];

/** Whether `text` names a file and not a shipped strategy. */
export function isStrategyFile(text: string): boolean {
  return /[\\/]/.test(text) || KINDS.includes(extname(text));
}

/**
 * The strategy a file exports as default. TypeScript is read as it is, types stripped; `bybit-grimoire` means this package:
 * of it the part for strategies, as the whole takes three times as long to load.
 *
 * The rules are built once with their defaults, so that a faulty file is refused here and not in the middle of a run.
 *
 * @throws ConfigError `STRATEGY_NOT_FOUND`, `STRATEGY_SYNTAX`, `STRATEGY_LOAD`, `STRATEGY_EXPORT`, `STRATEGY_DEFINITION`,
 * `PARAM_SPEC`, `RULES_THROW`, `RULES_SHAPE`; ArgumentError of an expression that was wrong
 */
export function loadStrategyFile(path: string): Strategy {
  const file = resolve(path);
  if (!existsSync(file)) throw new ConfigError("STRATEGY_NOT_FOUND", `strategy file not found: ${path}`, { file });
  if (!KINDS.includes(extname(file))) {
    const message = `a strategy file ends in ${KINDS.slice(0, 4).join(" ")}, was ${path}`;
    throw new ConfigError("STRATEGY_LOAD", message, { file });
  }
  const found = exported(file);
  if (found === undefined) {
    const message = `${path} has no default export; end it with: export default defineStrategy({ … })`;
    throw new ConfigError("STRATEGY_EXPORT", message, { file });
  }
  if (!isStrategy(found)) {
    const message = `the default export of ${path} is not a strategy; make it with defineStrategy({ … })`;
    throw new ConfigError("STRATEGY_EXPORT", message, { file });
  }
  graphOf(found, resolveParams(found));
  return found;
}

function exported(file: string): unknown {
  const own = new URL(`../authoring${extname(import.meta.filename)}`, import.meta.url).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === PACKAGE ? { url: own, shortCircuit: true } : next(specifier, context),
  });
  try {
    const module: unknown = createRequire(import.meta.url)(file);
    if (isStrategy(module)) return module; // module.exports of a CommonJS file
    return typeof module === "object" && module !== null ? Reflect.get(module, "default") : undefined;
  } catch (error) {
    throw translated(error, file);
  } finally {
    hooks.deregister();
  }
}

/** Errors of ours by name: the file may have been given another copy of this package. */
const OURS: Readonly<Record<string, typeof ToolkitError>> = { ArgumentError, ConfigError };

function translated(error: unknown, file: string): Error {
  const message = error instanceof Error ? error.message.split("\n")[0]! : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const Kind = error instanceof Error ? OURS[error.name] : undefined;
  if (Kind) return new Kind(code, `${message}${originText(originOf(error))}`, { file }, error);
  if (code === "ERR_REQUIRE_ASYNC_MODULE") {
    return new ConfigError(
      "STRATEGY_LOAD",
      `${file} uses await outside a function; a strategy must load at once`,
      { file },
      error,
    );
  }
  if (error instanceof SyntaxError && /import statement outside a module/.test(message)) {
    const advice = `${file} is read as CommonJS, as the package.json beside it says; rename it to end in .mts`;
    return new ConfigError("STRATEGY_LOAD", advice, { file }, error);
  }
  if (error instanceof SyntaxError && !/does not provide an export/.test(message)) {
    const at = syntaxPlace(error, file);
    return new ConfigError("STRATEGY_SYNTAX", `${at.text}: ${message}`, at, error);
  }
  const place = originText(originOf(error)) || ` (${file})`;
  return new ConfigError("STRATEGY_LOAD", `strategy file failed while loading: ${message}${place}`, { file }, error);
}

/** `file:line` of a syntax error; the engine tells the line of a JavaScript file only to `node --check`. */
function syntaxPlace(error: SyntaxError, file: string): { file: string; line: number | null; text: string } {
  const check = () => spawnSync(process.execPath, ["--check", file], { encoding: "utf8" }).stderr;
  for (const text of [error.stack ?? "", check()]) {
    const found = /^(?:file:\/\/)?(.+):(\d+)$/m.exec(text.split("\n", 1)[0]!);
    if (found) return { file: found[1]!, line: Number(found[2]), text: `${found[1]}:${found[2]}` };
  }
  return { file, line: null, text: file };
}

/** The specifier by which a file in `folder` imports `file`. */
export function importPath(file: string, folder: string): string {
  const from = pathToFileURL(`${resolve(folder)}/`).pathname.split("/");
  const to = pathToFileURL(resolve(file)).pathname.split("/");
  let shared = 0;
  while (shared < from.length - 1 && from[shared] === to[shared]) shared++;
  const up = from.length - 1 - shared;
  const path = [...Array<string>(up).fill(".."), ...to.slice(shared)].join("/");
  return decodeURI(up === 0 ? `./${path}` : path);
}
