import type { Kernel } from "../kernel.ts";

/** On-balance volume of close, volume: volume added on a rise, taken on a fall; starts with the first bar's (TA-Lib). */
export function obv(): Kernel {
  const state = new Float64Array(1);
  return {
    warmup: [0],
    extend(src, out, from, to) {
      const close = src[0]!;
      const volume = src[1]!;
      const y = out[0]!;
      let total = state[0]!;
      let i = from;
      if (i === 0 && i < to) {
        total = volume[0]!;
        y[0] = total;
        i = 1;
      }
      let last = i < to ? close[i - 1]! : NaN;
      for (; i < to; i++) {
        const price = close[i]!;
        total += volume[i]! * (Number(price > last) - Number(price < last)); // a product: the sign cannot be predicted
        y[i] = total;
        last = price;
      }
      state[0] = total;
    },
  };
}
