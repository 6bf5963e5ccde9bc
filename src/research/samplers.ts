import { ArgumentError } from "../core/errors.ts";
import { gridSampler } from "../optimize/samplers/grid.ts";
import { quasiRandomSampler } from "../optimize/samplers/quasi-random.ts";
import { randomSampler } from "../optimize/samplers/random.ts";
import type { SamplerSpec } from "../optimize/samplers/sampler.ts";
import { tpeSampler } from "../optimize/samplers/tpe.ts";

/** Trials asked for at once where they do not depend on each other: enough for a sweep to share columns. */
const LARGE_BATCH = 500;

const LEARNING: Readonly<Record<string, () => SamplerSpec>> = {
  tpe: () => tpeSampler(),
  "tpe-univariate": () => tpeSampler({ multivariate: false }),
};
const SAMPLERS: Readonly<Record<string, () => SamplerSpec>> = {
  ...LEARNING,
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

/**
 * How many trials to ask for at once, unless told: as many as workers for a sampler that learns from those before, many
 * for one that does not, which then proposes the same whatever the batch.
 */
export function batchOf(sampler: string, jobs: number): number {
  return Object.hasOwn(LEARNING, sampler) ? jobs : LARGE_BATCH;
}
