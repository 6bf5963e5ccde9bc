import type { Series } from "../series.ts";

/** The volatility indicators of the catalogue. Written by test/strategy/declare.ts. */
export interface VolatilityFunctions {
  /**
   * Bollinger bands.
   * @param period bars looked back on; 20 unless told, at least 1
   * @param deviations standard deviations from middle to band; 2 unless told, at least 0
   * @param ddof 0 divides the variance by period, 1 by period - 1; 0 unless told, at least 0
   */
  // biome-ignore format: one line per function
  bbands(source: Series, period?: number, deviations?: number, ddof?: number): { readonly upper: Series; readonly middle: Series; readonly lower: Series; readonly width: Series; readonly percent: Series };
  /**
   * Average true range of high, low, close.
   * @param period bars looked back on; 14 unless told, at least 1
   * @param options.mode how true ranges are averaged: Wilder's from bar 1, from bar 0, or a plain mean; talib unless told
   */
  // biome-ignore format: one line per function
  atr(period?: number, options?: { mode?: "talib" | "tradingview" | "ema" | "sma" }): Series;
}
