import { checkPeriod, type Kernel } from "../kernel.ts";
import { simpleMean } from "../overlap/sma.ts";
import { grow, scratch } from "../stage.ts";

/**
 * Commodity channel index of high, low, close: how far the typical price is from its mean, in 0.015 mean deviations.
 *
 * Undefined where the typical price has not moved for `period` bars.
 *
 * @throws ArgumentError `PERIOD` (at least 2)
 */
export function cci(period: number): Kernel {
  checkPeriod(period, 2);
  const mean = simpleMean(period);
  const own = scratch(1);
  const scale = 0.015 / period;
  return {
    warmup: [period - 1],
    extend(src, out, from, to) {
      grow(own, to);
      const high = src[0]!;
      const low = src[1]!;
      const close = src[2]!;
      const typical = own[0]!;
      const y = out[0]!;
      for (let i = from; i < to; i++) typical[i] = (high[i]! + low[i]! + close[i]!) / 3;
      mean.run(typical, y, from, to);
      for (let i = Math.max(from, period - 1); i < to; i++) {
        const middle = y[i]!;
        let spread = 0;
        for (let k = i - period + 1; k <= i; k++) spread += Math.abs(typical[k]! - middle);
        y[i] = (typical[i]! - middle) / (scale * spread);
      }
    },
  };
}
