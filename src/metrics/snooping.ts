import { ArgumentError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import { resample } from "./bootstrap.ts";

/** Chances (0…1) that the best of many rules is no better than the benchmark, for all the looking that was done. */
export interface Snooping {
  /** White's reality check (2000). */
  readonly realityCheck: number;
  /** Hansen's test of superior predictive ability (2005): lower bound, consistent value, upper bound. */
  readonly spaLower: number;
  readonly spaConsistent: number;
  readonly spaUpper: number;
  /** √n × mean of the best rule, and of the best one in units of its own deviation. */
  readonly bestMean: number;
  readonly bestStudentized: number;
  /** Long-run deviation of each rule's returns. */
  readonly deviations: Float64Array;
}

/**
 * Data-snooping tests over one column of per-period returns above the benchmark per rule, all of one length.
 *
 * `runs` histories are drawn in blocks of random length with mean `meanLength`; all rules share each draw.
 *
 * @throws ArgumentError `TRIALS`, `COLUMN_LENGTH`, `BLOCK_LENGTH`
 */
export function snooping(
  rules: readonly Float64Array[],
  { runs, meanLength, random }: { runs: number; meanLength: number; random: Pick<Random, "next"> },
): Snooping {
  const n = rules[0]?.length ?? 0;
  if (n < 3) throw new ArgumentError("TRIALS", `snooping needs a rule with at least 3 returns, has ${n}`);
  const odd = rules.findIndex((column) => column.length !== n);
  if (odd >= 0)
    throw new ArgumentError("COLUMN_LENGTH", `rule ${odd} has ${rules[odd]!.length} returns, rule 0 has ${n}`);
  const root = Math.sqrt(n);
  const means = Float64Array.from(rules, (column) => column.reduce((sum, value) => sum + value, 0) / n);
  const deviations = Float64Array.from(rules, (column, rule) => longRunDeviation(column, means[rule]!, 1 / meanLength));
  const bestMean = root * Math.max(...means);
  const studentized = (mean: number, rule: number) => (root * mean) / deviations[rule]!;
  const bestStudentized = Math.max(0, ...means.map(studentized));
  const cut = Math.sqrt(2 * Math.log(Math.log(n))) / root;
  const centres = [
    means.map((mean) => Math.max(mean, 0)),
    means.map((mean, rule) => (mean >= -deviations[rule]! * cut ? mean : 0)),
    means,
  ];
  const spa = [0, 0, 0];
  let realityCheck = 0;
  const index = new Int32Array(n);
  for (let run = 0; run < runs; run++) {
    resample(index, { kind: "stationary", meanLength }, random);
    const drawn = Float64Array.from(rules, (column) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += column[index[i]!]!;
      return sum / n;
    });
    if (root * largest(drawn, (mean, rule) => mean - means[rule]!) > bestMean) realityCheck++;
    centres.forEach((centre, i) => {
      const best = largest(drawn, (mean, rule) => studentized(mean - centre[rule]!, rule));
      if (Math.max(0, best) > bestStudentized) spa[i]!++;
    });
  }
  return {
    realityCheck: realityCheck / runs,
    spaLower: spa[0]! / runs,
    spaConsistent: spa[1]! / runs,
    spaUpper: spa[2]! / runs,
    bestMean,
    bestStudentized,
    deviations,
  };
}

function largest(values: Float64Array, of: (value: number, index: number) => number): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) best = Math.max(best, of(values[i]!, i));
  return best;
}

/** √ of the variance that the stationary bootstrap of restart probability `q` gives √n × mean. */
function longRunDeviation(column: Float64Array, mean: number, q: number): number {
  const n = column.length;
  const covariance = (lag: number) => {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (column[i]! - mean) * (column[i - lag]! - mean);
    return sum / n;
  };
  let variance = covariance(0);
  for (let lag = 1; lag < n; lag++) {
    const weight = ((n - lag) / n) * (1 - q) ** lag + (lag / n) * (1 - q) ** (n - lag);
    if (weight > 1e-18) variance += 2 * weight * covariance(lag); // the rest cannot be seen, and would take n² steps
  }
  return Math.sqrt(Math.max(variance, 1e-18));
}
