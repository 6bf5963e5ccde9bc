import type { Kernel } from "../kernel.ts";
import { grow, scratch } from "../stage.ts";
import { exponentialMean, type Seed } from "./ema.ts";

/** Double exponential average: 2 e₁ - e₂, where eₖ averages eₖ₋₁. @throws ArgumentError `PERIOD` */
export function dema(period: number, seed: Seed): Kernel {
  const first = exponentialMean(period, seed);
  const second = exponentialMean(period, seed);
  const own = scratch(1);
  return {
    warmup: [2 * first.warmup],
    extend(src, out, from, to) {
      grow(own, to);
      const y = out[0]!;
      const e2 = own[0]!;
      first.run(src[0]!, y, from, to);
      second.run(y, e2, from, to);
      for (let i = from; i < to; i++) y[i] = 2 * y[i]! - e2[i]!;
    },
  };
}

/** Triple exponential average: 3 e₁ - 3 e₂ + e₃. @throws ArgumentError `PERIOD` */
export function tema(period: number, seed: Seed): Kernel {
  const first = exponentialMean(period, seed);
  const second = exponentialMean(period, seed);
  const third = exponentialMean(period, seed);
  const own = scratch(2);
  return {
    warmup: [3 * first.warmup],
    extend(src, out, from, to) {
      grow(own, to);
      const y = out[0]!;
      const e2 = own[0]!;
      const e3 = own[1]!;
      first.run(src[0]!, y, from, to);
      second.run(y, e2, from, to);
      third.run(e2, e3, from, to);
      for (let i = from; i < to; i++) y[i] = 3 * (y[i]! - e2[i]!) + e3[i]!;
    },
  };
}
