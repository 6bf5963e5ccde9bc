import { ArgumentError } from "../../core/errors.ts";
import { checkPeriod, type Kernel } from "../kernel.ts";

/**
 * How MACD begins. `talib`: the fast average is seeded on the bars just before the slow one is known, and no output
 * appears before the signal. `classic`: each average from its own first bars, each output as soon as it is known.
 */
export type MacdAlign = "talib" | "classic";
export const MACD_ALIGNS: readonly MacdAlign[] = ["talib", "classic"];

/**
 * MACD line, signal and histogram, in the unit of the series.
 *
 * @throws ArgumentError `PERIOD`, `PARAM` if `fast` is not below `slow`
 */
export function macd(settings: { fast: number; slow: number; signal: number; align: MacdAlign }): Kernel {
  const { fast, slow, signal, align } = settings;
  checkPeriod(fast);
  checkPeriod(slow);
  checkPeriod(signal);
  checkFaster(fast, slow);
  const first = align === "talib" ? slow - fast : 0; // where the fast seed begins
  const lineFrom = slow - 1;
  const signalFrom = slow + signal - 2;
  const showFrom = align === "talib" ? signalFrom : lineFrom;
  const fastAlpha = 2 / (fast + 1);
  const slowAlpha = 2 / (slow + 1);
  const signalAlpha = 2 / (signal + 1);
  const state = new Float64Array(4);
  return {
    warmup: [showFrom, signalFrom, signalFrom],
    extend(src, out, from, to) {
      const x = src[0]!;
      const line = out[0]!;
      const smooth = out[1]!;
      const gap = out[2]!;
      let quick = state[0]!;
      let calm = state[1]!;
      let mean = state[2]!;
      let seen = state[3]!;
      let i = from;
      for (; i < to && seen <= signalFrom; i++) {
        const value = x[i]!;
        line[i] = smooth[i] = gap[i] = NaN;
        if (value !== value) continue;
        const n = seen++;
        if (n >= first) quick += (value - quick) * (n < first + fast ? 1 / (n - first + 1) : fastAlpha);
        calm += (value - calm) * (n < slow ? 1 / (n + 1) : slowAlpha);
        if (n < lineFrom) continue;
        mean += (quick - calm - mean) / (n - lineFrom + 1);
        if (n >= showFrom) line[i] = quick - calm;
        if (n < signalFrom) continue;
        smooth[i] = mean;
        gap[i] = quick - calm - mean;
      }
      while (i < to) {
        for (; i < to; i++) {
          const value = x[i]!;
          if (value !== value) break;
          quick += (value - quick) * fastAlpha;
          calm += (value - calm) * slowAlpha;
          const difference = quick - calm;
          mean += (difference - mean) * signalAlpha;
          line[i] = difference;
          smooth[i] = mean;
          gap[i] = difference - mean;
        }
        if (i < to) {
          line[i] = smooth[i] = gap[i] = NaN;
          i++;
        }
      }
      state[0] = quick;
      state[1] = calm;
      state[2] = mean;
      state[3] = seen;
    },
  };
}

/** @throws ArgumentError `PARAM` unless `fast` < `slow` */
export function checkFaster(fast: number, slow: number): void {
  if (fast >= slow) {
    throw new ArgumentError("PARAM", `fast must be below slow, was ${fast} against ${slow}`, { fast, slow });
  }
}
