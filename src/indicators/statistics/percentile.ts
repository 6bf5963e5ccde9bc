import { ArgumentError } from "../../core/errors.ts";
import { checkPeriod, type Kernel } from "../kernel.ts";

/**
 * The value below which `percent` of the last `period` values lie, interpolated between neighbours (quantile type 7).
 *
 * The window is kept sorted; a bar moves only the values between the one that leaves and the one that comes.
 *
 * @throws ArgumentError `PERIOD`, `PARAM` unless 0 ≤ percent ≤ 100
 */
export function percentile(period: number, percent: number): Kernel {
  checkPeriod(period);
  if (!(percent >= 0 && percent <= 100)) {
    throw new ArgumentError("PARAM", `percent must be from 0 to 100, was ${percent}`, { percent });
  }
  const rank = ((period - 1) * percent) / 100;
  const below = Math.floor(rank);
  const above = Math.min(below + 1, period - 1);
  const part = rank - below;
  const sorted = new Float64Array(period).fill(Infinity); // an undefined value is kept as Infinity, and counted
  const state = Int32Array.of(period);
  return {
    warmup: [period - 1],
    extend(src, out, from, to) {
      const x = src[0]!;
      const y = out[0]!;
      let undefinedCount = state[0]!;
      for (let i = from; i < to; i++) {
        const coming = x[i]!;
        const leaving = i < period ? NaN : x[i - period]!;
        undefinedCount += Number(coming !== coming) - Number(leaving !== leaving);
        replace(sorted, leaving === leaving ? leaving : Infinity, coming === coming ? coming : Infinity);
        const low = sorted[below]!;
        y[i] = undefinedCount > 0 ? NaN : low + part * (sorted[above]! - low);
      }
      state[0] = undefinedCount;
    },
  };
}

/** Takes one `leaving` out of ascending `sorted` and puts `coming` in its place in the order. */
function replace(sorted: Float64Array, leaving: number, coming: number): void {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < leaving) low = middle + 1;
    else high = middle;
  }
  for (; low + 1 < sorted.length && sorted[low + 1]! < coming; low++) sorted[low] = sorted[low + 1]!;
  for (; low > 0 && sorted[low - 1]! > coming; low--) sorted[low] = sorted[low - 1]!;
  sorted[low] = coming;
}
