import { ArgumentError } from "../core/errors.ts";
import type { Indicator, IndicatorParam, IndicatorValues } from "./indicator.ts";
import { LEVELS } from "./levels.ts";
import { MOMENTUM } from "./momentum.ts";
import { OVERLAP } from "./overlap.ts";
import { STATISTICS } from "./statistics.ts";
import { TREND } from "./trend.ts";
import { VOLATILITY } from "./volatility.ts";
import { VOLUME } from "./volume.ts";

/** Every indicator that ships, by family. */
export const INDICATORS: readonly Indicator[] = [
  ...OVERLAP,
  ...MOMENTUM,
  ...VOLATILITY,
  ...TREND,
  ...VOLUME,
  ...STATISTICS,
  ...LEVELS,
];

const BY_NAME = new Map(INDICATORS.map((indicator) => [indicator.name, indicator]));

/** The indicator called `name`, in any case. @throws ArgumentError `INDICATOR`, naming the nearest ones */
export function indicatorOf(name: string): Indicator {
  const found = BY_NAME.get(name.toLowerCase());
  if (found) return found;
  const near = nearest(name.toLowerCase(), [...BY_NAME.keys()]);
  throw new ArgumentError("INDICATOR", `unknown indicator ${JSON.stringify(name)}; nearest: ${near.join(", ")}`, {
    name,
    near,
  });
}

/**
 * All values of `indicator`: those given, checked, and its defaults for the rest.
 *
 * @throws ArgumentError `PARAM` for an unknown name, a wrong type, a number below its least or an unknown word
 */
export function resolveValues(indicator: Indicator, partial: IndicatorValues): IndicatorValues {
  const values: Record<string, number | string> = {};
  for (const param of indicator.params) {
    values[param.name] = checkedValue(indicator, param, partial[param.name] ?? param.default);
  }
  for (const name of Object.keys(partial)) {
    if (Object.hasOwn(values, name)) continue;
    const known = indicator.params.map((param) => param.name).join(" ") || "none";
    throw refusal(indicator, name, `is not one of its parameters (${known})`);
  }
  return values;
}

function checkedValue(indicator: Indicator, param: IndicatorParam, value: number | string): number | string {
  const was = `, was ${JSON.stringify(value)}`;
  if ("choices" in param) {
    if (typeof value === "string" && param.choices.includes(value)) return value;
    throw refusal(indicator, param.name, `must be one of ${param.choices.join(" ")}${was}`);
  }
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw refusal(indicator, param.name, `must be a number${typeof value === "number" ? `, was ${value}` : was}`);
  }
  if ((param.integer && !Number.isInteger(value)) || value < param.min) {
    throw refusal(indicator, param.name, `must be ${param.integer ? "an integer" : "a number"} ≥ ${param.min}${was}`);
  }
  return value;
}

function refusal(indicator: Indicator, param: string, fact: string): ArgumentError {
  return new ArgumentError("PARAM", `${indicator.name}: ${param} ${fact}`, { indicator: indicator.name, param });
}

/** The three names fewest edits away. */
function nearest(name: string, names: readonly string[]): string[] {
  return names
    .map((other) => ({ other, edits: edits(name, other) }))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, 3)
    .map((entry) => entry.other);
}

/** Insertions, deletions and replacements that turn `a` into `b`. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
