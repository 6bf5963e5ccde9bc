import type { Kernel } from "../kernel.ts";
import { rollingRange } from "../rolling/extremes.ts";
import { grow, scratch } from "../stage.ts";

/**
 * Williams' %R of high, low, close: 0 at the highest, -100 at the lowest of `period` bars; undefined without a range.
 *
 * @throws ArgumentError `PERIOD`
 */
export function willr(period: number): Kernel {
  const range = rollingRange(period);
  const own = scratch(2);
  return {
    warmup: [period - 1],
    extend(src, out, from, to) {
      grow(own, to);
      const top = own[0]!;
      const bottom = own[1]!;
      const close = src[2]!;
      const y = out[0]!;
      range.extend(src, own, from, to);
      for (let i = from; i < to; i++) y[i] = (-100 * (top[i]! - close[i]!)) / (top[i]! - bottom[i]!);
    },
  };
}
