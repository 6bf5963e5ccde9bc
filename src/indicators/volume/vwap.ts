import { DAY_MS } from "../../core/time.ts";
import type { Kernel } from "../kernel.ts";

/**
 * Volume-weighted average of the typical price since 00:00 UTC; time, high, low, close, volume in.
 *
 * Undefined before the day's first volume, and until a day is seen from its first moment: a series that begins at noon has
 * no VWAP that day.
 */
export function vwap(): Kernel {
  const state = Float64Array.of(-Infinity, NaN, 0, 0);
  return {
    warmup: [0],
    extend(src, out, from, to) {
      const time = src[0]!;
      const high = src[1]!;
      const low = src[2]!;
      const close = src[3]!;
      const volume = src[4]!;
      const y = out[0]!;
      let nextDay = state[0]!;
      let pivot = state[1]!; // a price of the day: what is averaged are small differences to it
      let value = state[2]!;
      let total = state[3]!;
      for (let i = from; i < to; i++) {
        const now = time[i]!;
        const typical = close[i]! + (high[i]! - close[i]! + (low[i]! - close[i]!)) / 3; // exactly the price where nothing moves
        if (now >= nextDay) {
          const day = Math.floor(now / DAY_MS) * DAY_MS;
          pivot = i === 0 && now !== day ? NaN : typical;
          nextDay = day + DAY_MS;
          value = total = 0;
        }
        value += (typical - pivot) * volume[i]!;
        total += volume[i]!;
        y[i] = pivot + value / total;
      }
      state[0] = nextDay;
      state[1] = pivot;
      state[2] = value;
      state[3] = total;
    },
  };
}
