import { checkPeriod, type Kernel } from "../kernel.ts";
import { grow, scratch } from "../stage.ts";
import { simpleMean } from "./sma.ts";

/**
 * Triangular moving average: a mean of means, so that the middle of the last `period` values counts most.
 *
 * @throws ArgumentError `PERIOD`
 */
export function trima(period: number): Kernel {
  checkPeriod(period);
  const first = simpleMean(Math.floor(period / 2) + 1);
  const second = simpleMean(Math.ceil(period / 2));
  const own = scratch(1);
  return {
    warmup: [period - 1],
    extend(src, out, from, to) {
      grow(own, to);
      first.run(src[0]!, own[0]!, from, to);
      second.run(own[0]!, out[0]!, from, to);
    },
  };
}
