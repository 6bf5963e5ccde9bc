import type { Random } from "../../../core/random.ts";
import { Mixture } from "./mixture.ts";
import type { Observations } from "./observations.ts";
import { split } from "./split.ts";
import { kernelWidths } from "./widths.ts";

/** How to learn. */
export interface Learning {
  /** How many of `n` observations count as good. */
  readonly gamma: (n: number) => number;
  /** Draws from the good ones that compete for the highest ratio. */
  readonly candidates: number;
  /** Weight of the prior, an observation being 1. */
  readonly priorWeight: number;
}

/** How many times as many draws it may take to find a point not tried before. */
const PATIENCE = 10;

/**
 * Coordinates of the next trial: of some draws from the density of good observations, the one where that density
 * is highest relative to the density of the others. In a finite space points already tried are passed over.
 *
 * @see J. Bergstra et al., Algorithms for hyper-parameter optimization, 2011
 * @see S. Falkner et al., BOHB, 2018 (the joint form); S. Watanabe, Tree-structured Parzen estimator, 2023
 */
export function propose(observations: Observations, learning: Learning, rng: Random): Float64Array {
  const parts = split(observations, learning.gamma);
  const widths = kernelWidths(observations, parts);
  const good = new Mixture(observations, widths, parts.below, learning.priorWeight);
  const bad = new Mixture(observations, widths, parts.above, learning.priorWeight);
  const countable = observations.dimensions.every(({ axis }) => axis.kind !== "line");
  const candidate = new Float64Array(observations.dimensions.length);
  let best = candidate;
  let bestRatio = -1;
  for (let k = 0; k < learning.candidates || (bestRatio <= 0 && k < learning.candidates * PATIENCE); k++) {
    good.draw(rng, candidate);
    const isRepeat = countable && observations.includes(candidate);
    const high = isRepeat ? 0 : good.density(candidate);
    // Whoever cannot win any more is not worth the whole sum: halves the time of an ask.
    const ratio = high === 0 ? 0 : high / bad.density(candidate, bestRatio > 0 ? high / bestRatio : Infinity);
    if (ratio > bestRatio) {
      bestRatio = ratio;
      best = candidate.slice();
    }
  }
  return best;
}
