import type { Kernel } from "../kernel.ts";
import { rollingSum } from "../rolling/sum.ts";
import { grow, scratch } from "../stage.ts";

/**
 * Money flow index of high, low, close, volume: share of the turnover of `period` bars made on a rising typical price, 0…100.
 *
 * Undefined where no bar of the window moved with volume.
 *
 * @throws ArgumentError `PERIOD`
 */
export function mfi(period: number): Kernel {
  const gains = rollingSum(period);
  const losses = rollingSum(period);
  const flows = scratch(2);
  const loss = scratch(1);
  const state = new Float64Array(1);
  return {
    warmup: [period],
    extend(src, out, from, to) {
      grow(flows, to);
      grow(loss, to);
      const [high, low, close, volume] = src as [Float64Array, Float64Array, Float64Array, Float64Array];
      const [up, down] = flows as [Float64Array, Float64Array];
      const y = out[0]!;
      const fallen = loss[0]!;
      let last = from === 0 ? NaN : state[0]!;
      for (let i = from; i < to; i++) {
        const typical = (high[i]! + low[i]! + close[i]!) / 3;
        const flow = typical * volume[i]!;
        up[i] = flow * Number(typical > last); // products: the direction cannot be predicted
        down[i] = flow * Number(typical < last);
        last = typical;
      }
      if (from === 0 && to > 0) up[0] = down[0] = NaN;
      state[0] = last;
      gains.run(up, y, from, to);
      losses.run(down, fallen, from, to);
      for (let i = from; i < to; i++) y[i] = (100 * y[i]!) / (y[i]! + fallen[i]!);
    },
  };
}
