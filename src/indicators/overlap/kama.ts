import { checkPeriod, type Kernel } from "../kernel.ts";
import { rollingSum } from "../rolling/sum.ts";
import { grow, scratch } from "../stage.ts";

/**
 * Kaufman's adaptive average: as quick as a `fast` EMA on a straight way, as calm as a `slow` one where nothing is gained.
 *
 * It starts from the value before the first known one (TA-Lib). Where nothing moves the way counts as straight.
 *
 * @throws ArgumentError `PERIOD`
 */
export function kama(settings: { period: number; fast: number; slow: number }): Kernel {
  const { period, fast, slow } = settings;
  checkPeriod(period);
  checkPeriod(fast);
  checkPeriod(slow);
  const calmest = 2 / (slow + 1);
  const reach = 2 / (fast + 1) - calmest;
  const way = rollingSum(period);
  const own = scratch(1);
  const state = new Float64Array(2);
  return {
    warmup: [period],
    extend(src, out, from, to) {
      grow(own, to);
      const x = src[0]!;
      const y = out[0]!;
      const steps = own[0]!;
      for (let i = from; i < to; i++) steps[i] = i === 0 ? NaN : Math.abs(x[i]! - x[i - 1]!);
      way.run(steps, y, from, to);
      let mean = state[0]!;
      let started = state[1]!;
      for (let i = from; i < to; i++) {
        const length = y[i]!;
        if (length !== length) continue;
        if (started === 0) {
          mean = x[i - 1]!;
          started = 1;
        }
        const gained = Math.abs(x[i]! - x[i - period]!);
        const speed = (gained >= length ? 1 : gained / length) * reach + calmest;
        mean += speed * speed * (x[i]! - mean);
        y[i] = mean;
      }
      state[0] = mean;
      state[1] = started;
    },
  };
}
