import { sharedColumn } from "../core/columns.ts";
import { ArgumentError } from "../core/errors.ts";
import { floorToInterval, type Interval, intervalMs } from "../core/time.ts";
import { BAR_COLUMNS, type BarColumn, type Bars, barsOf } from "../model/bar.ts";

export interface ResampleOptions {
  /** What becomes of a bucket that lacks bars. Default "drop": only buckets with every bar are kept. */
  readonly partial?: "drop" | "keep";
}

/**
 * `bars` as bars of a longer interval: first open, highest high, lowest low, last close, sums of volume and turnover.
 *
 * Weeks begin on Monday, days at midnight, UTC.
 *
 * @throws ArgumentError `RESAMPLE` unless the new interval is a whole multiple of the old one
 */
export function resampleBars(bars: Bars, interval: Interval, { partial = "drop" }: ResampleOptions = {}): Bars {
  if (interval === bars.interval) return bars;
  const ratio = intervalMs(interval) / intervalMs(bars.interval);
  if (!Number.isInteger(ratio)) {
    const message = `interval ${interval} is not a whole multiple of ${bars.interval}; resample to a longer one it divides`;
    throw new ArgumentError("RESAMPLE", message, { from: bars.interval, to: interval });
  }
  const most = Math.min(bars.length, Math.ceil(bars.length / (partial === "drop" ? ratio : 1)));
  const out = Object.fromEntries(BAR_COLUMNS.map((name) => [name, sharedColumn(most)])) as Record<
    BarColumn,
    Float64Array
  >;
  let rows = 0;
  for (let i = 0; i < bars.length; ) {
    const start = floorToInterval(bars.time[i]!, interval);
    const end = start + intervalMs(interval);
    let high = bars.high[i]!;
    let low = bars.low[i]!;
    let volume = 0;
    let turnover = 0;
    const first = i;
    for (; i < bars.length && bars.time[i]! < end; i++) {
      if (bars.high[i]! > high) high = bars.high[i]!;
      if (bars.low[i]! < low) low = bars.low[i]!;
      volume += bars.volume[i]!;
      turnover += bars.turnover[i]!;
    }
    if (i - first < ratio && partial === "drop") continue;
    out.time[rows] = start;
    out.open[rows] = bars.open[first]!;
    out.high[rows] = high;
    out.low[rows] = low;
    out.close[rows] = bars.close[i - 1]!;
    out.volume[rows] = volume;
    out.turnover[rows] = turnover;
    rows++;
  }
  const cut = Object.fromEntries(BAR_COLUMNS.map((name) => [name, out[name].subarray(0, rows)]));
  return barsOf({ symbol: bars.symbol, interval }, cut as Record<BarColumn, Float64Array>);
}
