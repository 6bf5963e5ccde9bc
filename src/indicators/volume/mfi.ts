import { checkPeriod, type Kernel } from "../kernel.ts";

/**
 * Money flow index of high, low, close, volume: share of the turnover of `period` bars made on a rising typical price, 0…100.
 *
 * Undefined where no bar of the window moved with volume.
 *
 * @throws ArgumentError `PERIOD`
 */
export function mfi(period: number): Kernel {
  checkPeriod(period);
  // The blocks of rolling/sums.ts for flows made on the way: up to the newest bar's place this block's flows, from there
  // on the tails of the block before.
  const gains = new Float64Array(period + 1).fill(NaN);
  const losses = new Float64Array(period + 1).fill(NaN);
  gains[period] = losses[period] = 0;
  const state = Float64Array.of(NaN, 0, 0);
  const place = new Int32Array(1);
  return {
    warmup: [period],
    extend(src, out, from, to) {
      const high = src[0]!;
      const low = src[1]!;
      const close = src[2]!;
      const volume = src[3]!;
      const y = out[0]!;
      let last = state[0]!;
      let gain = state[1]!;
      let loss = state[2]!;
      let at = place[0]!;
      for (let i = from; i < to; ) {
        if (at === period) {
          toTails(gains);
          toTails(losses);
          at = gain = loss = 0;
        }
        for (const end = Math.min(to, i + period - at); i < end; i++, at++) {
          const typical = (high[i]! + low[i]! + close[i]!) / 3;
          const flow = typical * volume[i]! + (last - last); // undefined for the first bar, which has none before it
          const up = flow * Number(typical > last); // products: the direction cannot be predicted
          const down = flow * Number(typical < last);
          gain += up;
          loss += down;
          const gained = gains[at + 1]! + gain;
          gains[at] = up;
          y[i] = (100 * gained) / (gained + losses[at + 1]! + loss);
          losses[at] = down;
          last = typical;
        }
      }
      state[0] = last;
      state[1] = gain;
      state[2] = loss;
      place[0] = at;
    },
  };
}

/** Turns each value but the closing zero into the sum from it to the end. */
function toTails(values: Float64Array): void {
  let sum = 0;
  for (let m = values.length - 2; m >= 0; m--) {
    sum += values[m]!;
    values[m] = sum;
  }
}
