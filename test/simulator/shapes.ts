import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the payloads of public test suites are. */
export const FIXTURES = join(import.meta.dirname, "../../../shared/fixtures");

/** Whether the payloads of public test suites are on this machine. */
export const haveFixtures = existsSync(FIXTURES);

/** The JSON of a fixture file, or of line `line` of a `.jsonl`. */
export function fixture(path: string, line?: number): unknown {
  const text = readFileSync(join(FIXTURES, path), "utf8");
  return JSON.parse(line === undefined ? text : text.split("\n")[line]!);
}

/** Every line of a `.jsonl` fixture. */
export function fixtureLines(path: string): Record<string, unknown>[] {
  const text = readFileSync(join(FIXTURES, path), "utf8");
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const kindOf = (value: unknown) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

/**
 * What `sample` has and `ours` lacks or has in another type, as paths. Lists are compared by their first elements, an
 * empty list of ours counts as a lack. `null` in a sample fits anything; what only ours has is not said.
 */
export function shapeGaps(sample: unknown, ours: unknown, path = ""): string[] {
  if (sample === null) return [];
  if (kindOf(sample) !== kindOf(ours)) return [`${path}: ${kindOf(sample)} there, ${kindOf(ours)} here`];
  if (Array.isArray(sample)) {
    if (sample.length === 0) return [];
    return (ours as unknown[]).length === 0
      ? [`${path}: empty here`]
      : shapeGaps(sample[0], (ours as unknown[])[0], `${path}[]`);
  }
  if (typeof sample !== "object") return [];
  return Object.entries(sample).flatMap(([key, value]) => {
    if (!Object.hasOwn(ours as object, key)) return [`${path}.${key}: missing`];
    return shapeGaps(value, (ours as Record<string, unknown>)[key], `${path}.${key}`);
  });
}
