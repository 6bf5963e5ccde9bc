import type { Kernel } from "../kernel.ts";
import { simpleMean } from "../overlap/sma.ts";
import { grow, scratch } from "../stage.ts";
import { checkFaster } from "./macd.ts";

/**
 * Awesome oscillator of high, low: fast less slow mean of the bars' middles, in the unit of the price.
 *
 * @throws ArgumentError `PERIOD`, `PARAM` if fast is not below slow
 */
export function ao(settings: { fast: number; slow: number }): Kernel {
  const { fast, slow } = settings;
  const quick = simpleMean(fast);
  const calm = simpleMean(slow);
  checkFaster(fast, slow);
  const own = scratch(2);
  return {
    warmup: [slow - 1],
    extend(src, out, from, to) {
      grow(own, to);
      const high = src[0]!;
      const low = src[1]!;
      const middle = own[0]!;
      const base = own[1]!;
      const y = out[0]!;
      for (let i = from; i < to; i++) middle[i] = (high[i]! + low[i]!) / 2;
      quick.run(middle, y, from, to);
      calm.run(middle, base, from, to);
      for (let i = from; i < to; i++) y[i] = y[i]! - base[i]!;
    },
  };
}
