import { checkPeriod, type Kernel } from "../kernel.ts";
import { simpleMean } from "../overlap/sma.ts";
import { rollingMax, rollingMin } from "../rolling/extremes.ts";
import { grow, scratch } from "../stage.ts";
import { relativeStrength } from "./rsi.ts";

/**
 * Where RSI lies in its own range: %K smoothed over `kSmooth` (TradingView; 1 gives TA-Lib's fast %K), %D its mean; 0…100.
 *
 * Undefined while RSI has no range: a steady rise holds it at 100.
 *
 * @throws ArgumentError `PERIOD`
 */
export function stochrsi(settings: { period: number; kPeriod: number; kSmooth: number; dPeriod: number }): Kernel {
  const { period, kPeriod, kSmooth, dPeriod } = settings;
  checkPeriod(kPeriod);
  const strength = relativeStrength(period);
  const highest = rollingMax(kPeriod);
  const lowest = rollingMin(kPeriod);
  const slow = simpleMean(kSmooth);
  const slower = simpleMean(dPeriod);
  const own = scratch(4);
  const kFrom = period + kPeriod + kSmooth - 2;
  return {
    warmup: [kFrom, kFrom + dPeriod - 1],
    extend(src, out, from, to) {
      grow(own, to);
      const rsi = own[0]!;
      const top = own[1]!;
      const bottom = own[2]!;
      const smooth = own[3]!;
      const k = out[0]!;
      strength.run(src[0]!, rsi, from, to);
      highest.run(rsi, top, from, to);
      lowest.run(rsi, bottom, from, to);
      for (let i = from; i < to; i++) top[i] = (100 * (rsi[i]! - bottom[i]!)) / (top[i]! - bottom[i]!);
      slow.run(top, smooth, from, to);
      slower.run(smooth, out[1]!, from, to);
      for (let i = from; i < to; i++) k[i] = smooth[i]!;
    },
  };
}
