import type { Series } from "../series.ts";

/** The volume indicators of the catalogue. Written by test/strategy/declare.ts. */
export interface VolumeFunctions {
  /** On-balance volume of close, volume. */
  obv(): Series;
  /** Accumulation/distribution line of high, low, close, volume. */
  ad(): Series;
  /**
   * Chaikin oscillator of high, low, close, volume.
   * @param fast bars of the fast average; 3 unless told, at least 1
   * @param slow bars of the slow average; 10 unless told, at least 1
   */
  adosc(fast?: number, slow?: number): Series;
  adosc(settings: { fast?: number; slow?: number }): Series;
  /**
   * Money flow index of high, low, close, volume.
   * @param period bars looked back on; 14 unless told, at least 1
   */
  mfi(period?: number): Series;
  mfi(settings: { period?: number }): Series;
  /**
   * Chaikin money flow of high, low, close, volume.
   * @param period bars looked back on; 20 unless told, at least 1
   */
  cmf(period?: number): Series;
  cmf(settings: { period?: number }): Series;
  /** Volume-weighted average price of the UTC day of time, high, low, close, volume. */
  vwap(): Series;
  /**
   * Elder's force index of close, volume.
   * @param period bars looked back on; 13 unless told, at least 1
   */
  efi(period?: number): Series;
  efi(settings: { period?: number }): Series;
}
