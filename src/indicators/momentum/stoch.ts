import { checkPeriod, type Kernel } from "../kernel.ts";
import { simpleMean } from "../overlap/sma.ts";
import { rollingRange } from "../rolling/extremes.ts";
import { grow, scratch } from "../stage.ts";

/**
 * Stochastic oscillator over high, low, close: %K smoothed over `kSmooth` bars and %D, its mean over `dPeriod`; 0…100.
 *
 * Both appear together, when %D is known (TA-Lib). Undefined while a window of `kPeriod` bars without any range counts.
 *
 * @throws ArgumentError `PERIOD`
 */
export function stoch(settings: { kPeriod: number; kSmooth: number; dPeriod: number }): Kernel {
  const { kPeriod, kSmooth, dPeriod } = settings;
  checkPeriod(kPeriod);
  const range = rollingRange(kPeriod);
  const slow = simpleMean(kSmooth);
  const slower = simpleMean(dPeriod);
  const own = scratch(2);
  const warmup = kPeriod + kSmooth + dPeriod - 3;
  return {
    warmup: [warmup, warmup],
    extend(src, out, from, to) {
      grow(own, to);
      const raw = own[0]!;
      const smooth = own[1]!;
      const k = out[0]!;
      const d = out[1]!;
      const close = src[2]!;
      range.extend(src, out, from, to); // k and d are the highest and the lowest until they are replaced below
      for (let i = from; i < to; i++) raw[i] = (100 * (close[i]! - d[i]!)) / (k[i]! - d[i]!);
      slow.run(raw, smooth, from, to);
      slower.run(smooth, d, from, to);
      for (let i = from; i < to; i++) k[i] = i < warmup ? NaN : smooth[i]!;
    },
  };
}
