import { lowerBound, sharedColumn } from "../core/columns.ts";
import { ArgumentError } from "../core/errors.ts";
import type { Interval } from "../core/time.ts";

/**
 * Closed bars of one market as equally long columns, ascending and unique in `time`.
 *
 * `time` is each bar's opening, epoch ms UTC. Prices are quote per base. `volume` is base, `turnover` quote
 * (`NaN` where the source has none). Nobody changes a column after it is made.
 */
export interface Bars {
  readonly symbol: string;
  readonly interval: Interval;
  readonly length: number;
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly turnover: Float64Array;
}

export const BAR_COLUMNS = ["time", "open", "high", "low", "close", "volume", "turnover"] as const;
export type BarColumn = (typeof BAR_COLUMNS)[number];

/** Bars `from` (inclusive) to `to` (exclusive) by index; columns are views, not copies. */
export function sliceBars(bars: Bars, from: number, to: number): Bars {
  const cut = (column: Float64Array) => column.subarray(from, to);
  return {
    symbol: bars.symbol,
    interval: bars.interval,
    length: Math.max(0, to - from),
    time: cut(bars.time),
    open: cut(bars.open),
    high: cut(bars.high),
    low: cut(bars.low),
    close: cut(bars.close),
    volume: cut(bars.volume),
    turnover: cut(bars.turnover),
  };
}

/** Bars whose opening lies in [`fromTime`, `toTime`), epoch ms. */
export function barsBetween(bars: Bars, fromTime: number, toTime: number): Bars {
  return sliceBars(bars, lowerBound(bars.time, fromTime), lowerBound(bars.time, toTime));
}

/**
 * `before` and `after` as one span of copied columns, in memory that worker threads can share.
 *
 * @throws ArgumentError `BARS_JOIN` unless both are of one market and interval, and `before` ends first
 */
export function joinBars(before: Bars, after: Bars): Bars {
  const { symbol, interval } = after;
  const ordered = before.length === 0 || after.length === 0 || before.time[before.length - 1]! < after.time[0]!;
  if (before.symbol !== symbol || before.interval !== interval || !ordered) {
    const message = `bars of ${before.symbol} ${before.interval} cannot go before those of ${symbol} ${interval}`;
    throw new ArgumentError("BARS_JOIN", `${message}; they must be of one market and interval and end first`);
  }
  const join = (name: BarColumn) => {
    const column = sharedColumn(before.length + after.length);
    column.set(before[name]);
    column.set(after[name], before.length);
    return column;
  };
  const columns = Object.fromEntries(BAR_COLUMNS.map((name) => [name, join(name)])) as Record<BarColumn, Float64Array>;
  return barsOf({ symbol, interval }, columns);
}

/**
 * Bars from columns of equal length, which it takes over. A missing `turnover` becomes all `NaN`.
 *
 * @throws ArgumentError `COLUMN_LENGTH`
 */
export function barsOf(
  market: { symbol: string; interval: Interval },
  columns: Record<Exclude<BarColumn, "turnover">, Float64Array> & { turnover?: Float64Array },
): Bars {
  const length = columns.time.length;
  const turnover = columns.turnover ?? new Float64Array(length).fill(NaN);
  const bars: Bars = { ...market, ...columns, turnover, length };
  for (const name of BAR_COLUMNS) {
    if (bars[name].length !== length) {
      throw new ArgumentError("COLUMN_LENGTH", `column ${name} has ${bars[name].length} rows, time has ${length}`);
    }
  }
  return bars;
}
