import { categorical, float, int } from "../optimize/distribution.ts";
import type { Space } from "../optimize/space.ts";
import type { ParamSpecs } from "../strategy/param.ts";

/** The parameters of a strategy as a space to search. A `bool` is searched as one of `false`, `true`. */
export function searchSpace(specs: ParamSpecs): Space {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      switch (spec.kind) {
        case "int":
          return [name, int(spec.min, spec.max, { log: spec.log, step: spec.step })];
        case "float":
          return [name, float(spec.min, spec.max, { log: spec.log, ...(spec.step !== null && { step: spec.step }) })];
        case "choice":
          return [name, categorical(spec.choices)];
        case "bool":
          return [name, categorical([false, true])];
      }
    }),
  );
}
