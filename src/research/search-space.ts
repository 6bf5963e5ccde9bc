import { categorical, type Distribution, float, int } from "../optimize/distribution.ts";
import type { Space } from "../optimize/space.ts";
import type { ParamSpec, ParamSpecs } from "../strategy/param.ts";

/** The parameters of a strategy as a space to search. A `bool` is searched as one of `false`, `true`. */
export function searchSpace(specs: ParamSpecs): Space {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, distribution(spec)]));
}

function distribution(spec: ParamSpec): Distribution {
  switch (spec.kind) {
    case "int":
      return int(spec.min, spec.max, { log: spec.log, step: spec.step });
    case "float":
      return float(spec.min, spec.max, { log: spec.log, ...(spec.step !== null && { step: spec.step }) });
    case "choice":
      return categorical(spec.choices);
    case "bool":
      return categorical([false, true]);
  }
}
