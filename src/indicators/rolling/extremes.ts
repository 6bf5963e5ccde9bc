import { checkPeriod, type Kernel } from "../kernel.ts";
import type { Stage } from "../stage.ts";

/*
 * Highest and lowest of a window at a fixed cost per bar, whatever the market does: blocks of `period`, the best of the
 * tail of the block before against the best of the head of this one (see sums.ts). `Math.max` keeps `NaN`.
 */

/** high and low in; highest high and lowest low of the last `period` bars out. @throws ArgumentError `PERIOD` */
export function rollingRange(period: number): Kernel {
  checkPeriod(period);
  const topTails = new Float64Array(period).fill(NaN);
  const bottomTails = new Float64Array(period).fill(NaN);
  topTails[0] = -Infinity;
  bottomTails[0] = Infinity;
  const state = new Float64Array(2);
  const warmup = period - 1;
  return {
    warmup: [warmup, warmup],
    extend(src, out, from, to) {
      const [high, low] = src as [Float64Array, Float64Array];
      const [tops, bottoms] = out as [Float64Array, Float64Array];
      let top = state[0]!;
      let bottom = state[1]!;
      for (let i = from; i < to; ) {
        const begin = i - (i % period);
        const end = Math.min(begin + period, to);
        if (i === begin) {
          top = -Infinity;
          bottom = Infinity;
          for (let m = 1; m < period && begin > 0; m++) {
            topTails[m] = top = Math.max(top, high[begin - m]!);
            bottomTails[m] = bottom = Math.min(bottom, low[begin - m]!);
          }
          top = -Infinity;
          bottom = Infinity;
        }
        for (let m = begin + period - 1 - i; i < end; i++, m--) {
          top = Math.max(top, high[i]!);
          bottom = Math.min(bottom, low[i]!);
          tops[i] = Math.max(topTails[m]!, top);
          bottoms[i] = Math.min(bottomTails[m]!, bottom);
        }
      }
      state[0] = top;
      state[1] = bottom;
    },
  };
}

/** Highest of the last `period` values. @throws ArgumentError `PERIOD` */
export function rollingMax(period: number): Stage {
  checkPeriod(period);
  const tails = new Float64Array(period).fill(NaN);
  tails[0] = -Infinity;
  const state = new Float64Array(1);
  return {
    warmup: period - 1,
    run(x, y, from, to) {
      let best = state[0]!;
      for (let i = from; i < to; ) {
        const begin = i - (i % period);
        const end = Math.min(begin + period, to);
        if (i === begin) {
          best = -Infinity;
          for (let m = 1; m < period && begin > 0; m++) tails[m] = best = Math.max(best, x[begin - m]!);
          best = -Infinity;
        }
        for (let m = begin + period - 1 - i; i < end; i++, m--) {
          best = Math.max(best, x[i]!);
          y[i] = Math.max(tails[m]!, best);
        }
      }
      state[0] = best;
    },
  };
}

/** Lowest of the last `period` values. @throws ArgumentError `PERIOD` */
export function rollingMin(period: number): Stage {
  checkPeriod(period);
  const tails = new Float64Array(period).fill(NaN);
  tails[0] = Infinity;
  const state = new Float64Array(1);
  return {
    warmup: period - 1,
    run(x, y, from, to) {
      let best = state[0]!;
      for (let i = from; i < to; ) {
        const begin = i - (i % period);
        const end = Math.min(begin + period, to);
        if (i === begin) {
          best = Infinity;
          for (let m = 1; m < period && begin > 0; m++) tails[m] = best = Math.min(best, x[begin - m]!);
          best = Infinity;
        }
        for (let m = begin + period - 1 - i; i < end; i++, m--) {
          best = Math.min(best, x[i]!);
          y[i] = Math.min(tails[m]!, best);
        }
      }
      state[0] = best;
    },
  };
}
