import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { ConfigError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { type Config, configSchema } from "./schema.ts";

/** Names looked for, in this order. */
export const CONFIG_NAMES = [
  "grimoire.config.ts",
  "grimoire.config.js",
  "grimoire.config.yaml",
  "grimoire.config.yml",
  "grimoire.config.json",
];

/** A configuration and where it was found. */
export interface LoadedConfig {
  readonly file: string;
  readonly config: Config;
}

/**
 * The configuration of `dir`, or of `file` when one is named, checked and with its defaults.
 *
 * @throws ConfigError `CONFIG_NOT_FOUND`, `CONFIG_SYNTAX`, `CONFIG_LOAD`, `CONFIG_FIELD`
 */
export function loadConfig(dir: string, file?: string): LoadedConfig {
  const path = file === undefined ? findConfig(dir) : resolve(dir, file);
  if (!existsSync(path)) throw new ConfigError("CONFIG_NOT_FOUND", `config file not found: ${path}`, { file: path });
  const written = /\.[mc]?[tj]s$/.test(path) ? exported(path) : parsed(path);
  return { file: path, config: checkConfig(written, path) };
}

function findConfig(dir: string): string {
  const found = CONFIG_NAMES.map((name) => join(dir, name)).filter(existsSync);
  if (found.length > 1) {
    const message = `${found.map((path) => path.slice(dir.length + 1)).join(" and ")} are both there; keep one`;
    throw new ConfigError("CONFIG_NOT_FOUND", message, { dir });
  }
  if (found[0] !== undefined) return found[0];
  const message = `no grimoire.config.ts or .yaml in ${dir}; grimoire init makes one`;
  throw new ConfigError("CONFIG_NOT_FOUND", message, { dir });
}

/**
 * `written` with its defaults.
 *
 * @throws ConfigError `CONFIG_FIELD` with every fault; the first one in the message
 */
export function checkConfig(written: unknown, file: string): Config {
  const result = configSchema.safeParse(written);
  if (result.success) return result.data;
  // A misspelt field first: what it left out is only its consequence.
  const issues = result.error.issues.toSorted((a, b) => rank(a) - rank(b));
  const faults = issues.map((issue) => faultText(issue, written));
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more: ${faults.slice(1, 4).join("; ")})` : "";
  throw new ConfigError("CONFIG_FIELD", `${file}: ${faults[0]}${more}`, { file, faults });
}

function rank(issue: z.core.$ZodIssue): number {
  return issue.code === "unrecognized_keys" ? 0 : issue.code === "custom" ? 2 : 1;
}

function faultText(issue: z.core.$ZodIssue, written: unknown): string {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    const known = Object.keys(shapeAt(issue.path) ?? {});
    const meant = known.find((name) => name.startsWith(key)) ?? nearest(key, known, 1)[0];
    return `unknown field ${path ? `${path}.` : ""}${key}; nearest: ${meant}`;
  }
  const value = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    written,
  );
  if (issue.code === "custom") return `${path}: ${issue.message}`;
  const place = schemaAt(issue.path);
  const about = place?.description ?? inner(place)?.description;
  const hint = about && path ? ` (${about})` : "";
  if (value === undefined) return `${path} is missing; it ${demandOf(issue)}${hint}`;
  const was = typeof value === "number" ? value : JSON.stringify(value);
  return `${path || "the file"} ${demandOf(issue)}, was ${was}${hint}`;
}

/** What an issue asks for, in the words of the other errors here. */
function demandOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_big":
      return `must be ${issue.inclusive ? "at most" : "below"} ${issue.maximum}`;
    case "too_small":
      if (issue.origin === "array") return `must hold at least ${issue.minimum}`;
      if (issue.origin === "string") return "must not be empty";
      return `must be ${issue.inclusive ? "at least" : "above"} ${issue.minimum}`;
    case "invalid_type":
      return `must be ${/^[aeiou]/.test(issue.expected) ? "an" : "a"} ${issue.expected}`;
    case "invalid_value":
      return `must be one of ${issue.values.join(" ")}`;
    default:
      return `must be ${issue.message}`;
  }
}

type SchemaNode = {
  readonly description?: string;
  readonly shape?: Record<string, SchemaNode>;
  readonly element?: SchemaNode;
  readonly def?: { readonly innerType?: SchemaNode };
};

function schemaAt(path: readonly PropertyKey[]): SchemaNode | undefined {
  let at: SchemaNode | undefined = configSchema as unknown as SchemaNode;
  for (const key of path) {
    const node: SchemaNode | undefined = inner(at);
    at = node?.shape?.[String(key)] ?? node?.element;
  }
  return at;
}

function shapeAt(path: readonly PropertyKey[]): Record<string, SchemaNode> | undefined {
  return inner(schemaAt(path))?.shape;
}

/** The schema within defaults and optional marks. */
function inner(schema: SchemaNode | undefined): SchemaNode | undefined {
  let at = schema;
  while (at?.def?.innerType) at = at.def.innerType;
  return at;
}

function parsed(path: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, "utf8"), { lineCounter: lines, uniqueKeys: true });
  const fault = document.errors[0];
  if (!fault) return document.toJS() ?? {};
  const { line, col } = lines.linePos(fault.pos[0]);
  const message = `${path}:${line}:${col}: ${fault.message.split("\n")[0]!.replace(/ at line .*$/, "")}`;
  throw new ConfigError("CONFIG_SYNTAX", message, { file: path, line });
}

function exported(path: string): unknown {
  let module: unknown;
  try {
    module = createRequire(import.meta.url)(path);
  } catch (error) {
    const text = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new ConfigError("CONFIG_LOAD", `${path} failed while loading: ${text}`, { file: path }, error);
  }
  const found = typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
  if (found !== undefined) return found;
  const message = `${path} has no default export; end it with: export default { … }`;
  throw new ConfigError("CONFIG_LOAD", message, { file: path, kind: extname(path) });
}
