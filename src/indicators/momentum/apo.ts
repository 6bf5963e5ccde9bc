import type { Kernel } from "../kernel.ts";
import { exponentialMean } from "../overlap/ema.ts";
import { simpleMean } from "../overlap/sma.ts";
import { grow, scratch } from "../stage.ts";
import { checkFaster } from "./macd.ts";

/** Which moving averages are compared. */
export type MeanKind = "ema" | "sma";
export const MEAN_KINDS: readonly MeanKind[] = ["ema", "sma"];

/**
 * Absolute price oscillator: fast less slow average, in the unit of the series.
 *
 * @throws ArgumentError `PERIOD`, `PARAM` if fast is not below slow
 */
export function apo(settings: { fast: number; slow: number; mean: MeanKind }): Kernel {
  const { fast, slow, mean } = settings;
  const average = mean === "ema" ? exponentialMean : simpleMean;
  const quick = average(fast);
  const calm = average(slow);
  checkFaster(fast, slow);
  const own = scratch(1);
  return {
    warmup: [slow - 1],
    extend(src, out, from, to) {
      grow(own, to);
      const y = out[0]!;
      const base = own[0]!;
      quick.run(src[0]!, y, from, to);
      calm.run(src[0]!, base, from, to);
      for (let i = from; i < to; i++) y[i] = y[i]! - base[i]!;
    },
  };
}

/**
 * Percentage price oscillator: {@link apo} as percent of the slow average.
 *
 * @throws ArgumentError `PERIOD`, `PARAM` if fast is not below slow
 */
export function ppo(settings: { fast: number; slow: number; mean: MeanKind }): Kernel {
  const difference = apo(settings);
  const calm = settings.mean === "ema" ? exponentialMean(settings.slow) : simpleMean(settings.slow);
  const own = scratch(1);
  return {
    warmup: difference.warmup,
    extend(src, out, from, to) {
      grow(own, to);
      const y = out[0]!;
      const base = own[0]!;
      difference.extend(src, out, from, to);
      calm.run(src[0]!, base, from, to);
      for (let i = from; i < to; i++) y[i] = (100 * y[i]!) / base[i]!;
    },
  };
}
