import { checkPeriod } from "../kernel.ts";
import type { Stage } from "../stage.ts";
import { fillTails, newTails } from "./sums.ts";

/** Sum of the last `period` values. @throws ArgumentError `PERIOD` */
export function rollingSum(period: number): Stage {
  checkPeriod(period);
  const tails = newTails(period);
  const state = new Float64Array(1);
  return {
    warmup: period - 1,
    run(x, y, from, to) {
      let head = state[0]!;
      for (let i = from; i < to; ) {
        const begin = i - (i % period);
        const end = Math.min(begin + period, to);
        if (i === begin) {
          if (begin > 0) fillTails(tails, x, begin, 0);
          head = 0;
        }
        for (let m = begin + period - 1 - i; i < end; i++, m--) {
          head += x[i]!;
          y[i] = tails[m]! + head;
        }
      }
      state[0] = head;
    },
  };
}
