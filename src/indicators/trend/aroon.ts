import { checkPeriod, type Kernel } from "../kernel.ts";

/**
 * Aroon of high, low: up, down (100 if the extreme of the last `period` + 1 bars is now, 0 if it is the oldest), up - down.
 *
 * Of equal extremes the latest counts.
 *
 * @throws ArgumentError `PERIOD`
 */
export function aroon(period: number): Kernel {
  checkPeriod(period);
  const scale = 100 / period;
  const state = new Int32Array(2);
  return {
    warmup: [period, period, period],
    extend(src, out, from, to) {
      const high = src[0]!;
      const low = src[1]!;
      const up = out[0]!;
      const down = out[1]!;
      const oscillator = out[2]!;
      let top = state[0]!;
      let bottom = state[1]!;
      for (let i = from; i < to; i++) {
        const oldest = i - period;
        if (top < oldest) top = latestHighest(high, oldest, i);
        else if (high[i]! >= high[top]!) top = i;
        if (bottom < oldest) bottom = latestLowest(low, oldest, i);
        else if (low[i]! <= low[bottom]!) bottom = i;
        const known = i >= period;
        up[i] = known ? scale * (top - oldest) : NaN;
        down[i] = known ? scale * (bottom - oldest) : NaN;
        oscillator[i] = known ? scale * (top - bottom) : NaN;
      }
      state[0] = top;
      state[1] = bottom;
    },
  };
}

function latestHighest(x: Float64Array, first: number, last: number): number {
  let best = first;
  for (let i = first + 1; i <= last; i++) if (x[i]! >= x[best]!) best = i;
  return best;
}

function latestLowest(x: Float64Array, first: number, last: number): number {
  let best = first;
  for (let i = first + 1; i <= last; i++) if (x[i]! <= x[best]!) best = i;
  return best;
}
