import type { Kernel } from "../kernel.ts";
import { type AtrMode, atr } from "../volatility/atr.ts";

/**
 * Supertrend of high, low, close: the line (a band `multiplier` average true ranges from the bar's middle that only moves
 * towards the price) and its direction: 1, the line is below and supports; -1, above and resists. It begins at 1.
 *
 * @throws ArgumentError `PERIOD`
 */
export function supertrend(settings: { period: number; multiplier: number; mode: AtrMode }): Kernel {
  const { period, multiplier, mode } = settings;
  const range = atr(period, mode);
  const warmup = range.warmup[0]!;
  const state = Float64Array.of(NaN, NaN, 1);
  return {
    warmup: [warmup, warmup],
    extend(src, out, from, to) {
      const high = src[0]!;
      const low = src[1]!;
      const close = src[2]!;
      const line = out[0]!;
      const direction = out[1]!;
      let ceiling = state[0]!;
      let floor = state[1]!;
      let trend = state[2]!;
      range.extend(src, out, from, to); // into line, until it is replaced below
      for (let i = from; i < to; i++) {
        if (i < warmup) {
          direction[i] = NaN;
          continue;
        }
        const middle = (high[i]! + low[i]!) / 2;
        const reach = multiplier * line[i]!;
        const last = i === 0 ? NaN : close[i - 1]!;
        if (!(middle + reach >= ceiling && last <= ceiling)) ceiling = middle + reach;
        if (!(middle - reach <= floor && last >= floor)) floor = middle - reach;
        if (trend > 0 ? close[i]! < floor : close[i]! > ceiling) trend = -trend;
        line[i] = trend > 0 ? floor : ceiling;
        direction[i] = trend;
      }
      state[0] = ceiling;
      state[1] = floor;
      state[2] = trend;
    },
  };
}
