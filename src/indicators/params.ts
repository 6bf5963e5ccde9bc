import { ArgumentError } from "../core/errors.ts";
import type { IndicatorParam, IndicatorValues } from "./indicator.ts";

/** A whole number of bars, at least `min`. */
export function bars(name: string, preset: number, about: string, min = 1): IndicatorParam {
  return { name, default: preset, min, integer: true, about };
}

/** `period`, the bars looked back on. */
export function period(preset: number, min = 1): IndicatorParam {
  return bars("period", preset, "bars looked back on", min);
}

/** A real number, at least `min`. */
export function real(name: string, preset: number, about: string, min = 0): IndicatorParam {
  return { name, default: preset, min, integer: false, about };
}

/** One word of several; the first is the default unless another is told. */
export function word(name: string, choices: readonly string[], about: string, preset = choices[0]!): IndicatorParam {
  return { name, default: preset, choices, about };
}

/** @throws ArgumentError `PARAM` if `name` is missing or not a finite number */
export function number(values: IndicatorValues, name: string): number {
  const value = values[name];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new ArgumentError("PARAM", `${name} must be a number, was ${JSON.stringify(value)}`, { name, value });
}

/** @throws ArgumentError `PARAM` if `name` is missing or not one of `choices` */
export function choice<const T extends string>(values: IndicatorValues, name: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === values[name]);
  if (found !== undefined) return found;
  const given = JSON.stringify(values[name]);
  throw new ArgumentError("PARAM", `${name} must be one of ${choices.join(" ")}, was ${given}`, { name, choices });
}
