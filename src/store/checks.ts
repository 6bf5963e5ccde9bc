import { DAY_MS, formatDuration, formatTime, type Interval, intervalMs, intervalOf } from "../core/time.ts";
import { BAR_COLUMNS, type BarColumn, type Bars } from "../model/bar.ts";
import { dataFault, type Place } from "./faults.ts";

/** Where rows came from: a bar's index plus `firstRow` is its row in `file`. */
export interface Origin {
  readonly file: string;
  readonly firstRow: number;
}

const FIELD: Record<BarColumn, string> = {
  time: "startTime",
  open: "open",
  high: "high",
  low: "low",
  close: "close",
  volume: "volume",
  turnover: "turnover",
};

/** Epoch ms of every market's data lie between 1973 and 5138; seconds and microseconds do not. */
const EARLIEST_MS = 1e11;
const LATEST_MS = 1e14;

/**
 * Refuses times that are not whole epoch milliseconds in strictly rising order.
 *
 * @throws DataError `TIME_UNIT`, `TIME_DUPLICATE`, `TIME_UNSORTED`
 */
export function checkTimes(times: Float64Array, field: string, origin: Origin): void {
  let before = 0;
  for (let i = 0; i < times.length; i++) {
    const time = times[i]!;
    if (time > before && time >= EARLIEST_MS && time < LATEST_MS && Math.floor(time) === time) {
      before = time;
      continue;
    }
    const place: Place = { file: origin.file, row: i + origin.firstRow, field, value: time };
    if (!(time >= EARLIEST_MS && time < LATEST_MS && Math.floor(time) === time)) {
      throw dataFault("TIME_UNIT", place, `is not epoch milliseconds: ${time}`, unitAdvice(time));
    }
    const text = `${time} (${formatTime(time)})`;
    if (time === before) {
      throw dataFault("TIME_DUPLICATE", place, `repeats that of the row before: ${text}`, "keep one of them");
    }
    throw dataFault("TIME_UNSORTED", place, `is earlier than the row before: ${text}`, "sort the file by time");
  }
}

function unitAdvice(time: number): string {
  if (time >= EARLIEST_MS / 1000 && time < LATEST_MS / 1000) return "it looks like seconds: multiply by 1000";
  if (time >= EARLIEST_MS * 1000 && time < LATEST_MS * 1000) return "it looks like microseconds: divide by 1000";
  return "write the bar's opening as whole milliseconds since 1970, UTC";
}

/**
 * The most common step of ascending `times` as an interval.
 *
 * @throws DataError `INTERVAL_UNKNOWN` with fewer than two bars or a step the exchange has no name for
 */
export function inferInterval(times: Float64Array, file: string): Interval {
  const step = commonStep(times);
  const interval = step === undefined ? undefined : intervalOf(step);
  if (interval) return interval;
  const fact =
    step === undefined
      ? "has one bar, which does not tell the interval"
      : `bars are mostly ${formatDuration(step)} apart, which is no interval of the exchange`;
  throw dataFault("INTERVAL_UNKNOWN", { file, value: step }, fact, "give the interval, e.g. --interval 60");
}

/** The most common difference of neighbours; of equally common ones the smallest. */
export function commonStep(times: Float64Array): number | undefined {
  const counts = new Map<number, number>();
  for (let i = 1; i < times.length; i++) {
    const step = times[i]! - times[i - 1]!;
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0];
}

/**
 * Refuses bars that could not have traded: off the interval's grid, prices ≤ 0, high < low, open or close outside
 * of high and low, volume < 0. Times must have passed `checkTimes`. NaN volume and turnover stand for "not known".
 * Bars of a premium may be anything above `above` = −1.
 *
 * @throws DataError `TIME_OFF_GRID`, `PRICE_NOT_POSITIVE`, `HIGH_BELOW_LOW`, `PRICE_OUTSIDE_RANGE`, `VOLUME_NEGATIVE`,
 * `NOT_A_NUMBER`
 */
