import type { Kernel } from "../kernel.ts";

/** What the first bar, which has no close before it, is worth: nothing (TA-Lib), or its own high - low (TradingView). */
export type FirstRange = "none" | "range";
export const FIRST_RANGES: readonly FirstRange[] = ["none", "range"];

/** True range of high, low, close: high - low, stretched to reach the close before; in the unit of the price. */
export function trueRange(first: FirstRange): Kernel {
  return {
    warmup: [first === "none" ? 1 : 0],
    extend(src, out, from, to) {
      const high = src[0]!;
      const low = src[1]!;
      const close = src[2]!;
      const y = out[0]!;
      let i = from;
      if (i === 0 && i < to) {
        y[0] = first === "range" ? high[0]! - low[0]! : NaN;
        i = 1;
      }
      let last = i < to ? close[i - 1]! : NaN;
      for (; i < to; i++) {
        const top = high[i]!;
        const bottom = low[i]!;
        y[i] = Math.max(top, last) - Math.min(bottom, last);
        last = close[i]!;
      }
    },
  };
}
