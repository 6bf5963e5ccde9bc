import { axisCache, drawEvenly } from "../axis.ts";
import type { ParamValue } from "../distribution.ts";
import { type SamplerSpec, trialRandom } from "./sampler.ts";

/** Every parameter on its own, evenly over its values (over their logarithm where `log`). */
export function randomSampler(): SamplerSpec {
  return {
    name: "random",
    create(view) {
      const axisOf = axisCache();
      return {
        sample(number, space) {
          const rng = trialRandom(view, "random", number);
          const params: Record<string, ParamValue> = {};
          for (const name in space) params[name] = drawEvenly(axisOf(space[name]!), rng);
          return params;
        },
        begin: (number) => (name, distribution) =>
          drawEvenly(axisOf(distribution), trialRandom(view, "random", number, name)),
      };
    },
  };
}
