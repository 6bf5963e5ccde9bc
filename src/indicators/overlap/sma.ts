import { checkPeriod, type Kernel } from "../kernel.ts";
import { fillTails, newTails } from "../rolling/sums.ts";
import { kernelOf, type Stage } from "../stage.ts";

/** Mean of the last `period` values; exactly the price on a flat market. @throws ArgumentError `PERIOD` */
export function sma(period: number): Kernel {
  return kernelOf(simpleMean(period));
}

/** Simple moving average as a stage. @throws ArgumentError `PERIOD` */
export function simpleMean(period: number): Stage {
  checkPeriod(period);
  if (period === 3) return meanOfThree();
  const tails = newTails(period);
  const state = new Float64Array(2);
  return {
    warmup: period - 1,
    run(x, y, from, to) {
      let head = state[0]!;
      let pivot = state[1]!; // a value of the window itself: differences to it are small, so sums of them are exact enough
      for (let i = from; i < to; ) {
        const begin = i - (i % period);
        const end = Math.min(begin + period, to);
        if (i === begin) {
          pivot = x[begin]!;
          if (begin > 0) fillTails(tails, x, begin, pivot);
          head = 0;
        }
        for (let m = begin + period - 1 - i; i < end; i++, m--) {
          head += x[i]! - pivot;
          y[i] = pivot + (tails[m]! + head) / period;
        }
      }
      state[0] = head;
      state[1] = pivot;
    },
  };
}

/** The usual smoothing of oscillators, at less than half the time of the general loop. */
function meanOfThree(): Stage {
  return {
    warmup: 2,
    run(x, y, from, to) {
      let i = from;
      for (; i < to && i < 2; i++) y[i] = NaN;
      for (; i < to; i++) {
        const pivot = x[i]!;
        y[i] = pivot + (x[i - 1]! - pivot + (x[i - 2]! - pivot)) / 3;
      }
    },
  };
}
