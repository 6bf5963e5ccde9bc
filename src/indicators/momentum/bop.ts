import type { Kernel } from "../kernel.ts";

/** Balance of power of open, high, low, close: the bar's change against its range, -1…1; undefined without a range. */
export function bop(): Kernel {
  return {
    warmup: [0],
    extend(src, out, from, to) {
      const [open, high, low, close] = src as [Float64Array, Float64Array, Float64Array, Float64Array];
      const y = out[0]!;
      for (let i = from; i < to; i++) y[i] = (close[i]! - open[i]!) / (high[i]! - low[i]!);
    },
  };
}
