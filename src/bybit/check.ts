import type { z } from "zod";
import { ArgumentError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import type { ApiFunction } from "./catalogue/entry.ts";
import { demandText, paramAt, paramsOf } from "./describe.ts";

/**
 * `params` as the function takes them.
 *
 * @throws ArgumentError `PARAM` naming the parameter, what it may be and an example; details hold every fault
 */
export function checkParams<F extends ApiFunction>(name: string, fn: F, params: unknown): z.output<F["params"]> {
  const result = fn.params.safeParse(params);
  if (result.success) return result.data as z.output<F["params"]>;
  const issues = result.error.issues.toSorted((a, b) => rank(a) - rank(b));
  const faults = issues.map((issue) => faultText(name, fn, issue, params));
  const more = faults.length > 1 ? `; and ${faults.slice(1, 4).join("; ")}` : "";
  throw new ArgumentError("PARAM", `${name}: ${faults[0]}${more}`, { function: name, faults });
}

/** A misspelt parameter first: what it left out is only its consequence. */
function rank(issue: z.core.$ZodIssue): number {
  return issue.code === "unrecognized_keys" ? 0 : issue.code === "custom" ? 2 : 1;
}

function faultText(name: string, fn: ApiFunction, issue: z.core.$ZodIssue, params: unknown): string {
  if (issue.code === "unrecognized_keys") return unknownText(fn, issue.keys[0]!, issue.path);
  const path = issue.path.map(String).join(".");
  if (path === "") return `parameters must be an object, such as ${JSON.stringify(fn.example)}`;
  if (issue.code === "custom") return `${path} ${issue.message}${exampleText(fn, issue.path)}`;
  const info = paramAt(fn, issue.path);
  const demand = info ? demandText(info) : issue.message;
  const was = valueAt(params, issue.path);
  if (was === undefined) return `${path} is missing: ${info?.description ?? name}; ${demand}`;
  return `${path} must be ${demand}; was ${shortly(was)}`;
}

function exampleText(fn: ApiFunction, path: readonly PropertyKey[]): string {
  const info = paramAt(fn, path);
  return info && info.example !== "" ? `, such as ${info.name}=${info.example}` : "";
}

function unknownText(fn: ApiFunction, key: string, path: readonly PropertyKey[]): string {
  const at = path.length > 0 ? `${path.map(String).join(".")}.` : "";
  const renamed = fn.renamed && Object.hasOwn(fn.renamed, key) ? fn.renamed[key] : undefined;
  if (renamed !== undefined) return `there is no parameter ${at}${key}; write ${renamed}`;
  const known = (path.length > 0 ? (paramAt(fn, path)?.items ?? []) : paramsOf(fn)).map((info) => info.name);
  if (known.length === 0) return `there is no parameter ${at}${key}; it takes none`;
  const near = known.filter((other) => other.toLowerCase() === key.toLowerCase().replaceAll("_", ""));
  return `there is no parameter ${at}${key}; nearest: ${(near.length > 0 ? near : nearest(key, known)).join(", ")}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) at = (at as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return at;
}

function shortly(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}
