import { z } from "zod";
import type { ApiFunction } from "./catalogue/entry.ts";

/** A parameter in words: what help, errors and the handbook say of it. */
export interface ParamInfo {
  readonly name: string;
  readonly isRequired: boolean;
  readonly description: string;
  /** word, text, decimal, integer, time, boolean, list, uuid. */
  readonly kind: string;
  readonly limits: string;
  readonly example: string;
  /** Fields of each item of a list. */
  readonly items: readonly ParamInfo[];
}

/** The parameters of a function, those it needs first. */
export function paramsOf(fn: Pick<ApiFunction, "params" | "example">): ParamInfo[] {
  return infosOf(fn.params, fn.example);
}

/** The parameter at a path such as `request.0.qty`; `undefined` when there is none of that name. */
export function paramAt(fn: ApiFunction, path: readonly PropertyKey[]): ParamInfo | undefined {
  let infos: readonly ParamInfo[] = paramsOf(fn);
  let found: ParamInfo | undefined;
  for (const part of path) {
    if (typeof part === "number") continue;
    found = infos.find((info) => info.name === part);
    infos = found?.items ?? [];
  }
  return found;
}

/** `text: upper case, such as BTCUSDT`. */
export function demandText({ kind, limits, example }: ParamInfo): string {
  const range = limits === "" ? "" : kind === "word" ? ` of ${limits}` : ` (${limits})`;
  return `${kind === "word" ? "one" : article(kind)}${range}, such as ${example}`;
}

function article(kind: string): string {
  return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}

function infosOf(schema: z.ZodObject, example: Readonly<Record<string, unknown>>): ParamInfo[] {
  const infos = Object.entries(schema.shape).map(([name, field]) => infoOf(name, field as z.ZodType, example[name]));
  return [...infos.filter((info) => info.isRequired), ...infos.filter((info) => !info.isRequired)];
}

function infoOf(name: string, field: z.ZodType, example: unknown): ParamInfo {
  const isRequired = !(field instanceof z.ZodOptional);
  const inner = field instanceof z.ZodOptional ? (field.unwrap() as z.ZodType) : field;
  const about = inner.meta() ?? {};
  const element = inner instanceof z.ZodArray ? (inner.element as z.ZodType) : undefined;
  const first: unknown = Array.isArray(example) ? example[0] : undefined;
  const items = element instanceof z.ZodObject ? infosOf(element, (first ?? {}) as Record<string, unknown>) : [];
  const shown = example === undefined || element ? about.example : example;
  return {
    name,
    isRequired,
    description: about.description ?? "",
    kind: String(about.kind ?? "text"),
    limits: String(about.limits ?? ""),
    example: element ? JSON.stringify(example ?? []) : String(shown ?? ""),
    items,
  };
}
