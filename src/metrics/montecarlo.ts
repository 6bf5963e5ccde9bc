import { ArgumentError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import { type Resampling, resample } from "./bootstrap.ts";

/** What else could have happened: one value per run, ascending. */
export interface MonteCarlo {
  /** Fractions. */
  readonly totalReturn: Float64Array;
  /** Fractions of the peak, 0…1. */
  readonly maxDrawdown: Float64Array;
  /** Share of runs that ended below their start. */
  readonly lossProbability: number;
}

/**
 * Total return and deepest drawdown of `runs` histories drawn anew from `returns`.
 *
 * @throws ArgumentError `RUNS`, `NO_RETURNS`, `BLOCK_LENGTH`
 */
export function monteCarlo(
  returns: Float64Array,
  { runs, how, random }: { runs: number; how: Resampling; random: Pick<Random, "next"> },
): MonteCarlo {
  if (!Number.isInteger(runs) || runs < 1) {
    throw new ArgumentError("RUNS", `runs must be an integer ≥ 1, was ${runs}`, { runs });
  }
  if (returns.length === 0) throw new ArgumentError("NO_RETURNS", "there are no returns to draw from");
  const index = new Int32Array(returns.length);
  const totalReturn = new Float64Array(runs);
  const maxDrawdown = new Float64Array(runs);
  let losses = 0;
  for (let run = 0; run < runs; run++) {
    resample(index, how, random);
    let value = 1;
    let peak = 1;
    let deepest = 0;
    for (let i = 0; i < index.length; i++) {
      value *= 1 + returns[index[i]!]!;
      if (value > peak) peak = value;
      else deepest = Math.max(deepest, 1 - value / peak);
    }
    totalReturn[run] = value - 1;
    maxDrawdown[run] = deepest;
    if (value < 1) losses++;
  }
  return { totalReturn: totalReturn.sort(), maxDrawdown: maxDrawdown.sort(), lossProbability: losses / runs };
}
