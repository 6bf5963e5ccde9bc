import type { Kernel } from "../kernel.ts";
import { exponentialMean } from "../overlap/ema.ts";

/** Elder's force index of close, volume: exponential average of change times volume. @throws ArgumentError `PERIOD` */
export function efi(period: number): Kernel {
  const mean = exponentialMean(period);
  return {
    warmup: [period],
    extend(src, out, from, to) {
      const close = src[0]!;
      const volume = src[1]!;
      const y = out[0]!;
      for (let i = from; i < to; i++) y[i] = i === 0 ? NaN : (close[i]! - close[i - 1]!) * volume[i]!;
      mean.run(y, y, from, to);
    },
  };
}
