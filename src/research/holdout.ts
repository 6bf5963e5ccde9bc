import { ArgumentError } from "../core/errors.ts";
import { type Bars, sliceBars } from "../model/bar.ts";

/** Bars a search may see and bars it may not. */
export interface Split {
  readonly inSample: Bars;
  /** The last part; `null` when nothing is held out. */
  readonly outOfSample: Bars | null;
}

/**
 * Holds the last `fraction` of the bars out (0 ≤ fraction < 1), rounded down to whole bars.
 *
 * @throws ArgumentError `HOLDOUT`
 */
export function holdOut(bars: Bars, fraction: number): Split {
  if (!(fraction >= 0 && fraction < 1)) {
    throw new ArgumentError("HOLDOUT", `holdout must be a fraction from 0 to below 1, was ${fraction}`, { fraction });
  }
  const cut = bars.length - Math.floor(bars.length * fraction);
  return {
    inSample: sliceBars(bars, 0, cut),
    outOfSample: cut < bars.length ? sliceBars(bars, cut, bars.length) : null,
  };
}
