import type { Series } from "../series.ts";

/** The momentum indicators of the catalogue. Written by test/strategy/declare.ts. */
export interface MomentumFunctions {
  /**
   * Relative strength index.
   * @param period bars looked back on; 14 unless told, at least 1
   */
  // biome-ignore format: one line per function
  rsi(source: Series, period?: number): Series;
  /**
   * Stochastic oscillator of high, low, close.
   * @param kPeriod bars whose range %K is placed in; 14 unless told, at least 1
   * @param kSmooth bars %K is averaged over; 3 unless told, at least 1
   * @param dPeriod bars of %K that %D averages; 3 unless told, at least 1
   */
  // biome-ignore format: one line per function
  stoch(kPeriod?: number, kSmooth?: number, dPeriod?: number): { readonly k: Series; readonly d: Series };
  /**
   * Moving average convergence divergence.
   * @param fast bars of the fast average; 12 unless told, at least 1
   * @param slow bars of the slow average; 26 unless told, at least 1
   * @param signal bars of the signal's average; 9 unless told, at least 1
   * @param options.align how the averages begin: as TA-Lib, or each as soon as it can; talib unless told
   */
  // biome-ignore format: one line per function
  macd(source: Series, fast?: number, slow?: number, signal?: number, options?: { align?: "talib" | "classic" }): { readonly macd: Series; readonly signal: Series; readonly histogram: Series };
}
