import type { Kernel } from "../kernel.ts";
import { rollingMax, rollingMin } from "../rolling/extremes.ts";
import { grow, scratch } from "../stage.ts";

/**
 * Ehlers' Fisher transform of the bars' middles within their range of `period` bars, and its value the bar before.
 *
 * It starts from 0 on bar `period` - 1. Where the window has no range the output is undefined and the state waits.
 *
 * @throws ArgumentError `PERIOD` (at least 2)
 */
export function fisher(period: number): Kernel {
  const highest = rollingMax(period);
  const lowest = rollingMin(period);
  const own = scratch(3);
  const state = new Float64Array(2);
  return {
    warmup: [period, period + 1],
    extend(src, out, from, to) {
      grow(own, to);
      const high = src[0]!;
      const low = src[1]!;
      const middle = own[0]!;
      const top = own[1]!;
      const bottom = own[2]!;
      const y = out[0]!;
      const signal = out[1]!;
      for (let i = from; i < to; i++) middle[i] = (high[i]! + low[i]!) / 2;
      highest.run(middle, top, from, to);
      lowest.run(middle, bottom, from, to);
      let place = state[0]!;
      let value = state[1]!;
      for (let i = from; i < to; i++) {
        const next = 0.66 * ((middle[i]! - bottom[i]!) / (top[i]! - bottom[i]!) - 0.5) + 0.67 * place;
        signal[i] = i > period ? value : NaN;
        if (i < period || next !== next) {
          y[i] = NaN;
          continue;
        }
        place = next > 0.99 ? 0.999 : next < -0.99 ? -0.999 : next;
        value = 0.5 * (Math.log((1 + place) / (1 - place)) + value);
        y[i] = value;
      }
      state[0] = place;
      state[1] = value;
    },
  };
}
