import { plainDecimal } from "../core/decimal.ts";
import { ArgumentError } from "../core/errors.ts";

/** What a parameter may be set to. */
export type ParamValue = number | string | boolean | null;

/** A real number in [min, max]. With `step` it is `min + k·step`; with `log` it is spread evenly over its logarithm. */
export interface FloatDistribution {
  readonly kind: "float";
  readonly min: number;
  readonly max: number;
  readonly log: boolean;
  readonly step: number | null;
}

/** An integer `min + k·step` in [min, max]. */
export interface IntDistribution {
  readonly kind: "int";
  readonly min: number;
  readonly max: number;
  readonly log: boolean;
  readonly step: number;
}

/** One of several values without an order. */
export interface CategoricalDistribution {
  readonly kind: "categorical";
  readonly choices: readonly ParamValue[];
}

export type Distribution = FloatDistribution | IntDistribution | CategoricalDistribution;

/** More steps than this and the step is finer than a search can tell apart from none; it also keeps counts exact. */
const MAX_CELLS = 2 ** 40;

/**
 * A real parameter. `max` falls to the last whole step.
 *
 * @throws ArgumentError `RANGE`, `LOG_RANGE`, `LOG_STEP`, `STEP`
 */
export function float(
  min: number,
  max: number,
  options: { readonly log?: boolean; readonly step?: number } = {},
): FloatDistribution {
  const { log = false, step = null } = options;
  checkRange(min, max, log);
  if (step === null) return { kind: "float", min: min + 0, max: max + 0, log, step };
  checkStep(min, max, step);
  if (log) throw logStep(step);
  const steps = wholeSteps(min, max, step);
  return { kind: "float", min: min + 0, max: steppedValue(min, step, steps), log, step };
}

/**
 * An integer parameter. `max` falls to the last whole step.
 *
 * @throws ArgumentError `RANGE`, `LOG_RANGE`, `LOG_STEP`, `STEP`
 */
export function int(
  min: number,
  max: number,
  options: { readonly log?: boolean; readonly step?: number } = {},
): IntDistribution {
  const { log = false, step = 1 } = options;
  checkRange(min, max, log);
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max)) {
    throw new ArgumentError("RANGE", `an int parameter needs integer bounds, was ${min} to ${max}`, { min, max });
  }
  checkStep(min, max, step);
  if (!Number.isInteger(step))
    throw new ArgumentError("STEP", `step of an int must be an integer, was ${step}`, { step });
  if (log && step !== 1) throw logStep(step);
  return { kind: "int", min: min + 0, max: min + wholeSteps(min, max, step) * step, log, step };
}

/**
 * A choice among values; at least one, all different.
 *
 * @throws ArgumentError `CHOICES`
 */
export function categorical(choices: readonly ParamValue[]): CategoricalDistribution {
  if (choices.length === 0) throw new ArgumentError("CHOICES", "a categorical parameter needs a choice, had none");
  for (const choice of choices) {
    if (typeof choice === "number" && !Number.isFinite(choice)) {
      throw new ArgumentError("CHOICES", `a choice must be a finite number, text, boolean or null, was ${choice}`);
    }
  }
  if (new Set(choices).size !== choices.length) {
    throw new ArgumentError("CHOICES", `choices must differ, were ${JSON.stringify(choices)}`, { choices });
  }
  return { kind: "categorical", choices: choices.map(unsigned) };
}

/** Number of values a parameter can take; `Infinity` for a real one without step. */
export function cardinality(distribution: Distribution): number {
  if (distribution.kind === "categorical") return distribution.choices.length;
  const { min, max, step } = distribution;
  if (min === max) return 1;
  return step === null ? Infinity : wholeSteps(min, max, step) + 1;
}

/** Whether `value` is one the distribution can produce; steps within rounding of the last digit. */
export function contains(distribution: Distribution, value: unknown): value is ParamValue {
  if (distribution.kind === "categorical") return distribution.choices.includes(value as ParamValue);
  const { min, max, step } = distribution;
  if (typeof value !== "number" || !(value >= min && value <= max)) return false;
  if (step === null) return true;
  const steps = (value - min) / step;
  return Math.abs(steps - Math.round(steps)) <= (distribution.kind === "int" ? 0 : 1e-9 * Math.max(1, steps));
}

/** `min + k·step` with the digits of its parts, so that 0.1 + 2 × 0.1 is 0.3. */
export function steppedValue(min: number, step: number, k: number): number {
  const power = 10 ** Math.max(decimals(min), decimals(step));
  const raw = min + k * step;
  const scaled = Math.round(raw * power);
  return Number.isSafeInteger(scaled) && power <= 1e15 ? scaled / power + 0 : raw;
}

/** The distribution in words, for error messages and listings: `int 10 to 30 step 5`. */
export function describeDistribution(distribution: Distribution): string {
  if (distribution.kind === "categorical") return `one of ${JSON.stringify(distribution.choices)}`;
  const { kind, min, max, log, step } = distribution;
  const stepText = step === null || (kind === "int" && step === 1) ? "" : ` step ${step}`;
  return `${kind} ${min} to ${max}${stepText}${log ? " log" : ""}`;
}

/** -0 becomes 0: they are one value, and only one of them survives being stored. */
export function unsigned<T extends ParamValue>(value: T): T | 0 {
  return value === 0 ? 0 : value;
}

function wholeSteps(min: number, max: number, step: number): number {
  return Math.floor((max - min) / step + 1e-9);
}

function decimals(value: number): number {
  const text = plainDecimal(value);
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point - 1;
}

function checkRange(min: number, max: number, log: boolean): void {
  if (!Number.isFinite(min) || !Number.isFinite(max) || min > max || !Number.isFinite(max - min)) {
    throw new ArgumentError("RANGE", `bounds must be finite with min ≤ max, were ${min} to ${max}`, { min, max });
  }
  if (log && min <= 0) {
    throw new ArgumentError("LOG_RANGE", `a log parameter needs min > 0, was ${min}`, { min, max });
  }
}

function checkStep(min: number, max: number, step: number): void {
  if (!(step > 0) || !Number.isFinite(step)) {
    throw new ArgumentError("STEP", `step must be a finite number > 0, was ${step}`, { step });
  }
  if ((max - min) / step > MAX_CELLS) {
    throw new ArgumentError(
      "STEP",
      `step ${step} is too fine for ${min} to ${max}; leave it out or take a larger one`,
      {
        min,
        max,
        step,
      },
    );
  }
}

function logStep(step: number): ArgumentError {
  return new ArgumentError("LOG_STEP", `log and step ${step} cannot be combined; leave one out`, { step });
}
