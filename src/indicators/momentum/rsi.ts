import { checkPeriod, type Kernel } from "../kernel.ts";
import { kernelOf, type Stage } from "../stage.ts";

/** Wilder's relative strength index, 0…100; 50 where nothing has moved. @throws ArgumentError `PERIOD` */
export function rsi(period: number): Kernel {
  return kernelOf(relativeStrength(period));
}

/** {@link rsi} as a stage. @throws ArgumentError `PERIOD` */
export function relativeStrength(period: number): Stage {
  return gainBalance(period, { middle: 50, reach: 50, flat: 50 });
}

/**
 * Chande momentum oscillator with Wilder's smoothing, -100…100; undefined where nothing has moved.
 *
 * @throws ArgumentError `PERIOD`
 */
export function cmo(period: number): Kernel {
  return kernelOf(gainBalance(period, { middle: 0, reach: 100, flat: NaN }));
}

/** `middle + reach * (gain - loss) / (gain + loss)` of the smoothed gains and losses from value to value. */
function gainBalance(period: number, scale: { middle: number; reach: number; flat: number }): Stage {
  checkPeriod(period);
  const { middle, reach, flat } = scale;
  const alpha = 1 / period;
  const state = new Float64Array(4);
  return {
    warmup: period,
    run(x, y, from, to) {
      let last = state[0]!;
      let gain = state[1]!;
      let loss = state[2]!;
      let seen = state[3]!; // values, not changes: the first is only looked back on
      for (let i = from; i < to; ) {
        for (; i < to && seen > period; i++) {
          const value = x[i]!;
          const change = value - last;
          const size = Math.abs(change); // no branch on the sign: which way the next change goes cannot be predicted
          const nextGain = gain + ((size + change) / 2 - gain) * alpha;
          const nextLoss = loss + ((size - change) / 2 - loss) * alpha;
          const balance = (nextGain - nextLoss) / (nextGain + nextLoss);
          if (balance !== balance) break; // no value, or nothing has moved
          gain = nextGain;
          loss = nextLoss;
          last = value;
          y[i] = middle + reach * balance;
        }
        if (i === to) break;
        const value = x[i]!;
        y[i++] = NaN;
        if (value !== value) continue;
        if (seen > 0) {
          const change = value - last;
          const weight = seen < period ? 1 / seen : alpha;
          gain += (Math.max(change, 0) - gain) * weight;
          loss += (Math.max(-change, 0) - loss) * weight;
        }
        last = value;
        if (seen <= period) seen++;
        if (seen > period) y[i - 1] = gain + loss === 0 ? flat : middle + (reach * (gain - loss)) / (gain + loss);
      }
      state[0] = last;
      state[1] = gain;
      state[2] = loss;
      state[3] = seen;
    },
  };
}
