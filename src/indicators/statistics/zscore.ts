import type { Kernel } from "../kernel.ts";
import { rollingMoments } from "../rolling/moments.ts";
import { grow, scratch } from "../stage.ts";

/**
 * How many standard deviations a value lies from the mean of the last `period`; undefined on a flat window.
 *
 * @throws ArgumentError `PERIOD`, `PARAM`
 */
export function zscore(period: number, ddof: number): Kernel {
  const moments = rollingMoments(period, ddof);
  const own = scratch(2);
  return {
    warmup: [period - 1],
    extend(src, out, from, to) {
      grow(own, to);
      const mean = own[0]!;
      const deviation = own[1]!;
      const x = src[0]!;
      const y = out[0]!;
      moments.extend(src, own, from, to);
      for (let i = from; i < to; i++) y[i] = (x[i]! - mean[i]!) / deviation[i]!;
    },
  };
}
