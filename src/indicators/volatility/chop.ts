import { checkPeriod, type Kernel } from "../kernel.ts";
import { rollingRange } from "../rolling/extremes.ts";
import { rollingSum } from "../rolling/sum.ts";
import { grow, scratch } from "../stage.ts";
import { trueRange } from "./truerange.ts";

/**
 * Choppiness index of high, low, close: 100 where the price went nowhere on a long way, towards 0 on a straight one.
 *
 * Undefined where `period` bars have no range.
 *
 * @throws ArgumentError `PERIOD` (at least 2)
 */
export function chop(period: number): Kernel {
  checkPeriod(period, 2);
  const step = trueRange("none");
  const way = rollingSum(period);
  const range = rollingRange(period);
  const steps = scratch(1);
  const ends = scratch(2);
  const scale = 100 / Math.log10(period);
  return {
    warmup: [period],
    extend(src, out, from, to) {
      grow(steps, to);
      grow(ends, to);
      const top = ends[0]!;
      const bottom = ends[1]!;
      const y = out[0]!;
      step.extend(src, steps, from, to);
      way.run(steps[0]!, y, from, to);
      range.extend(src, ends, from, to);
      for (let i = from; i < to; i++) {
        const height = top[i]! - bottom[i]!;
        y[i] = height > 0 ? scale * Math.log10(y[i]! / height) : NaN;
      }
    },
  };
}
