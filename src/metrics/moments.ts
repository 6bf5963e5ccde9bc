import { ROUNDING } from "./tolerance.ts";

/** The first four moments of a sample. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** ddof 1; exactly 0 for a sample constant but for rounding, `NaN` for fewer than two values. */
  readonly deviation: number;
  /** Population skewness; `null` without variance. */
  readonly skew: number | null;
  /** Population kurtosis, raw: 3 for a normal sample; `null` without variance. */
  readonly kurtosis: number | null;
  /** Sample excess kurtosis G2, as spreadsheets give it: 0 for a normal one; `null` for fewer than four values. */
  readonly excessKurtosis: number | null;
}

/** Moments of `values` in two passes. */
export function moments(values: Float64Array): Moments {
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  const mean = sum / count;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = 0; i < count; i++) {
    const d = values[i]! - mean;
    const square = d * d;
    second += square;
    third += square * d;
    fourth += square * square;
  }
  const deviation = count > 1 ? Math.sqrt(second / (count - 1)) : NaN;
  if (!(deviation > ROUNDING * Math.max(1, Math.abs(mean)))) {
    return { count, mean, deviation: count > 1 ? 0 : NaN, skew: null, kurtosis: null, excessKurtosis: null };
  }
  const variance = second / count;
  const kurtosis = fourth / count / variance ** 2;
  return {
    count,
    mean,
    deviation,
    skew: third / count / variance ** 1.5,
    kurtosis,
    excessKurtosis: count < 4 ? null : ((count - 1) / ((count - 2) * (count - 3))) * ((count + 1) * (kurtosis - 3) + 6),
  };
}
