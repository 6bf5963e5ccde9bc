import { ArgumentError } from "../core/errors.ts";
import {
  cardinality,
  categorical,
  contains,
  type Distribution,
  describeDistribution,
  float,
  int,
  type ParamValue,
} from "./distribution.ts";

/** Parameters by name, in the order in which they are drawn. */
export type Space = Readonly<Record<string, Distribution>>;

/** One value per parameter of a space. */
export type Params = Readonly<Record<string, ParamValue>>;

/** Number of different parameter sets; `Infinity` as soon as one parameter is real without step. */
export function spaceSize(space: Space): number {
  return Object.values(space).reduce((size, distribution) => size * cardinality(distribution), 1);
}

/**
 * Refuses a space whose distributions were not made by `float`, `int` or `categorical`, or went through bad hands.
 *
 * @throws ArgumentError `SPACE` naming the parameter
 */
export function checkSpace(space: Space): void {
  for (const [name, distribution] of Object.entries(space)) {
    if (name === "") throw new ArgumentError("SPACE", "a parameter needs a name, had an empty one");
    try {
      const again = rebuild(distribution);
      if (JSON.stringify(again) === JSON.stringify(distribution)) continue;
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      throw new ArgumentError("SPACE", `parameter ${name}: ${cause}`, { name, distribution }, error);
    }
    throw new ArgumentError("SPACE", `parameter ${name} is no distribution: ${JSON.stringify(distribution)}`, { name });
  }
}

/**
 * Refuses values outside their distribution and names the space does not have. Missing names are allowed.
 *
 * @throws ArgumentError `PARAM_UNKNOWN`, `PARAM_VALUE`
 */
export function checkParams(space: Space, params: Params): void {
  for (const [name, value] of Object.entries(params)) {
    const distribution = Object.hasOwn(space, name) ? space[name] : undefined;
    if (distribution === undefined) {
      const known = Object.keys(space).join(", ");
      throw new ArgumentError("PARAM_UNKNOWN", `no parameter ${JSON.stringify(name)}; the space has ${known}`, {
        name,
      });
    }
    if (!contains(distribution, value)) {
      throw new ArgumentError(
        "PARAM_VALUE",
        `parameter ${name} must be ${describeDistribution(distribution)}, was ${JSON.stringify(value)}`,
        { name, value, distribution },
      );
    }
  }
}

/** Whether two distributions are the same, bounds, steps and choices included. */
export function sameDistribution(a: Distribution, b: Distribution): boolean {
  return a === b || JSON.stringify(rebuild(a)) === JSON.stringify(rebuild(b));
}

/** The same distribution with its fields in the one order that texts are compared in. */
function rebuild(distribution: Distribution): Distribution {
  switch (distribution?.kind) {
    case "float":
    case "int": {
      const { min, max, log, step, kind } = distribution;
      const options = step === null ? { log } : { log, step };
      return kind === "float" ? float(min, max, options) : int(min, max, options);
    }
    case "categorical":
      return categorical(distribution.choices);
    default:
      throw new ArgumentError("SPACE", "not a distribution; make it with float, int or categorical");
  }
}
