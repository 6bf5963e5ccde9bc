import { checkPeriod, type Kernel } from "../kernel.ts";
import { grow, scratch } from "../stage.ts";

/**
 * Wilder's directional movement of high, low, close: adx, plusDi, minusDi, dx, adxr; all 0…100.
 *
 * `dx` and what follows from it are undefined while neither direction has moved; the averages then stay as they were.
 *
 * @throws ArgumentError `PERIOD` (at least 2)
 */
export function adx(period: number): Kernel {
  checkPeriod(period, 2);
  const movement = directionalMovement(period);
  const own = scratch(1);
  const directions: Float64Array[] = [];
  const alpha = 1 / period;
  const state = new Float64Array(2);
  const adxFrom = 2 * period - 1;
  return {
    warmup: [adxFrom, period, period, period, adxFrom + period - 1],
    extend(src, out, from, to) {
      grow(own, to);
      const past = own[0]!;
      const average = out[0]!;
      const plus = out[1]!;
      const minus = out[2]!;
      const dx = out[3]!;
      const rating = out[4]!;
      directions[0] = plus;
      directions[1] = minus;
      directions[2] = dx;
      movement.extend(src, directions, from, to);
      let mean = state[0]!;
      let seen = state[1]!;
      for (let i = from; i < to; i++) {
        const value = dx[i]!;
        let now = NaN;
        if (value === value) {
          if (seen < period) mean += (value - mean) / ++seen;
          else mean += (value - mean) * alpha;
          if (seen === period) now = mean;
        }
        past[i] = now;
        average[i] = now;
        rating[i] = i >= adxFrom + period - 1 ? (now + past[i - period + 1]!) / 2 : NaN;
      }
      state[0] = mean;
      state[1] = seen;
    },
  };
}

/**
 * Directional indicators of high, low, close: plusDi, minusDi, dx; all 0…100.
 *
 * @throws ArgumentError `PERIOD` (at least 2)
 */
export function dmi(period: number): Kernel {
  checkPeriod(period, 2);
  return directionalMovement(period);
}

/** Sums start from the `period` - 1 bars after the first and decay by 1 / period from then on. */
function directionalMovement(period: number): Kernel {
  const keep = 1 - 1 / period;
  const state = new Float64Array(3);
  return {
    warmup: [period, period, period],
    extend(src, out, from, to) {
      const plus = out[0]!;
      const minus = out[1]!;
      const dx = out[2]!;
      const high = src[0]!;
      const low = src[1]!;
      const close = src[2]!;
      let up = state[0]!;
      let down = state[1]!;
      let range = state[2]!;
      for (let i = from; i < to; i++) {
        if (i === 0) {
          plus[0] = minus[0] = dx[0] = NaN;
          continue;
        }
        const top = high[i]!;
        const bottom = low[i]!;
        const last = close[i - 1]!;
        const rise = top - high[i - 1]!;
        const fall = low[i - 1]! - bottom;
        const decay = i < period ? 1 : keep;
        up = up * decay + rise * (Number(rise > 0) & Number(rise > fall)); // a product, as the direction cannot be predicted
        down = down * decay + fall * (Number(fall > 0) & Number(fall > rise));
        range = range * decay + (Math.max(top, last) - Math.min(bottom, last));
        if (i < period) {
          plus[i] = minus[i] = dx[i] = NaN;
          continue;
        }
        plus[i] = (100 * up) / range;
        minus[i] = (100 * down) / range;
        dx[i] = (100 * Math.abs(up - down)) / (up + down);
      }
      state[0] = up;
      state[1] = down;
      state[2] = range;
    },
  };
}
