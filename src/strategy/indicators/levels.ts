import type { Series } from "../series.ts";

/** The levels indicators of the catalogue. Written by test/strategy/declare.ts. */
export interface LevelsFunctions {
  /**
   * Pivot levels of the UTC day before of time, high, low, close.
   * @param options.kind whose formula; classic unless told
   */
  pivots(options?: { kind?: "classic" | "fibonacci" | "camarilla" }): {
    readonly p: Series;
    readonly r1: Series;
    readonly r2: Series;
    readonly r3: Series;
    readonly r4: Series;
    readonly s1: Series;
    readonly s2: Series;
    readonly s3: Series;
    readonly s4: Series;
  };
}
