import { checkPeriod, type Kernel } from "../kernel.ts";
import { fillWeightedTails, newTails } from "../rolling/sums.ts";

/**
 * Least-squares line through the last `period` values: its value at the newest bar, slope per bar, value at the oldest
 * bar (intercept), value one bar ahead (forecast, from past bars only).
 *
 * @throws ArgumentError `PERIOD` (at least 2)
 */
export function linreg(period: number): Kernel {
  checkPeriod(period, 2);
  const tables = { sums: newTails(period), weighted: newTails(period) };
  const half = (period - 1) / 2;
  const centre = (period + 1) / 2;
  const scale = 12 / (period * (period * period - 1));
  const state = new Float64Array(3);
  const warmup = period - 1;
  return {
    warmup: [warmup, warmup, warmup, warmup],
    extend(src, out, from, to) {
      const x = src[0]!;
      const value = out[0]!;
      const slope = out[1]!;
      const intercept = out[2]!;
      const forecast = out[3]!;
      const { sums, weighted } = tables;
      let pivot = state[0]!;
      let head = state[1]!;
      let headWeighted = state[2]!;
      for (let i = from; i < to; ) {
        const begin = i - (i % period);
        const end = Math.min(begin + period, to);
        if (i === begin) {
          pivot = x[begin]!;
          if (begin > 0) fillWeightedTails(tables, x, begin, pivot);
          head = headWeighted = 0;
        }
        for (let m = begin + period - 1 - i; i < end; i++, m--) {
          const d = x[i]! - pivot;
          head += d;
          headWeighted += d * (period - m);
          const sum = sums[m]! + head;
          const rise = (weighted[m]! + headWeighted + m * head - centre * sum) * scale;
          const mean = pivot + sum / period;
          value[i] = mean + rise * half;
          slope[i] = rise;
          intercept[i] = mean - rise * half;
          forecast[i] = mean + rise * (half + 1);
        }
      }
      state[0] = pivot;
      state[1] = head;
      state[2] = headWeighted;
    },
  };
}
