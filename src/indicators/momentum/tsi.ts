import type { Kernel } from "../kernel.ts";
import { exponentialMean } from "../overlap/ema.ts";
import { grow, scratch } from "../stage.ts";

/**
 * True strength index: twice-averaged change in percent of the twice-averaged size of it, -100…100, and its signal line.
 *
 * @throws ArgumentError `PERIOD`
 */
export function tsi(settings: { fast: number; slow: number; signal: number }): Kernel {
  const { fast, slow, signal } = settings;
  const changeSlow = exponentialMean(slow);
  const changeFast = exponentialMean(fast);
  const sizeSlow = exponentialMean(slow);
  const sizeFast = exponentialMean(fast);
  const smooth = exponentialMean(signal);
  const own = scratch(1);
  const known = fast + slow - 1;
  return {
    warmup: [known, known + signal - 1],
    extend(src, out, from, to) {
      grow(own, to);
      const x = src[0]!;
      const change = out[0]!;
      const size = own[0]!;
      for (let i = from; i < to; i++) {
        const step = i === 0 ? NaN : x[i]! - x[i - 1]!;
        change[i] = step;
        size[i] = Math.abs(step);
      }
      changeSlow.run(change, change, from, to);
      changeFast.run(change, change, from, to);
      sizeSlow.run(size, size, from, to);
      sizeFast.run(size, size, from, to);
      for (let i = from; i < to; i++) change[i] = (100 * change[i]!) / size[i]!;
      smooth.run(change, out[1]!, from, to);
    },
  };
}
