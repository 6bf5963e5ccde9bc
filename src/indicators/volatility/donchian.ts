import type { Kernel } from "../kernel.ts";
import { rollingRange } from "../rolling/extremes.ts";

/**
 * Donchian channel of high, low, the current bar included: highest, middle, lowest of `period` bars.
 *
 * @throws ArgumentError `PERIOD`
 */
export function donchian(period: number): Kernel {
  const range = rollingRange(period);
  const pair: Float64Array[] = [];
  const warmup = period - 1;
  return {
    warmup: [warmup, warmup, warmup],
    extend(src, out, from, to) {
      const upper = out[0]!;
      const middle = out[1]!;
      const lower = out[2]!;
      pair[0] = upper;
      pair[1] = lower;
      range.extend(src, pair, from, to);
      for (let i = from; i < to; i++) middle[i] = (upper[i]! + lower[i]!) / 2;
    },
  };
}
