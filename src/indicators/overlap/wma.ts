import { checkPeriod, type Kernel } from "../kernel.ts";
import { fillWeightedTails, newTails } from "../rolling/sums.ts";
import { grow, kernelOf, type Stage, scratch } from "../stage.ts";

/**
 * Mean of the last `period` values, the oldest counted once, the newest `period` times.
 *
 * @throws ArgumentError `PERIOD`
 */
export function wma(period: number): Kernel {
  return kernelOf(weightedMean(period));
}

/** {@link wma} as a stage. @throws ArgumentError `PERIOD` */
export function weightedMean(period: number): Stage {
  checkPeriod(period);
  const tables = { sums: newTails(period), weighted: newTails(period) };
  const weights = (period * (period + 1)) / 2;
  const state = new Float64Array(3);
  return {
    warmup: period - 1,
    run(x, y, from, to) {
      const weighted = tables.weighted;
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
          y[i] = pivot + (weighted[m]! + headWeighted + m * head) / weights; // head values count m more than their place
        }
      }
      state[0] = pivot;
      state[1] = head;
      state[2] = headWeighted;
    },
  };
}

/**
 * Hull's moving average: a weighted mean over √period of twice the half-period weighted mean less the whole one.
 *
 * @throws ArgumentError `PERIOD` (at least 2)
 */
export function hma(period: number): Kernel {
  checkPeriod(period, 2);
  const half = weightedMean(Math.floor(period / 2));
  const whole = weightedMean(period);
  const root = Math.floor(Math.sqrt(period));
  const last = weightedMean(root);
  const own = scratch(2);
  return {
    warmup: [period + root - 2],
    extend(src, out, from, to) {
      grow(own, to);
      const x = src[0]!;
      const quick = own[0]!;
      const calm = own[1]!;
      half.run(x, quick, from, to);
      whole.run(x, calm, from, to);
      for (let i = from; i < to; i++) calm[i] = 2 * quick[i]! - calm[i]!;
      last.run(calm, out[0]!, from, to);
    },
  };
}
