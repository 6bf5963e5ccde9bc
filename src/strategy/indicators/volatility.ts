import type { Series } from "../series.ts";

/** The volatility indicators of the catalogue. Written by test/strategy/declare.ts. */
export interface VolatilityFunctions {
  /**
   * Bollinger bands.
   * @param period bars looked back on; 20 unless told, at least 1
   * @param deviations standard deviations from middle to band; 2 unless told, at least 0
   * @param ddof 0 divides the variance by period, 1 by period - 1; 0 unless told, at least 0
   */
  bbands(
    source: Series,
    period?: number,
    deviations?: number,
    ddof?: number,
  ): {
    readonly upper: Series;
    readonly middle: Series;
    readonly lower: Series;
    readonly width: Series;
    readonly percent: Series;
  };
  bbands(
    source: Series,
    settings: { period?: number; deviations?: number; ddof?: number },
  ): {
    readonly upper: Series;
    readonly middle: Series;
    readonly lower: Series;
    readonly width: Series;
    readonly percent: Series;
  };
  /**
   * Keltner channel of high, low, close.
   * @param period bars looked back on; 20 unless told, at least 1
   * @param multiplier average true ranges from middle to band; 2 unless told, at least 0
   * @param atrPeriod bars of the average true range; 10 unless told, at least 1
   * @param options.mode how true ranges are averaged: Wilder's from bar 1, Wilder's from bar 0, or another mean; tradingview unless told
   */
  keltner(
    period?: number,
    multiplier?: number,
    atrPeriod?: number,
    options?: { mode?: "talib" | "tradingview" | "ema" | "sma" },
  ): { readonly upper: Series; readonly middle: Series; readonly lower: Series };
  keltner(settings: {
    period?: number;
    multiplier?: number;
    atrPeriod?: number;
    mode?: "talib" | "tradingview" | "ema" | "sma";
  }): { readonly upper: Series; readonly middle: Series; readonly lower: Series };
  /**
   * Donchian channel of high, low, close.
   * @param period bars looked back on; 20 unless told, at least 1
   */
  donchian(period?: number): { readonly upper: Series; readonly middle: Series; readonly lower: Series };
  donchian(settings: { period?: number }): { readonly upper: Series; readonly middle: Series; readonly lower: Series };
  /**
   * Average true range of high, low, close.
   * @param period bars looked back on; 14 unless told, at least 1
   * @param options.mode how true ranges are averaged: Wilder's from bar 1, Wilder's from bar 0, or another mean; talib unless told
   */
  atr(period?: number, options?: { mode?: "talib" | "tradingview" | "ema" | "sma" }): Series;
  atr(settings: { period?: number; mode?: "talib" | "tradingview" | "ema" | "sma" }): Series;
  /**
   * Average true range in percent of high, low, close.
   * @param period bars looked back on; 14 unless told, at least 1
   * @param options.mode how true ranges are averaged: Wilder's from bar 1, Wilder's from bar 0, or another mean; talib unless told
   */
  natr(period?: number, options?: { mode?: "talib" | "tradingview" | "ema" | "sma" }): Series;
  natr(settings: { period?: number; mode?: "talib" | "tradingview" | "ema" | "sma" }): Series;
  /**
   * True range of high, low, close.
   * @param options.first what the first bar, which has no close before it, is worth; none unless told
   */
  tr(options?: { first?: "none" | "range" }): Series;
  /**
   * Standard deviation.
   * @param period bars looked back on; 20 unless told, at least 1
   * @param ddof 0 divides the variance by period, 1 by period - 1; 0 unless told, at least 0
   */
  stddev(source: Series, period?: number, ddof?: number): Series;
  stddev(source: Series, settings: { period?: number; ddof?: number }): Series;
  /**
   * Choppiness index of high, low, close.
   * @param period bars looked back on; 14 unless told, at least 2
   */
  chop(period?: number): Series;
  chop(settings: { period?: number }): Series;
  /**
   * Squeeze of high, low, close.
   * @param period bars looked back on; 20 unless told, at least 1
   * @param deviations standard deviations from middle to band; 2 unless told, at least 0
   * @param multiplier true ranges from middle to band; 1.5 unless told, at least 0
   * @param momentum bars the close's change is taken over; 12 unless told, at least 1
   * @param smooth bars that change is averaged over; 6 unless told, at least 1
   */
  squeeze(
    period?: number,
    deviations?: number,
    multiplier?: number,
    momentum?: number,
    smooth?: number,
  ): { readonly momentum: Series; readonly on: Series };
  squeeze(settings: {
    period?: number;
    deviations?: number;
    multiplier?: number;
    momentum?: number;
    smooth?: number;
  }): { readonly momentum: Series; readonly on: Series };
}
