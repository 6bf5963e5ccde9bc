import { lowerBound } from "../core/columns.ts";
import { intervalMs } from "../core/time.ts";
import type { Bars } from "../model/bar.ts";
import type { FundingRates } from "../model/funding.ts";

/** Funding settlements laid over bars, in order of time. Equally long columns. */
export interface Settlements {
  readonly length: number;
  /** Bar in which each is paid. */
  readonly bar: Int32Array;
  /** 1: at the bar's open, before any order fills there. 0: later in the bar, if the position is still open at its close. */
  readonly atOpen: Uint8Array;
  readonly rate: Float64Array;
  /** Price the position is valued at: the open of that bar, of the mark price where there is one. */
  readonly price: Float64Array;
}

export const NO_SETTLEMENTS: Settlements = {
  length: 0,
  bar: new Int32Array(0),
  atOpen: new Uint8Array(0),
  rate: new Float64Array(0),
  price: new Float64Array(0),
};

/**
 * The settlements of `funding` that fall on `bars`; `open` is the column that values them.
 *
 * A settlement inside a gap is paid at the open of the first bar behind it: the position was held through it. Those
 * before the first bar and after the last one are left out.
 */
export function settlementsOf(funding: FundingRates, bars: Bars, open: Float64Array): Settlements {
  const { time, length } = bars;
  if (length === 0) return NO_SETTLEMENTS;
  const end = time[length - 1]! + intervalMs(bars.interval);
  const first = lowerBound(funding.time, time[0]!);
  const count = lowerBound(funding.time, end) - first;
  const step = intervalMs(bars.interval);
  const bar = new Int32Array(count);
  const atOpen = new Uint8Array(count);
  const rate = funding.rate.slice(first, first + count);
  const price = new Float64Array(count);
  let i = 0;
  for (let k = 0; k < count; k++) {
    const stamp = funding.time[first + k]!;
    while (time[i]! + step <= stamp) i++;
    bar[k] = i;
    atOpen[k] = stamp <= time[i]! ? 1 : 0;
    price[k] = open[i]!;
  }
  return { length: count, bar, atOpen, rate, price };
}
