import type { Kernel } from "../kernel.ts";
import { rollingSum } from "../rolling/sum.ts";
import { grow, scratch } from "../stage.ts";
import { trueRange } from "../volatility/truerange.ts";

/**
 * Ultimate oscillator of high, low, close: buying pressure against true range over three periods, weighted 4, 2, 1; 0…100.
 *
 * @throws ArgumentError `PERIOD`
 */
export function ultosc(settings: { fast: number; medium: number; slow: number }): Kernel {
  const periods = [settings.fast, settings.medium, settings.slow];
  const pressures = periods.map(rollingSum);
  const ranges = periods.map(rollingSum);
  const range = trueRange("none");
  const own = scratch(4);
  return {
    warmup: [Math.max(...periods)],
    extend(src, out, from, to) {
      grow(own, to);
      const reach = own[0]!;
      const pressure = own[1]!;
      const above = own[2]!;
      const whole = own[3]!;
      const low = src[1]!;
      const close = src[2]!;
      const y = out[0]!;
      range.extend(src, own, from, to);
      for (let i = from; i < to; i++) {
        pressure[i] = i === 0 ? NaN : close[i]! - Math.min(low[i]!, close[i - 1]!);
        y[i] = 0;
      }
      for (let k = 0, weight = 4; k < 3; k++, weight /= 2) {
        pressures[k]!.run(pressure, above, from, to);
        ranges[k]!.run(reach, whole, from, to);
        const scale = (100 * weight) / 7;
        for (let i = from; i < to; i++) y[i] = y[i]! + (scale * above[i]!) / whole[i]!;
      }
    },
  };
}
