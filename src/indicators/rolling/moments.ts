import { ArgumentError } from "../../core/errors.ts";
import { checkPeriod, type Kernel } from "../kernel.ts";
import { newTails } from "./sums.ts";

/**
 * One column in; mean and standard deviation (divisor `period - ddof`) of its last `period` values out.
 *
 * Sums are taken of differences to a value inside the window, so nothing cancels however large the price: the relative
 * error stays near `period` rounding steps, and a flat window has deviation 0 exactly. Both are `NaN` before `period` - 1.
 *
 * @throws ArgumentError `PERIOD`, `PARAM` unless 0 ≤ ddof < period
 */
export function rollingMoments(period: number, ddof: number): Kernel {
  checkPeriod(period);
  checkDdof(ddof, period);
  const tails = newTails(period);
  const squareTails = newTails(period);
  const state = new Float64Array(3);
  const perMean = 1 / period;
  const perVariance = 1 / (period - ddof);
  const warmup = period - 1;
  return {
    warmup: [warmup, warmup],
    extend(src, out, from, to) {
      const x = src[0]!;
      const means = out[0]!;
      const deviations = out[1]!;
      let pivot = state[0]!;
      let head = state[1]!;
      let squareHead = state[2]!;
      for (let i = from; i < to; ) {
        const begin = i - (i % period);
        const end = Math.min(begin + period, to);
        if (i === begin) {
          pivot = x[begin]!;
          head = squareHead = 0;
          let sum = 0;
          let squares = 0;
          for (let m = 1; m < period && begin > 0; m++) {
            const d = x[begin - m]! - pivot;
            tails[m] = sum += d;
            squareTails[m] = squares += d * d;
          }
        }
        for (let m = begin + period - 1 - i; i < end; i++, m--) {
          const d = x[i]! - pivot;
          head += d;
          squareHead += d * d;
          const sum = tails[m]! + head;
          const spread = squareTails[m]! + squareHead - sum * sum * perMean;
          means[i] = pivot + sum * perMean;
          deviations[i] = Math.sqrt(Math.abs(spread) * perVariance); // rounding may leave it a hair below 0
        }
      }
      state[0] = pivot;
      state[1] = head;
      state[2] = squareHead;
    },
  };
}

/** @throws ArgumentError `PARAM` unless `ddof` is an integer from 0 to `period` - 1 */
export function checkDdof(ddof: number, period: number): void {
  if (Number.isInteger(ddof) && ddof >= 0 && ddof < period) return;
  throw new ArgumentError("PARAM", `ddof must be an integer from 0 to period - 1, was ${ddof}`, { ddof, period });
}
