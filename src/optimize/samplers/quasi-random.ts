import { type Random, random } from "../../core/random.ts";
import { axisCache } from "../axis.ts";
import type { Distribution, ParamValue } from "../distribution.ts";
import { type SamplerSpec, type StudyView, trialRandom } from "./sampler.ts";

/** Dimensions beyond this are drawn at random: bases past the 32nd prime need thousands of points to even out. */
const DIMENSIONS = 32;

/**
 * Halton's sequence with every digit permuted at random (seeded): covers a space more evenly than chance.
 *
 * Point `n` is that of trial number `n`, so resuming and parallel asking need no state. The k-th parameter of a
 * trial takes the k-th dimension.
 *
 * @see A. Owen, A randomized Halton algorithm in R, 2017
 */
export function quasiRandomSampler(): SamplerSpec {
  return {
    name: "qmc",
    create(view) {
      const point = scrambledHalton(view.seed);
      const axisOf = axisCache();
      const place = (number: number, dimension: number, distribution: Distribution): ParamValue =>
        axisOf(distribution).at(dimension < DIMENSIONS ? point(number, dimension) : beyond(view, number, dimension));
      return {
        sample(number, space) {
          const params: Record<string, ParamValue> = {};
          let dimension = 0;
          for (const name in space) params[name] = place(number, dimension++, space[name]!);
          return params;
        },
        begin(number) {
          let dimension = 0;
          return (_name, distribution) => place(number, dimension++, distribution);
        },
      };
    },
  };
}

/** Coordinate in [0, 1) of point `n` ≥ 0 in `dimension` < 32. Same seed, same points. */
export function scrambledHalton(seed: string): (n: number, dimension: number) => number {
  const bases = primes(DIMENSIONS);
  const scrambles: Uint16Array[][] = [];
  return (n, dimension) => {
    const base = bases[dimension]!;
    scrambles[dimension] ??= permutations(base, random(`${seed}/qmc/${dimension}`));
    let rest = n;
    let scale = 1 / base;
    let unit = 0;
    for (const permuted of scrambles[dimension]!) {
      const digit = rest % base;
      rest = (rest - digit) / base;
      unit += permuted[digit]! * scale;
      scale /= base;
    }
    return Math.min(unit, 1 - 2 ** -53);
  };
}

/** One permutation of the digits per place, for as many places as 48 bits hold: leading zeros are permuted too. */
function permutations(base: number, rng: Random): Uint16Array[] {
  return Array.from({ length: Math.ceil(48 / Math.log2(base)) }, () => {
    const digits = Uint16Array.from({ length: base }, (_, k) => k);
    for (let k = base - 1; k > 0; k--) {
      const other = rng.below(k + 1);
      [digits[k], digits[other]] = [digits[other]!, digits[k]!];
    }
    return digits;
  });
}

function beyond(view: StudyView, number: number, dimension: number): number {
  return trialRandom(view, "qmc", number, String(dimension)).next();
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
}
