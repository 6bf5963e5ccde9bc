import type { Series } from "../series.ts";

/** The momentum indicators of the catalogue. Written by test/strategy/declare.ts. */
export interface MomentumFunctions {
  /**
   * Relative strength index.
   * @param period bars looked back on; 14 unless told, at least 1
   */
  rsi(source: Series, period?: number): Series;
  rsi(source: Series, settings: { period?: number }): Series;
  /**
   * Stochastic oscillator of high, low, close.
   * @param kPeriod bars whose range %K is placed in; 14 unless told, at least 1
   * @param kSmooth bars %K is averaged over; 3 unless told, at least 1
   * @param dPeriod bars of %K that %D averages; 3 unless told, at least 1
   */
  stoch(kPeriod?: number, kSmooth?: number, dPeriod?: number): { readonly k: Series; readonly d: Series };
  stoch(settings: { kPeriod?: number; kSmooth?: number; dPeriod?: number }): { readonly k: Series; readonly d: Series };
  /**
   * Fast stochastic oscillator of high, low, close.
   * @param kPeriod bars whose range %K is placed in; 14 unless told, at least 1
   * @param dPeriod bars of %K that %D averages; 3 unless told, at least 1
   */
  stochf(kPeriod?: number, dPeriod?: number): { readonly k: Series; readonly d: Series };
  stochf(settings: { kPeriod?: number; dPeriod?: number }): { readonly k: Series; readonly d: Series };
  /**
   * Stochastic of the relative strength index.
   * @param period bars looked back on; 14 unless told, at least 1
   * @param kPeriod values of RSI whose range %K is placed in; 14 unless told, at least 1
   * @param kSmooth bars %K is averaged over; 1 is TA-Lib; 3 unless told, at least 1
   * @param dPeriod bars of %K that %D averages; 3 unless told, at least 1
   */
  stochrsi(
    source: Series,
    period?: number,
    kPeriod?: number,
    kSmooth?: number,
    dPeriod?: number,
  ): { readonly k: Series; readonly d: Series };
  stochrsi(
    source: Series,
    settings: { period?: number; kPeriod?: number; kSmooth?: number; dPeriod?: number },
  ): { readonly k: Series; readonly d: Series };
  /**
   * Moving average convergence divergence.
   * @param fast bars of the fast average; 12 unless told, at least 1
   * @param slow bars of the slow average; 26 unless told, at least 1
   * @param signal bars of the signal's average; 9 unless told, at least 1
   * @param options.align how the averages begin: as TA-Lib, or each as soon as it can; talib unless told
   */
  macd(
    source: Series,
    fast?: number,
    slow?: number,
    signal?: number,
    options?: { align?: "talib" | "classic" },
  ): { readonly macd: Series; readonly signal: Series; readonly histogram: Series };
  macd(
    source: Series,
    settings: { fast?: number; slow?: number; signal?: number; align?: "talib" | "classic" },
  ): { readonly macd: Series; readonly signal: Series; readonly histogram: Series };
  /**
   * Percentage price oscillator.
   * @param fast bars of the fast average; 12 unless told, at least 1
   * @param slow bars of the slow average; 26 unless told, at least 1
   * @param options.mean which averages are compared; ema unless told
   */
  ppo(source: Series, fast?: number, slow?: number, options?: { mean?: "ema" | "sma" }): Series;
  ppo(source: Series, settings: { fast?: number; slow?: number; mean?: "ema" | "sma" }): Series;
  /**
   * Absolute price oscillator.
   * @param fast bars of the fast average; 12 unless told, at least 1
   * @param slow bars of the slow average; 26 unless told, at least 1
   * @param options.mean which averages are compared; ema unless told
   */
  apo(source: Series, fast?: number, slow?: number, options?: { mean?: "ema" | "sma" }): Series;
  apo(source: Series, settings: { fast?: number; slow?: number; mean?: "ema" | "sma" }): Series;
  /**
   * Rate of change.
   * @param period bars looked back on; 10 unless told, at least 1
   */
  roc(source: Series, period?: number): Series;
  roc(source: Series, settings: { period?: number }): Series;
  /**
   * Momentum.
   * @param period bars looked back on; 10 unless told, at least 1
   */
  mom(source: Series, period?: number): Series;
  mom(source: Series, settings: { period?: number }): Series;
  /**
   * Commodity channel index of high, low, close.
   * @param period bars looked back on; 20 unless told, at least 2
   */
  cci(period?: number): Series;
  cci(settings: { period?: number }): Series;
  /**
   * Williams' %R of high, low, close.
   * @param period bars looked back on; 14 unless told, at least 1
   */
  willr(period?: number): Series;
  willr(settings: { period?: number }): Series;
  /**
   * Chande momentum oscillator.
   * @param period bars looked back on; 14 unless told, at least 1
   */
  cmo(source: Series, period?: number): Series;
  cmo(source: Series, settings: { period?: number }): Series;
  /**
   * True strength index.
   * @param fast bars of the fast average; 13 unless told, at least 1
   * @param slow bars of the slow average; 25 unless told, at least 1
   * @param signal bars of the signal's average; 13 unless told, at least 1
   */
  tsi(source: Series, fast?: number, slow?: number, signal?: number): { readonly tsi: Series; readonly signal: Series };
  tsi(
    source: Series,
    settings: { fast?: number; slow?: number; signal?: number },
  ): { readonly tsi: Series; readonly signal: Series };
  /**
   * Awesome oscillator of high, low.
   * @param fast bars of the fast average; 5 unless told, at least 1
   * @param slow bars of the slow average; 34 unless told, at least 1
   */
  ao(fast?: number, slow?: number): Series;
  ao(settings: { fast?: number; slow?: number }): Series;
  /**
   * Ultimate oscillator of high, low, close.
   * @param fast shortest lookback, weight 4; 7 unless told, at least 1
   * @param medium middle lookback, weight 2; 14 unless told, at least 1
   * @param slow longest lookback, weight 1; 28 unless told, at least 1
   */
  ultosc(fast?: number, medium?: number, slow?: number): Series;
  ultosc(settings: { fast?: number; medium?: number; slow?: number }): Series;
  /**
   * Triple exponential rate of change.
   * @param period bars looked back on; 15 unless told, at least 1
   * @param signal bars of the signal's average; 9 unless told, at least 1
   */
  trix(source: Series, period?: number, signal?: number): { readonly trix: Series; readonly signal: Series };
  trix(
    source: Series,
    settings: { period?: number; signal?: number },
  ): { readonly trix: Series; readonly signal: Series };
  /**
   * Fisher transform of high, low.
   * @param period bars looked back on; 9 unless told, at least 2
   */
  fisher(period?: number): { readonly fisher: Series; readonly signal: Series };
  fisher(settings: { period?: number }): { readonly fisher: Series; readonly signal: Series };
  /** Balance of power of open, high, low, close. */
  bop(): Series;
}
