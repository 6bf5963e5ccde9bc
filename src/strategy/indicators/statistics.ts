import type { Series } from "../series.ts";

/** The statistics indicators of the catalogue. Written by test/strategy/declare.ts. */
export interface StatisticsFunctions {
  /**
   * Standard score.
   * @param period bars looked back on; 30 unless told, at least 1
   * @param ddof 0 divides the variance by period, 1 by period - 1; 1 unless told, at least 0
   */
  zscore(source: Series, period?: number, ddof?: number): Series;
  zscore(source: Series, settings: { period?: number; ddof?: number }): Series;
  /**
   * Percentile.
   * @param period bars looked back on; 20 unless told, at least 1
   * @param percent share of the values below it, 0 to 100; 50 is the median; 50 unless told, at least 0
   */
  percentile(source: Series, period?: number, percent?: number): Series;
  percentile(source: Series, settings: { period?: number; percent?: number }): Series;
  /**
   * Correlation of two columns of open, high, low, close, volume.
   * @param period bars looked back on; 20 unless told, at least 2
   * @param options.x one column; close unless told
   * @param options.y the other; volume unless told
   */
  correl(
    period?: number,
    options?: { x?: "open" | "high" | "low" | "close" | "volume"; y?: "open" | "high" | "low" | "close" | "volume" },
  ): Series;
  correl(settings: {
    period?: number;
    x?: "open" | "high" | "low" | "close" | "volume";
    y?: "open" | "high" | "low" | "close" | "volume";
  }): Series;
  /**
   * Highest value.
   * @param period bars looked back on; 20 unless told, at least 1
   */
  highest(source: Series, period?: number): Series;
  highest(source: Series, settings: { period?: number }): Series;
  /**
   * Lowest value.
   * @param period bars looked back on; 20 unless told, at least 1
   */
  lowest(source: Series, period?: number): Series;
  lowest(source: Series, settings: { period?: number }): Series;
  /**
   * Sum.
   * @param period bars looked back on; 20 unless told, at least 1
   */
  sum(source: Series, period?: number): Series;
  sum(source: Series, settings: { period?: number }): Series;
}
