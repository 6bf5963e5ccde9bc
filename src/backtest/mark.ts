import { lowerBound } from "../core/columns.ts";
import { ArgumentError } from "../core/errors.ts";
import { type Bars, sliceBars } from "../model/bar.ts";

/** Mark prices per bar, equally long as the bars: they decide on liquidation and value funding. */
export interface MarkColumns {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
}

/**
 * Mark prices laid over `bars` by opening time; where a mark bar is missing, the bar's own prices. Views where none is.
 *
 * @throws ArgumentError `MARK_INTERVAL` unless both have the same interval
 */
export function alignMark(mark: Bars, bars: Bars): MarkColumns {
  if (mark.interval !== bars.interval) {
    const message = `mark-price bars must have the interval of the bars, ${bars.interval}, was ${mark.interval}`;
    throw new ArgumentError("MARK_INTERVAL", message, { mark: mark.interval, bars: bars.interval });
  }
  const { length, time } = bars;
  const first = lowerBound(mark.time, time[0] ?? Infinity);
  let same = 0;
  while (same < length && mark.time[first + same] === time[same]) same++;
  if (same === length) return sliceBars(mark, first, first + length);
  const columns = { open: bars.open.slice(), high: bars.high.slice(), low: bars.low.slice() };
  let m = 0;
  for (let i = 0; i < length; i++) {
    while (m < mark.length && mark.time[m]! < time[i]!) m++;
    if (mark.time[m] !== time[i]) continue;
    columns.open[i] = mark.open[m]!;
    columns.high[i] = mark.high[m]!;
    columns.low[i] = mark.low[m]!;
  }
  return columns;
}

/** First bar in [`from`, `to`) whose mark price reaches down to `floor` or up to `ceiling`; `to` if none does. */
export function firstMarkTouch(
  { low, high }: MarkColumns,
  { from, to, floor, ceiling }: { from: number; to: number; floor: number; ceiling: number },
): number {
  let i = from;
  while (i < to && low[i]! > floor && high[i]! < ceiling) i++;
  return i;
}
