import { ArgumentError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";

/** Up to this many returns all sign patterns are tried (a million); above, patterns are drawn. */
const EXACT_UP_TO = 20;

/**
 * Chance that returns as likely to rise as to fall would have a mean this high: one-sided sign-flip test.
 *
 * Exact over all 2ⁿ patterns.
 *
 * @throws ArgumentError `TOO_MANY` above 20 returns
 */
export function signFlipExact(returns: Float64Array): number {
  const n = returns.length;
  if (n > EXACT_UP_TO) {
    throw new ArgumentError("TOO_MANY", `2^${n} sign patterns are too many; draw some with signFlipSampled`, { n });
  }
  const sizes = returns.map(Math.abs);
  const observed = returns.reduce((sum, value) => sum + value, 0);
  const ties = 1e-12 * sizes.reduce((sum, value) => sum + value, 0);
  let count = 0;
  for (let pattern = 0; pattern < 2 ** n; pattern++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (pattern >>> i) & 1 ? -sizes[i]! : sizes[i]!;
    if (sum >= observed - ties) count++;
  }
  return count / 2 ** n;
}

/** The same with `runs` patterns drawn; never 0, since the observed one counts as drawn. */
export function signFlipSampled(
  returns: Float64Array,
  { runs, random }: { runs: number; random: Pick<Random, "next"> },
): number {
  const observed = returns.reduce((sum, value) => sum + value, 0);
  let count = 0;
  for (let run = 0; run < runs; run++) {
    let sum = 0;
    for (let i = 0; i < returns.length; i++) sum += random.next() < 0.5 ? returns[i]! : -returns[i]!;
    if (sum >= observed) count++;
  }
  return (count + 1) / (runs + 1);
}
