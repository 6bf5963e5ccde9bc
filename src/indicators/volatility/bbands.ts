import { checkPeriod, type Kernel } from "../kernel.ts";
import { checkDdof } from "../rolling/moments.ts";
import { newTails } from "../rolling/sums.ts";

/**
 * Bollinger bands: upper, middle, lower; width as a fraction of the middle; percent (%B): 0 at lower, 1 at upper.
 *
 * `ddof` 0 divides the variance by `period` (TA-Lib), 1 by `period` - 1. On a flat window percent is undefined. The loop is
 * that of rolling/moments.ts with the bands made on the way, a fifth less time for a bar more; a test holds them together.
 *
 * @throws ArgumentError `PERIOD`, `PARAM`
 */
export function bbands(settings: { period: number; deviations: number; ddof: number }): Kernel {
  const { period, deviations, ddof } = settings;
  checkPeriod(period);
  checkDdof(ddof, period);
  const tails = newTails(period);
  const squareTails = newTails(period);
  const state = new Float64Array(3);
  const perMean = 1 / period;
  const perVariance = 1 / (period - ddof);
  const warmup = period - 1;
  return {
    warmup: [warmup, warmup, warmup, warmup, warmup],
    extend(src, out, from, to) {
      const x = src[0]!;
      const upper = out[0]!;
      const middle = out[1]!;
      const lower = out[2]!;
      const width = out[3]!;
      const percent = out[4]!;
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
          const value = x[i]!;
          const d = value - pivot;
          head += d;
          squareHead += d * d;
          const sum = tails[m]! + head;
          const spread = squareTails[m]! + squareHead - sum * sum * perMean;
          const mean = pivot + sum * perMean;
          const reach = deviations * Math.sqrt(Math.abs(spread) * perVariance);
          const low = mean - reach;
          const height = 2 * reach;
          upper[i] = mean + reach;
          middle[i] = mean;
          lower[i] = low;
          width[i] = height / mean;
          percent[i] = (value - low) / height;
        }
      }
      state[0] = pivot;
      state[1] = head;
      state[2] = squareHead;
    },
  };
}
