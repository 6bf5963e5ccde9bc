import { checkPeriod, type Kernel } from "../kernel.ts";
import { exponentialMean, wilderMean } from "../overlap/ema.ts";
import { simpleMean } from "../overlap/sma.ts";
import { grow, scratch } from "../stage.ts";
import { trueRange } from "./truerange.ts";

/**
 * How true ranges are averaged. `talib`: Wilder's average from bar 1 on, known at bar `period`. `tradingview`: Wilder's,
 * with the first bar's high - low, known at bar `period` - 1. `ema`, `sma`: that average from bar 1 on.
 */
export type AtrMode = "talib" | "tradingview" | "ema" | "sma";
export const ATR_MODES: readonly AtrMode[] = ["talib", "tradingview", "ema", "sma"];

/** Average true range of high, low, close, in the unit of the price. @throws ArgumentError `PERIOD` */
export function atr(period: number, mode: AtrMode): Kernel {
  checkPeriod(period);
  if (mode === "sma") return plainAverage(period);
  const range = trueRange(mode === "tradingview" ? "range" : "none");
  const mean = mode === "ema" ? exponentialMean(period) : wilderMean(period);
  return {
    warmup: [mode === "tradingview" ? period - 1 : period],
    extend(src, out, from, to) {
      const y = out[0]!;
      range.extend(src, out, from, to);
      mean.run(y, y, from, to);
    },
  };
}

/** Average true range as percent of the close, 0…. @throws ArgumentError `PERIOD` */
export function natr(period: number, mode: AtrMode): Kernel {
  const average = atr(period, mode);
  return {
    warmup: average.warmup,
    extend(src, out, from, to) {
      const close = src[2]!;
      const y = out[0]!;
      average.extend(src, out, from, to);
      for (let i = from; i < to; i++) y[i] = (100 * y[i]!) / close[i]!;
    },
  };
}

function plainAverage(period: number): Kernel {
  const range = trueRange("none");
  const mean = simpleMean(period);
  const own = scratch(1);
  return {
    warmup: [period],
    extend(src, out, from, to) {
      grow(own, to);
      range.extend(src, own, from, to);
      mean.run(own[0]!, out[0]!, from, to);
    },
  };
}
