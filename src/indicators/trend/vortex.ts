import type { Kernel } from "../kernel.ts";
import { rollingSum } from "../rolling/sum.ts";
import { grow, scratch } from "../stage.ts";
import { trueRange } from "../volatility/truerange.ts";

/**
 * Vortex of high, low, close: upward and downward movement against true range over `period` bars, each 0….
 *
 * @throws ArgumentError `PERIOD`
 */
export function vortex(period: number): Kernel {
  const sums = [rollingSum(period), rollingSum(period), rollingSum(period)];
  const range = trueRange("none");
  const steps = scratch(3);
  const way = scratch(1);
  return {
    warmup: [period, period],
    extend(src, out, from, to) {
      grow(steps, to);
      grow(way, to);
      const high = src[0]!;
      const low = src[1]!;
      const reach = steps[0]!;
      const up = steps[1]!;
      const down = steps[2]!;
      const plus = out[0]!;
      const minus = out[1]!;
      const whole = way[0]!;
      range.extend(src, steps, from, to);
      for (let i = from; i < to; i++) {
        up[i] = i === 0 ? NaN : Math.abs(high[i]! - low[i - 1]!);
        down[i] = i === 0 ? NaN : Math.abs(low[i]! - high[i - 1]!);
      }
      sums[0]!.run(reach, whole, from, to);
      sums[1]!.run(up, plus, from, to);
      sums[2]!.run(down, minus, from, to);
      for (let i = from; i < to; i++) {
        plus[i] = plus[i]! / whole[i]!;
        minus[i] = minus[i]! / whole[i]!;
      }
    },
  };
}
