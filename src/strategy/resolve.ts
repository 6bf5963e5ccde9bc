import { ArgumentError } from "../core/errors.ts";
import type { ParamSpec, ParamSpecs, ParamValue, ParamValues } from "./param.ts";

/** What {@link resolveParams} needs of a strategy. */
export interface HasParams<P extends ParamSpecs = ParamSpecs> {
  readonly name: string;
  readonly params: P;
}

/**
 * All parameters of `strategy`: those given, checked, and its defaults for the rest. Text is parsed, as a command line gives it.
 *
 * `step` is for searches: a value between two steps is fine here.
 *
 * @throws ArgumentError `PARAM_UNKNOWN`, `PARAM_TYPE`, `PARAM_RANGE`
 */
export function resolveParams<P extends ParamSpecs>(
  strategy: HasParams<P>,
  given: Readonly<Record<string, unknown>> = {},
): ParamValues<P> {
  const values: Record<string, ParamValue> = {};
  for (const [name, spec] of Object.entries(strategy.params)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    values[name] = value === undefined ? spec.default : checked(strategy.name, name, spec, value);
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(values, name)) continue;
    const known = Object.keys(values).join(" ") || "none";
    const message = `strategy ${strategy.name} has no parameter ${JSON.stringify(name)}; its parameters: ${known}`;
    throw new ArgumentError("PARAM_UNKNOWN", message, { strategy: strategy.name, name });
  }
  return values as ParamValues<P>;
}

/** Number of different settings a search could try; `Infinity` with a real-number parameter without step. */
export function spaceSize(specs: ParamSpecs): number {
  return Object.values(specs).reduce((size, spec) => size * valuesOf(spec), 1);
}

function valuesOf(spec: ParamSpec): number {
  if (spec.kind === "bool") return 2;
  if (spec.kind === "choice") return spec.choices.length;
  if (spec.min === spec.max) return 1;
  return spec.step === null ? Infinity : Math.floor((spec.max - spec.min) / spec.step + 1e-9) + 1;
}

/** `10 to 30`, `a | b`: the range of a parameter, for people. */
export function rangeText(spec: ParamSpec): string {
  if (spec.kind === "bool") return "true | false";
  if (spec.kind === "choice") return spec.choices.join(" | ");
  const step = spec.step === null || (spec.kind === "int" && spec.step === 1) ? "" : ` step ${spec.step}`;
  return `${spec.min} to ${spec.max}${step}${spec.log ? " log" : ""}`;
}

function checked(strategy: string, name: string, spec: ParamSpec, given: unknown): ParamValue {
  const refuse = (code: "PARAM_TYPE" | "PARAM_RANGE", wanted: string): never => {
    const was = typeof given === "string" ? JSON.stringify(given) : String(given);
    throw new ArgumentError(code, `strategy ${strategy}: parameter ${name} must be ${wanted}, was ${was}`, {
      strategy,
      name,
      value: given,
    });
  };
  if (spec.kind === "bool") {
    if (typeof given === "boolean") return given;
    return given === "true" ? true : given === "false" ? false : refuse("PARAM_TYPE", "true or false");
  }
  if (spec.kind === "choice") {
    const found = spec.choices.find((one) => one === given || (typeof given === "string" && String(one) === given));
    return found ?? refuse("PARAM_RANGE", `one of ${spec.choices.join(" ")}`);
  }
  const wanted = `${spec.kind === "int" ? "an integer" : "a number"} from ${spec.min} to ${spec.max}`;
  const value = typeof given === "string" && /^\s*[-+]?(\d|\.\d)/.test(given) ? Number(given) : given;
  if (typeof value !== "number" || !Number.isFinite(value)) return refuse("PARAM_TYPE", wanted);
  if (spec.kind === "int" && !Number.isInteger(value)) return refuse("PARAM_TYPE", wanted);
  return value < spec.min || value > spec.max ? refuse("PARAM_RANGE", wanted) : value;
}
