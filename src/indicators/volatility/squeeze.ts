import type { Kernel } from "../kernel.ts";
import { mom } from "../momentum/roc.ts";
import { simpleMean } from "../overlap/sma.ts";
import { rollingMoments } from "../rolling/moments.ts";
import { grow, scratch } from "../stage.ts";
import { atr } from "./atr.ts";

/**
 * Squeeze of high, low, close: `momentum`, the smoothed change of the close, and `on`: 1 while the Bollinger bands lie
 * inside a channel of `multiplier` mean true ranges around the same mean (little movement, a break to come), else 0.
 *
 * @throws ArgumentError `PERIOD`
 */
export function squeeze(settings: {
  period: number;
  deviations: number;
  multiplier: number;
  momentum: number;
  smooth: number;
}): Kernel {
  const { period, deviations, multiplier, momentum, smooth } = settings;
  const moments = rollingMoments(period, 0);
  const range = atr(period, "sma");
  const change = mom(momentum);
  const calm = simpleMean(smooth);
  const pair = scratch(2);
  const steps = scratch(1);
  const closes: Float64Array[] = [];
  return {
    warmup: [momentum + smooth - 1, period],
    extend(src, out, from, to) {
      grow(pair, to);
      grow(steps, to);
      closes[0] = src[2]!;
      const reach = pair[0]!;
      const deviation = pair[1]!;
      const y = out[0]!;
      const on = out[1]!;
      moments.extend(closes, pair, from, to);
      range.extend(src, pair, from, to); // over the means, which are not needed: both bands have the same one
      for (let i = from; i < to; i++) {
        const room = multiplier * reach[i]! - deviations * deviation[i]!;
        on[i] = room > 0 ? 1 : room <= 0 ? 0 : NaN;
      }
      change.extend(closes, steps, from, to);
      calm.run(steps[0]!, y, from, to);
    },
  };
}
