import type { Columns, Kernel } from "../kernel.ts";
import { exponentialMean } from "../overlap/ema.ts";
import { rollingSum } from "../rolling/sum.ts";
import { grow, scratch } from "../stage.ts";

/** Accumulation/distribution line of high, low, close, volume. A bar without a range adds nothing. */
export function ad(): Kernel {
  const state = new Float64Array(1);
  return {
    warmup: [0],
    extend(src, out, from, to) {
      const y = out[0]!;
      fillMoneyFlow(src, y, from, to);
      let total = state[0]!;
      for (let i = from; i < to; i++) {
        total += y[i]!;
        y[i] = total;
      }
      state[0] = total;
    },
  };
}

/**
 * Chaikin oscillator of high, low, close, volume: fast less slow average of {@link ad}, both from its first value (TA-Lib).
 *
 * @throws ArgumentError `PERIOD`
 */
export function adosc(settings: { fast: number; slow: number }): Kernel {
  const line = ad();
  const quick = exponentialMean(settings.fast, "first");
  const calm = exponentialMean(settings.slow, "first");
  const own = scratch(1);
  const known = Math.max(settings.fast, settings.slow) - 1;
  return {
    warmup: [known],
    extend(src, out, from, to) {
      grow(own, to);
      const y = out[0]!;
      const base = own[0]!;
      line.extend(src, own, from, to);
      quick.run(base, y, from, to);
      calm.run(base, base, from, to);
      for (let i = from; i < to; i++) y[i] = i < known ? NaN : y[i]! - base[i]!;
    },
  };
}

/**
 * Chaikin money flow of high, low, close, volume: money flow against volume over `period` bars, -1…1.
 *
 * @throws ArgumentError `PERIOD`
 */
export function cmf(period: number): Kernel {
  const flows = rollingSum(period);
  const volumes = rollingSum(period);
  const own = scratch(2);
  return {
    warmup: [period - 1],
    extend(src, out, from, to) {
      grow(own, to);
      const flow = own[0]!;
      const whole = own[1]!;
      const y = out[0]!;
      fillMoneyFlow(src, flow, from, to);
      flows.run(flow, y, from, to);
      volumes.run(src[3]!, whole, from, to);
      for (let i = from; i < to; i++) y[i] = y[i]! / whole[i]!;
    },
  };
}

/** Volume times the close's place in the bar's range, -1 at the low, 1 at the high; 0 without a range. */
function fillMoneyFlow(src: Columns, y: Float64Array, from: number, to: number): void {
  const high = src[0]!;
  const low = src[1]!;
  const close = src[2]!;
  const volume = src[3]!;
  for (let i = from; i < to; i++) {
    const top = high[i]!;
    const bottom = low[i]!;
    const price = close[i]!;
    y[i] = top > bottom ? ((price - bottom - (top - price)) / (top - bottom)) * volume[i]! : 0;
  }
}
