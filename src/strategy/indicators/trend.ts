import type { Series } from "../series.ts";

/** The trend indicators of the catalogue. Written by test/strategy/declare.ts. */
export interface TrendFunctions {
  /**
   * Average directional index of high, low, close.
   * @param period bars looked back on; 14 unless told, at least 2
   */
  // biome-ignore format: one line per function
  adx(period?: number): { readonly adx: Series; readonly plusDi: Series; readonly minusDi: Series; readonly dx: Series; readonly adxr: Series };
}
