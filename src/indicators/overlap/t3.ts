import type { Kernel } from "../kernel.ts";
import { grow, scratch } from "../stage.ts";
import { exponentialMean } from "./ema.ts";

/**
 * Tillson's T3: six exponential averages of one another, weighted by powers of `volumeFactor` (0 plain, 1 like DEMA).
 *
 * @throws ArgumentError `PERIOD`
 */
export function t3(period: number, volumeFactor: number): Kernel {
  const stages = Array.from({ length: 6 }, () => exponentialMean(period));
  const v = volumeFactor;
  const w6 = -(v ** 3);
  const w5 = 3 * v ** 2 + 3 * v ** 3;
  const w4 = -6 * v ** 2 - 3 * v - 3 * v ** 3;
  const w3 = 1 + 3 * v + v ** 3 + 3 * v ** 2;
  const own = scratch(3);
  return {
    warmup: [6 * (period - 1)],
    extend(src, out, from, to) {
      grow(own, to);
      const y = out[0]!;
      const e3 = own[0]!;
      const e4 = own[1]!;
      const e5 = own[2]!;
      stages[0]!.run(src[0]!, y, from, to);
      stages[1]!.run(y, y, from, to);
      stages[2]!.run(y, e3, from, to);
      stages[3]!.run(e3, e4, from, to);
      stages[4]!.run(e4, e5, from, to);
      stages[5]!.run(e5, y, from, to);
      for (let i = from; i < to; i++) y[i] = w6 * y[i]! + w5 * e5[i]! + w4 * e4[i]! + w3 * e3[i]!;
    },
  };
}
