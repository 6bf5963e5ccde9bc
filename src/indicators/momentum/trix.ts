import type { Kernel } from "../kernel.ts";
import { exponentialMean } from "../overlap/ema.ts";
import { simpleMean } from "../overlap/sma.ts";
import { grow, scratch } from "../stage.ts";

/**
 * Percent change per bar of a thrice-averaged series, and its signal line, a simple mean.
 *
 * @throws ArgumentError `PERIOD`
 */
export function trix(settings: { period: number; signal: number }): Kernel {
  const { period, signal } = settings;
  const first = exponentialMean(period);
  const second = exponentialMean(period);
  const third = exponentialMean(period);
  const smooth = simpleMean(signal);
  const own = scratch(1);
  const state = Float64Array.of(NaN);
  const known = 3 * (period - 1) + 1;
  return {
    warmup: [known, known + signal - 1],
    extend(src, out, from, to) {
      grow(own, to);
      const changes = own[0]!; // the signal looks back on them
      const y = out[0]!;
      first.run(src[0]!, y, from, to);
      second.run(y, y, from, to);
      third.run(y, y, from, to);
      let last = state[0]!;
      for (let i = from; i < to; i++) {
        const mean = y[i]!;
        const change = (100 * (mean - last)) / last;
        changes[i] = change;
        y[i] = change;
        if (mean === mean) last = mean;
      }
      state[0] = last;
      smooth.run(changes, out[1]!, from, to);
    },
  };
}
