import type { Kernel } from "../kernel.ts";
import { rollingMoments } from "../rolling/moments.ts";
import { grow, scratch } from "../stage.ts";

/** Standard deviation of the last `period` values, divisor `period - ddof`. @throws ArgumentError `PERIOD`, `PARAM` */
export function stddev(period: number, ddof: number): Kernel {
  const moments = rollingMoments(period, ddof);
  const own = scratch(1);
  const pair: Float64Array[] = [];
  return {
    warmup: [period - 1],
    extend(src, out, from, to) {
      grow(own, to);
      pair[0] = own[0]!;
      pair[1] = out[0]!;
      moments.extend(src, pair, from, to);
    },
  };
}
