import { checkPeriod, type Kernel } from "../kernel.ts";
import { kernelOf, type Stage } from "../stage.ts";

/** What an exponential average starts from: the mean of the first `period` values (TA-Lib), or the first value. */
export type Seed = "sma" | "first";
export const SEEDS: readonly Seed[] = ["sma", "first"];

/** Exponential moving average, weight 2 / (period + 1) on the newest value. @throws ArgumentError `PERIOD` */
export function ema(period: number, seed: Seed = "sma"): Kernel {
  return kernelOf(exponentialMean(period, seed));
}

/** Wilder's moving average, weight 1 / period on the newest value. @throws ArgumentError `PERIOD` */
export function rma(period: number, seed: Seed = "sma"): Kernel {
  return kernelOf(wilderMean(period, seed));
}

/** {@link ema} as a stage. `y` may be `x`. @throws ArgumentError `PERIOD` */
export function exponentialMean(period: number, seed: Seed = "sma"): Stage {
  checkPeriod(period);
  return decayingMean(2 / (period + 1), seed === "sma" ? period : 1);
}

/** {@link rma} as a stage. `y` may be `x`. @throws ArgumentError `PERIOD` */
export function wilderMean(period: number, seed: Seed = "sma"): Stage {
  checkPeriod(period);
  return decayingMean(1 / period, seed === "sma" ? period : 1);
}

/** Moves `alpha` of the way to each new value, from the mean of the first `seedBars`. */
function decayingMean(alpha: number, seedBars: number): Stage {
  const state = new Float64Array(2);
  return {
    warmup: seedBars - 1,
    run(x, y, from, to) {
      let mean = state[0]!;
      let seen = state[1]!;
      let i = from;
      for (; i < to && seen < seedBars; i++) {
        const value = x[i]!;
        if (value === value) mean += (value - mean) / ++seen;
        y[i] = value === value && seen === seedBars ? mean : NaN;
      }
      while (i < to) {
        // leaving the loop on NaN instead of branching inside it halves the time per value
        for (; i < to; i++) {
          const value = x[i]!;
          if (value !== value) break;
          mean += alpha * (value - mean);
          y[i] = mean;
        }
        if (i < to) y[i++] = NaN;
      }
      state[0] = mean;
      state[1] = seen;
    },
  };
}
