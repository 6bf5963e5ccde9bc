import type { Series } from "../series.ts";

/** The overlap indicators of the catalogue. Written by test/strategy/declare.ts. */
export interface OverlapFunctions {
  /**
   * Simple moving average.
   * @param period bars looked back on; 20 unless told, at least 1
   */
  sma(source: Series, period?: number): Series;
  sma(source: Series, settings: { period?: number }): Series;
  /**
   * Exponential moving average.
   * @param period bars looked back on; 20 unless told, at least 1
   * @param options.seed start from the mean of the first bars, or from the first value; sma unless told
   */
  ema(source: Series, period?: number, options?: { seed?: "sma" | "first" }): Series;
  ema(source: Series, settings: { period?: number; seed?: "sma" | "first" }): Series;
  /**
   * Weighted moving average.
   * @param period bars looked back on; 20 unless told, at least 1
   */
  wma(source: Series, period?: number): Series;
  wma(source: Series, settings: { period?: number }): Series;
  /**
   * Wilder's moving average.
   * @param period bars looked back on; 14 unless told, at least 1
   * @param options.seed start from the mean of the first bars, or from the first value; sma unless told
   */
  rma(source: Series, period?: number, options?: { seed?: "sma" | "first" }): Series;
  rma(source: Series, settings: { period?: number; seed?: "sma" | "first" }): Series;
  /**
   * Hull moving average.
   * @param period bars looked back on; 16 unless told, at least 2
   */
  hma(source: Series, period?: number): Series;
  hma(source: Series, settings: { period?: number }): Series;
  /**
   * Double exponential moving average.
   * @param period bars looked back on; 20 unless told, at least 1
   * @param options.seed start from the mean of the first bars, or from the first value; sma unless told
   */
  dema(source: Series, period?: number, options?: { seed?: "sma" | "first" }): Series;
  dema(source: Series, settings: { period?: number; seed?: "sma" | "first" }): Series;
  /**
   * Triple exponential moving average.
   * @param period bars looked back on; 20 unless told, at least 1
   * @param options.seed start from the mean of the first bars, or from the first value; sma unless told
   */
  tema(source: Series, period?: number, options?: { seed?: "sma" | "first" }): Series;
  tema(source: Series, settings: { period?: number; seed?: "sma" | "first" }): Series;
  /**
   * Triangular moving average.
   * @param period bars looked back on; 20 unless told, at least 1
   */
  trima(source: Series, period?: number): Series;
  trima(source: Series, settings: { period?: number }): Series;
  /**
   * Kaufman's adaptive moving average.
   * @param period bars looked back on; 10 unless told, at least 1
   * @param fast bars of the EMA it follows at its quickest; 2 unless told, at least 1
   * @param slow bars of the EMA it follows at its calmest; 30 unless told, at least 1
   */
  kama(source: Series, period?: number, fast?: number, slow?: number): Series;
  kama(source: Series, settings: { period?: number; fast?: number; slow?: number }): Series;
  /**
   * Volume-weighted moving average of close, volume.
   * @param period bars looked back on; 20 unless told, at least 1
   */
  vwma(period?: number): Series;
  vwma(settings: { period?: number }): Series;
  /**
   * Tillson's T3.
   * @param period bars looked back on; 5 unless told, at least 1
   * @param volumeFactor 0 is a plain sixfold average, 1 the least lag; 0.7 unless told, at least 0
   */
  t3(source: Series, period?: number, volumeFactor?: number): Series;
  t3(source: Series, settings: { period?: number; volumeFactor?: number }): Series;
}
