import { checkPeriod, type Kernel } from "../kernel.ts";
import type { Stage } from "../stage.ts";

/*
 * Highest and lowest of a window at a fixed cost per bar, whatever the market does: blocks of `period`, the best of the
 * tail of the block before against the best of the head of this one (see sums.ts).
 *
 * Whether the next price is a new best cannot be predicted, so a branch on it is wrong often enough to double the time:
 * both candidates are stored and the comparison is the index of the better one.
 */

/** high and low in; highest high and lowest low of the last `period` bars out. @throws ArgumentError `PERIOD` */
export function rollingRange(period: number): Kernel {
  checkPeriod(period);
  const topTails = new Float64Array(period).fill(NaN);
  const bottomTails = new Float64Array(period).fill(NaN);
  topTails[0] = -Infinity;
  bottomTails[0] = Infinity;
  const tops = new Float64Array(2);
  const bottoms = new Float64Array(2);
  const state = new Float64Array(2);
  let phase = 0; // bars of the block so far: a remainder costs as much as all the comparisons
  const warmup = period - 1;
  return {
    warmup: [warmup, warmup],
    extend(src, out, from, to) {
      const high = src[0]!;
      const low = src[1]!;
      const highest = out[0]!;
      const lowest = out[1]!;
      let top = state[0]!;
      let bottom = state[1]!;
      for (let i = from; i < to; ) {
        const begin = i - phase;
        const end = Math.min(begin + period, to);
        if (phase === 0) {
          top = -Infinity;
          bottom = Infinity;
          for (let m = 1; m < period && begin > 0; m++) {
            const h = high[begin - m]!;
            const l = low[begin - m]!;
            tops[0] = top;
            tops[1] = h;
            top = tops[Number(h > top)]!;
            bottoms[0] = bottom;
            bottoms[1] = l;
            bottom = bottoms[Number(l < bottom)]!;
            topTails[m] = top;
            bottomTails[m] = bottom;
          }
          top = -Infinity;
          bottom = Infinity;
        }
        for (let m = begin + period - 1 - i; i < end; i++, m--) {
          const h = high[i]!;
          const l = low[i]!;
          tops[0] = top;
          tops[1] = h;
          top = tops[Number(h > top)]!;
          bottoms[0] = bottom;
          bottoms[1] = l;
          bottom = bottoms[Number(l < bottom)]!;
          highest[i] = Math.max(topTails[m]!, top);
          lowest[i] = Math.min(bottomTails[m]!, bottom);
        }
        phase = end - begin === period ? 0 : end - begin;
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
  const pair = new Float64Array(2);
  const state = new Float64Array(2);
  return {
    warmup: period - 1,
    run(x, y, from, to) {
      let best = state[0]!;
      let gap = state[1]!; // 0, or NaN from an undefined value on: comparisons would pass over it
      for (let i = from; i < to; ) {
        const begin = i - (i % period);
        const end = Math.min(begin + period, to);
        if (i === begin) {
          best = -Infinity;
          gap = 0;
          for (let m = 1; m < period && begin > 0; m++) {
            const value = x[begin - m]!;
            gap += value - value;
            pair[0] = best;
            pair[1] = value;
            best = pair[Number(value > best)]!;
            tails[m] = best + gap;
          }
          best = -Infinity;
          gap = 0;
        }
        for (let m = begin + period - 1 - i; i < end; i++, m--) {
          const value = x[i]!;
          gap += value - value;
          pair[0] = best;
          pair[1] = value;
          best = pair[Number(value > best)]!;
          y[i] = Math.max(tails[m]!, best) + gap;
        }
      }
      state[0] = best;
      state[1] = gap;
    },
  };
}

/** Lowest of the last `period` values. @throws ArgumentError `PERIOD` */
export function rollingMin(period: number): Stage {
  checkPeriod(period);
  const tails = new Float64Array(period).fill(NaN);
  tails[0] = Infinity;
  const pair = new Float64Array(2);
  const state = new Float64Array(2);
  return {
    warmup: period - 1,
    run(x, y, from, to) {
      let best = state[0]!;
      let gap = state[1]!;
      for (let i = from; i < to; ) {
        const begin = i - (i % period);
        const end = Math.min(begin + period, to);
        if (i === begin) {
          best = Infinity;
          gap = 0;
          for (let m = 1; m < period && begin > 0; m++) {
            const value = x[begin - m]!;
            gap += value - value;
            pair[0] = best;
            pair[1] = value;
            best = pair[Number(value < best)]!;
            tails[m] = best + gap;
          }
          best = Infinity;
          gap = 0;
        }
        for (let m = begin + period - 1 - i; i < end; i++, m--) {
          const value = x[i]!;
          gap += value - value;
          pair[0] = best;
          pair[1] = value;
          best = pair[Number(value < best)]!;
          y[i] = Math.min(tails[m]!, best) + gap;
        }
      }
      state[0] = best;
      state[1] = gap;
    },
  };
}
