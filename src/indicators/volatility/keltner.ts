import type { Kernel } from "../kernel.ts";
import { exponentialMean } from "../overlap/ema.ts";
import { type AtrMode, atr } from "./atr.ts";

/**
 * Keltner channel of high, low, close: an exponential average of the close, and bands `multiplier` average true ranges away.
 *
 * Upper, middle, lower. The middle is known before the bands when `atrPeriod` is the longer one.
 *
 * @throws ArgumentError `PERIOD`
 */
export function keltner(settings: { period: number; multiplier: number; atrPeriod: number; mode: AtrMode }): Kernel {
  const { period, multiplier, atrPeriod, mode } = settings;
  const mean = exponentialMean(period);
  const range = atr(atrPeriod, mode);
  const bands = Math.max(mean.warmup, range.warmup[0]!);
  return {
    warmup: [bands, mean.warmup, bands],
    extend(src, out, from, to) {
      const upper = out[0]!;
      const middle = out[1]!;
      const lower = out[2]!;
      mean.run(src[2]!, middle, from, to);
      range.extend(src, out, from, to); // into upper, until it is replaced below
      for (let i = from; i < to; i++) {
        const reach = multiplier * upper[i]!;
        upper[i] = middle[i]! + reach;
        lower[i] = middle[i]! - reach;
      }
    },
  };
}
