import type { Kernel } from "../kernel.ts";
import { rollingMoments } from "../rolling/moments.ts";

/**
 * Bollinger bands: upper, middle, lower; width as a fraction of the middle; percent (%B): 0 at lower, 1 at upper.
 *
 * `ddof` 0 divides the variance by `period` (TA-Lib), 1 by `period` - 1. On a flat window percent is undefined.
 *
 * @throws ArgumentError `PERIOD`, `PARAM`
 */
export function bbands(settings: { period: number; deviations: number; ddof: number }): Kernel {
  const { period, deviations, ddof } = settings;
  const moments = rollingMoments(period, ddof);
  const warmup = period - 1;
  const pair: Float64Array[] = [];
  return {
    warmup: [warmup, warmup, warmup, warmup, warmup],
    extend(src, out, from, to) {
      const x = src[0]!;
      const upper = out[0]!;
      const middle = out[1]!;
      const lower = out[2]!;
      const width = out[3]!;
      const percent = out[4]!;
      pair[0] = middle;
      pair[1] = width; // holds the deviation until the next loop
      moments.extend(src, pair, from, to);
      for (let i = from; i < to; i++) {
        const mean = middle[i]!;
        const reach = deviations * width[i]!;
        const low = mean - reach;
        const high = mean + reach;
        upper[i] = high;
        lower[i] = low;
        width[i] = (high - low) / mean;
        percent[i] = (x[i]! - low) / (high - low);
      }
    },
  };
}
