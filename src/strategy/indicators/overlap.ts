import type { Series } from "../series.ts";

/** The overlap indicators of the catalogue. Written by test/strategy/declare.ts. */
export interface OverlapFunctions {
  /**
   * Simple moving average.
   * @param period bars looked back on; 20 unless told, at least 1
   */
  // biome-ignore format: one line per function
  sma(source: Series, period?: number): Series;
  /**
   * Exponential moving average.
   * @param period bars looked back on; 20 unless told, at least 1
   * @param options.seed start from the mean of the first bars, or from the first value; sma unless told
   */
  // biome-ignore format: one line per function
  ema(source: Series, period?: number, options?: { seed?: "sma" | "first" }): Series;
}
