import { ArgumentError } from "../core/errors.ts";
import { gridSampler } from "../optimize/samplers/grid.ts";
import { quasiRandomSampler } from "../optimize/samplers/quasi-random.ts";
import { randomSampler } from "../optimize/samplers/random.ts";
import type { SamplerSpec } from "../optimize/samplers/sampler.ts";
import { tpeSampler } from "../optimize/samplers/tpe.ts";

const SAMPLERS: Readonly<Record<string, () => SamplerSpec>> = {
  tpe: () => tpeSampler(),
  "tpe-univariate": () => tpeSampler({ multivariate: false }),
  random: randomSampler,
  grid: () => gridSampler(),
  qmc: quasiRandomSampler,
};

export const SAMPLER_NAMES = Object.keys(SAMPLERS);

/** The sampler of that name, with its usual settings. @throws ArgumentError `SAMPLER` */
export function samplerOf(name: string): SamplerSpec {
  if (Object.hasOwn(SAMPLERS, name)) return SAMPLERS[name]!();
  throw new ArgumentError("SAMPLER", `unknown sampler ${JSON.stringify(name)}; there is ${SAMPLER_NAMES.join(", ")}`, {
    name,
  });
}
