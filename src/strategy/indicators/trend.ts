import type { Series } from "../series.ts";

/** The trend indicators of the catalogue. Written by test/strategy/declare.ts. */
export interface TrendFunctions {
  /**
   * Average directional index of high, low, close.
   * @param period bars looked back on; 14 unless told, at least 2
   */
  adx(period?: number): {
    readonly adx: Series;
    readonly plusDi: Series;
    readonly minusDi: Series;
    readonly dx: Series;
    readonly adxr: Series;
  };
  adx(settings: { period?: number }): {
    readonly adx: Series;
    readonly plusDi: Series;
    readonly minusDi: Series;
    readonly dx: Series;
    readonly adxr: Series;
  };
  /**
   * Directional movement of high, low, close.
   * @param period bars looked back on; 14 unless told, at least 2
   */
  dmi(period?: number): { readonly plusDi: Series; readonly minusDi: Series; readonly dx: Series };
  dmi(settings: { period?: number }): { readonly plusDi: Series; readonly minusDi: Series; readonly dx: Series };
  /**
   * Aroon of high, low.
   * @param period bars looked back on; 14 unless told, at least 1
   */
  aroon(period?: number): { readonly up: Series; readonly down: Series; readonly oscillator: Series };
  aroon(settings: { period?: number }): { readonly up: Series; readonly down: Series; readonly oscillator: Series };
  /**
   * Supertrend of high, low, close.
   * @param period bars looked back on; 10 unless told, at least 1
   * @param multiplier average true ranges from the bar's middle to the line; 3 unless told, at least 0
   * @param options.mode how true ranges are averaged; tradingview unless told
   */
  supertrend(
    period?: number,
    multiplier?: number,
    options?: { mode?: "talib" | "tradingview" | "ema" | "sma" },
  ): { readonly supertrend: Series; readonly direction: Series };
  supertrend(settings: { period?: number; multiplier?: number; mode?: "talib" | "tradingview" | "ema" | "sma" }): {
    readonly supertrend: Series;
    readonly direction: Series;
  };
  /**
   * Parabolic stop and reverse of high, low.
   * @param acceleration first step, and its growth at each new extreme; 0.02 unless told, at least 0
   * @param maximum largest step; 0.2 unless told, at least 0
   */
  psar(acceleration?: number, maximum?: number): { readonly psar: Series; readonly direction: Series };
  psar(settings: { acceleration?: number; maximum?: number }): { readonly psar: Series; readonly direction: Series };
  /**
   * Ichimoku cloud of high, low.
   * @param tenkan bars of the conversion line; 9 unless told, at least 1
   * @param kijun bars of the base line; 26 unless told, at least 1
   * @param senkou bars of span B; 52 unless told, at least 1
   * @param displacement bars the spans are drawn ahead, the current one counted; 26 unless told, at least 1
   */
  ichimoku(
    tenkan?: number,
    kijun?: number,
    senkou?: number,
    displacement?: number,
  ): {
    readonly tenkan: Series;
    readonly kijun: Series;
    readonly senkouA: Series;
    readonly senkouB: Series;
    readonly leadA: Series;
    readonly leadB: Series;
  };
  ichimoku(settings: { tenkan?: number; kijun?: number; senkou?: number; displacement?: number }): {
    readonly tenkan: Series;
    readonly kijun: Series;
    readonly senkouA: Series;
    readonly senkouB: Series;
    readonly leadA: Series;
    readonly leadB: Series;
  };
  /**
   * Vortex of high, low, close.
   * @param period bars looked back on; 14 unless told, at least 1
   */
  vortex(period?: number): { readonly plus: Series; readonly minus: Series };
  vortex(settings: { period?: number }): { readonly plus: Series; readonly minus: Series };
  /**
   * Linear regression.
   * @param period bars looked back on; 14 unless told, at least 2
   */
  linreg(
    source: Series,
    period?: number,
  ): { readonly value: Series; readonly slope: Series; readonly intercept: Series; readonly forecast: Series };
  linreg(
    source: Series,
    settings: { period?: number },
  ): { readonly value: Series; readonly slope: Series; readonly intercept: Series; readonly forecast: Series };
}
