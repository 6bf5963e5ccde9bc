import { ConfigError } from "../core/errors.ts";

/** A whole number to search over, both ends included. */
export interface IntParam {
  readonly kind: "int";
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Distance of the values a search tries, counted from `min`. */
  readonly step: number;
  /** A search looks at ratios, not at differences. */
  readonly log: boolean;
}

/** A real number to search over, both ends included. */
export interface FloatParam {
  readonly kind: "float";
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Distance of the values a search tries, counted from `min`; `null`: any value. */
  readonly step: number | null;
  readonly log: boolean;
}

/** One of a few words or numbers. */
export interface ChoiceParam<T extends string | number = string | number> {
  readonly kind: "choice";
  readonly default: T;
  readonly choices: readonly T[];
}

export interface BoolParam {
  readonly kind: "bool";
  readonly default: boolean;
}

export type ParamSpec = IntParam | FloatParam | ChoiceParam | BoolParam;
export type ParamSpecs = Readonly<Record<string, ParamSpec>>;
export type ParamValue = number | string | boolean;

/** The values `rules` receives: numbers for `int` and `float`, the union of its words for a `choice`. */
export type ParamValues<P extends ParamSpecs> = {
  readonly [K in keyof P]: P[K] extends IntParam | FloatParam
    ? number
    : P[K] extends ChoiceParam<infer T>
      ? T
      : P[K] extends BoolParam
        ? boolean
        : never;
};

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly log?: boolean;
}

/** A whole-number parameter, `preset` unless told. `step` and `log` only shape a search. */
export function int(preset: number, range: NumberRange): IntParam {
  return {
    kind: "int",
    default: preset,
    min: range.min,
    max: range.max,
    step: range.step ?? 1,
    log: range.log ?? false,
  };
}

/** A real-number parameter, `preset` unless told. `step` and `log` only shape a search. */
export function float(preset: number, range: NumberRange): FloatParam {
  const { min, max, step = null, log = false } = range;
  return { kind: "float", default: preset, min, max, step, log };
}

/** One of `choices`; the first unless told. */
export function choice<const T extends string | number>(choices: readonly T[], preset?: T): ChoiceParam<T> {
  return { kind: "choice", choices, default: preset ?? (choices[0] as T) };
}

/** A switch. */
export function bool(preset: boolean): BoolParam {
  return { kind: "bool", default: preset };
}

/** @throws ConfigError `PARAM_SPEC`, naming the strategy and the parameter */
export function checkSpecs(strategy: string, specs: ParamSpecs): void {
  for (const [name, spec] of Object.entries(specs)) {
    const fault = faultOf(name, spec);
    if (fault === null) continue;
    throw new ConfigError("PARAM_SPEC", `strategy ${strategy}: parameter ${name}: ${fault}`, { strategy, name, spec });
  }
}

const UNMADE = "must be made by int, float, choice or bool";

function faultOf(name: string, spec: ParamSpec): string | null {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return "the name must be an identifier";
  if (typeof spec !== "object" || spec === null) return UNMADE;
  if (spec.kind === "bool") {
    return typeof spec.default === "boolean" ? null : "the default must be true or false";
  }
  if (spec.kind === "choice") return choiceFault(spec);
  return spec.kind === "int" || spec.kind === "float" ? numberFault(spec) : UNMADE;
}

function choiceFault(spec: ChoiceParam): string | null {
  if (!Array.isArray(spec.choices) || spec.choices.length === 0) return "needs at least one choice";
  if (new Set(spec.choices.map(String)).size !== spec.choices.length) return "its choices must differ";
  const odd = spec.choices.find((one) => typeof one !== "string" && !Number.isFinite(one));
  if (odd !== undefined) return `a choice must be a word or a number, was ${String(odd)}`;
  return spec.choices.includes(spec.default) ? null : `the default ${spec.default} is not one of its choices`;
}

function numberFault(spec: IntParam | FloatParam): string | null {
  const fits = spec.kind === "int" ? Number.isSafeInteger : Number.isFinite;
  const wanted = spec.kind === "int" ? "an integer" : "a number";
  for (const field of ["default", "min", "max"] as const) {
    if (!fits(spec[field])) return `${field} must be ${wanted}, was ${String(spec[field])}`;
  }
  if (spec.min > spec.max) return `min ${spec.min} is above max ${spec.max}`;
  if (spec.default < spec.min || spec.default > spec.max) {
    return `the default ${spec.default} is outside ${spec.min} to ${spec.max}`;
  }
  if (spec.step !== null && !(fits(spec.step) && spec.step > 0)) return `step must be ${wanted} > 0, was ${spec.step}`;
  if (spec.log && spec.min <= 0) return `a log range must begin above 0, min is ${spec.min}`;
  return null;
}
