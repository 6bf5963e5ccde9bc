import { checkPeriod, type Kernel } from "../kernel.ts";
import { newTails } from "../rolling/sums.ts";

/**
 * Mean of close over the last `period` bars, weighted by volume; close, volume in. Undefined without volume.
 *
 * @throws ArgumentError `PERIOD`
 */
export function vwma(period: number): Kernel {
  checkPeriod(period);
  const valueTails = newTails(period);
  const volumeTails = newTails(period);
  const state = new Float64Array(3);
  return {
    warmup: [period - 1],
    extend(src, out, from, to) {
      const close = src[0]!;
      const volume = src[1]!;
      const y = out[0]!;
      let pivot = state[0]!;
      let value = state[1]!;
      let total = state[2]!;
      for (let i = from; i < to; ) {
        const begin = i - (i % period);
        const end = Math.min(begin + period, to);
        if (i === begin) {
          pivot = close[begin]!;
          value = total = 0;
          for (let m = 1; m < period && begin > 0; m++) {
            valueTails[m] = value += (close[begin - m]! - pivot) * volume[begin - m]!;
            volumeTails[m] = total += volume[begin - m]!;
          }
          value = total = 0;
        }
        for (let m = begin + period - 1 - i; i < end; i++, m--) {
          value += (close[i]! - pivot) * volume[i]!;
          total += volume[i]!;
          y[i] = pivot + (valueTails[m]! + value) / (volumeTails[m]! + total);
        }
      }
      state[0] = pivot;
      state[1] = value;
      state[2] = total;
    },
  };
}