export function checkBarRows(bars: Bars, origin: Origin, above = 0): void {
  const { time, open, high, low, close, volume, turnover, length } = bars;
  const step = intervalMs(bars.interval);
  const phase = gridPhase(bars.interval);
  for (let i = 0; i < length; i++) {
    const l = low[i]!;
    const h = high[i]!;
    // One comparison chain holds for every good bar; NaN fails it.
    const good =
      l > above && h < Infinity && open[i]! >= l && open[i]! <= h && close[i]! >= l && close[i]! <= h && h >= l;
    if (!good || volume[i]! < 0 || turnover[i]! < 0 || (time[i]! - phase) % step !== 0)
      throw rowFault(bars, i, origin, above);
  }
}

/** Weeks start on Monday, and 1970 began on a Thursday. */
export function gridPhase(interval: Interval): number {
  return interval === "W" ? 4 * DAY_MS : 0;
}

/**
 * Refuses a file whose bars all lie further apart than its interval: the interval was told wrong.
 *
 * @throws DataError `INTERVAL_MISMATCH`
 */
export function checkStep(bars: Bars, file: string): void {
  const step = intervalMs(bars.interval);
  let smallest = Infinity;
  for (let i = 1; i < bars.length; i++) smallest = Math.min(smallest, bars.time[i]! - bars.time[i - 1]!);
  if (bars.length < 3 || smallest <= step) return;
  const apart = formatDuration(smallest);
  const fact = `bars are at least ${apart} apart, interval ${bars.interval} says ${formatDuration(step)}`;
  const advice = `give --interval ${intervalOf(smallest) ?? "as in the file"}`;
  throw dataFault("INTERVAL_MISMATCH", { file, value: smallest }, fact, advice);
}

/**
 * Refuses a column that is there but has holes.
 *
 * @throws DataError `NOT_A_NUMBER`
 */
export function checkKnown(column: Float64Array, field: string, origin: Origin): void {
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    if (value - value === 0) continue; // neither NaN nor infinite
    const place: Place = { file: origin.file, row: i + origin.firstRow, field, value };
    throw dataFault("NOT_A_NUMBER", place, `is not a number: ${value}`, "fix or remove the row");
  }
}

function rowFault(bars: Bars, i: number, origin: Origin, above: number): Error {
  const at = (column: BarColumn, value: number): Place => ({
    file: origin.file,
    row: i + origin.firstRow,
    field: FIELD[column],
    value,
  });
  const advice = "fix or remove the row";
  for (const column of BAR_COLUMNS.slice(1, 5)) {
    const value = bars[column][i]!;
    if (!Number.isFinite(value))
      return dataFault("NOT_A_NUMBER", at(column, value), `is not a number: ${value}`, advice);
    if (value <= above) {
      return dataFault("PRICE_NOT_POSITIVE", at(column, value), `must be above ${above}, is ${value}`, advice);
    }
  }
  const low = bars.low[i]!;
  const high = bars.high[i]!;
  if (high < low) return dataFault("HIGH_BELOW_LOW", at("high", high), `${high} is below low ${low}`, advice);
  for (const column of ["open", "close"] as const) {
    const value = bars[column][i]!;
    if (value < low || value > high) {
      const fact = `${value} is outside of low ${low} to high ${high}`;
      return dataFault("PRICE_OUTSIDE_RANGE", at(column, value), fact, advice);
    }
  }
  for (const column of ["volume", "turnover"] as const) {
    const value = bars[column][i]!;
    if (value < 0) return dataFault("VOLUME_NEGATIVE", at(column, value), `must be at least 0, is ${value}`, advice);
  }
  const time = bars.time[i]!;
  const usual = commonStep(bars.time);
  const hint =
    usual === undefined || usual === intervalMs(bars.interval) ? "" : ` (most bars are ${formatDuration(usual)} apart)`;
  const fact = `${time} (${formatTime(time)}) does not open a bar of interval ${bars.interval}${hint}`;
  return dataFault("TIME_OFF_GRID", at("time", time), fact, "give the interval of the file, or fix the row");
}
