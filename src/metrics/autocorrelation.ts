import { moments } from "./moments.ts";
import { finiteOrNull } from "./tolerance.ts";

/** Correlation of `values` with themselves `lag` places earlier, −1…1; `NaN` without variance. */
export function autocorrelation(values: Float64Array, lag: number): number {
  const { mean } = moments(values);
  let product = 0;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    const d = values[i]! - mean;
    square += d * d;
    if (i >= lag) product += d * (values[i - lag]! - mean);
  }
  return product / square;
}

/**
 * What a per-period Sharpe ratio is multiplied with to be one per `periods`, where returns depend on the ones before.
 *
 * √periods for independent returns; less where they trend, as smoothed or overlapping ones do. `null` where the sum of
 * the `lags` autocorrelations leaves no variance.
 *
 * @see Lo 2002, "The Statistics of Sharpe Ratios"
 */
export function autocorrelatedScale(
  returns: Float64Array,
  { periods, lags }: { periods: number; lags: number },
): number | null {
  let variance = periods;
  for (let lag = 1; lag <= lags; lag++) variance += 2 * (periods - lag) * autocorrelation(returns, lag);
  return variance > 0 ? finiteOrNull(periods / Math.sqrt(variance)) : null;
}

/** Sharpe ratio of `returns` per `periods`, corrected for the first `lags` autocorrelations; `null` without variance. */
export function autocorrelatedSharpe(
  returns: Float64Array,
  { periods, lags }: { periods: number; lags: number },
): number | null {
  const { mean, deviation } = moments(returns);
  const scale = deviation > 0 ? autocorrelatedScale(returns, { periods, lags }) : null;
  return scale === null ? null : finiteOrNull((mean / deviation) * scale);
}
