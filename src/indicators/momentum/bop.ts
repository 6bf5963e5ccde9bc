import type { Kernel } from "../kernel.ts";

/** Balance of power of open, high, low, close: the bar's change against its range, -1…1; undefined without a range. */
export function bop(): Kernel {
  return {
    warmup: [0],
    extend(src, out, from, to) {
      const open = src[0]!;
      const high = src[1]!;
      const low = src[2]!;
      const close = src[3]!;
      const y = out[0]!;
      for (let i = from; i < to; i++) y[i] = (close[i]! - open[i]!) / (high[i]! - low[i]!);
    },
  };
}
