import { lowerBound } from "../../core/columns.ts";
import { intervalMs } from "../../core/time.ts";
import type { Bars } from "../../model/bar.ts";
import { longestMs, nextOpening, openingOf, type WireInterval } from "./intervals.ts";

/** One bar of any length; prices quote, `volume` in the instrument's own quantity, `turnover` its value. */
export interface BarRow {
  /** Opening, epoch ms. */
  readonly time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  turnover: number;
}

export interface SeriesQuery {
  readonly interval: WireInterval;
  /** Bars opening in [`from`, `to`], epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  /** Which end wins when there are more than `limit`. */
  readonly keep: "newest" | "oldest";
}

/**
 * The bars of one market up to now: those of the source that have closed, and the one that trades are forming.
 *
 * Bars of the source are served as they are. Longer bars are folded from them when asked for; shorter ones exist only
 * since the exchange started, folded from the trades it made.
 */
export class BarSeries {
  readonly #base: Bars;
  readonly #baseMs: number;
  /** Bars of the source that have closed. */
  #closed: number;
  #forming: BarRow | undefined;
  /** Minutes since the start, kept when the source's bars are longer. */
  readonly #minutes: BarRow[] = [];
  readonly #opensAtClose: boolean;

  /** `opensAt`: where a bar opens that trades form; `close`: at the close before it, as on Bybit. */
  constructor(base: Bars, closed: number, opensAt: "trade" | "close" = "trade") {
    this.#opensAtClose = opensAt === "close";
    this.#base = base;
    this.#baseMs = intervalMs(base.interval);
    this.#closed = closed;
  }

  /** The bar that is forming, if a trade has begun it. */
  get forming(): BarRow | undefined {
    return this.#forming;
  }

  /** Books a trade at `time`. */
  trade(time: number, price: number, volume: number, turnover: number): void {
    const opening = openingOf(time, this.#base.interval);
    if (this.#forming?.time !== opening) {
      const before = this.#opensAtClose ? this.#base.close[this.#closed - 1] : undefined;
      this.#forming = fresh(opening, before ?? price);
    }
    extend(this.#forming, price, volume, turnover);
    if (this.#baseMs <= intervalMs("1")) return;
    const minute = openingOf(time, "1");
    let last = this.#minutes.at(-1);
    if (last?.time !== minute) {
      last = fresh(minute, price);
      this.#minutes.push(last);
    }
    extend(last, price, volume, turnover);
  }

  /** The forming bar is as the source says. */
  take(row: BarRow): void {
    this.#forming = { ...row };
  }

  /** The source's next bar has closed. */
  close(): void {
    this.#closed += 1;
    this.#forming = undefined;
  }

  /**
   * Bars ascending in time, the forming one last where the query reaches it.
   *
   * `map` turns each of the source's bars into another before they are folded, e.g. into bars of the mark price.
   */
  rows(query: SeriesQuery, map: (row: BarRow) => BarRow = (row) => row): BarRow[] {
    const { from } = query;
    const finer = query.interval !== "M" && longestMs(query.interval) < this.#baseMs;
    const count = finer ? this.#minutes.length : this.#closed + (this.#forming ? 1 : 0);
    const timeAt = finer ? (i: number) => this.#minutes[i]!.time : (i: number) => this.#timeAt(i);
    const rowAt = (i: number) => map(finer ? this.#minutes[i]! : this.#rowAt(i));
    const span = longestMs(query.interval) * query.limit;
    const newest = count === 0 ? 0 : timeAt(count - 1);
    const low =
      query.keep === "newest" ? Math.max(from, openingOf(Math.min(query.to, newest), query.interval) - span) : from;
    const high =
      query.keep === "oldest" ? Math.min(query.to, Math.max(from, timeOfFirst(count, timeAt)) + span) : query.to;
    const rows = fold(query.interval, { first: firstAt(count, timeAt, low), count, rowAt, low, high });
    return query.keep === "newest" ? rows.slice(-query.limit) : rows.slice(0, query.limit);
  }

  /** The bar of `interval` that holds `time`, as far as it has formed. */
  current(interval: WireInterval, time: number): BarRow | undefined {
    const opening = openingOf(time, interval);
    return this.rows({ interval, from: opening, to: opening, limit: 1, keep: "newest" })[0];
  }

  #timeAt(i: number): number {
    return i < this.#closed ? this.#base.time[i]! : this.#forming!.time;
  }

  #rowAt(i: number): BarRow {
    if (i >= this.#closed) return this.#forming!;
    return rowOf(this.#base, i);
  }

  /** First index whose bar opens at or after `time`, among those that have closed. */
  indexAt(time: number): number {
    return Math.min(lowerBound(this.#base.time, time), this.#closed);
  }
}

/** Bar `i` of `bars`; its turnover is that of the mean price where none is known. */
export function rowOf(bars: Bars, i: number): BarRow {
  const { time, open, high, low, close, volume, turnover } = bars;
  const value = turnover[i]!;
  return {
    time: time[i]!,
    open: open[i]!,
    high: high[i]!,
    low: low[i]!,
    close: close[i]!,
    volume: volume[i]!,
    turnover: Number.isNaN(value) ? volume[i]! * ((open[i]! + high[i]! + low[i]! + close[i]!) / 4) : value,
  };
}

function fresh(time: number, price: number): BarRow {
  return { time, open: price, high: price, low: price, close: price, volume: 0, turnover: 0 };
}

function extend(row: BarRow, price: number, volume: number, turnover: number): void {
  row.high = Math.max(row.high, price);
  row.low = Math.min(row.low, price);
  row.close = price;
  row.volume += volume;
  row.turnover += turnover;
}

function timeOfFirst(count: number, timeAt: (i: number) => number): number {
  return count === 0 ? 0 : timeAt(0);
}

/** First index in [0, count) whose time is ≥ `time`. */
function firstAt(count: number, timeAt: (i: number) => number, time: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeAt(middle) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Folds bars into bars of `interval` whose openings lie in [low, high]. */
function fold(
  interval: WireInterval,
  span: { first: number; count: number; rowAt: (i: number) => BarRow; low: number; high: number },
): BarRow[] {
  const rows: BarRow[] = [];
  let row: BarRow | undefined;
  let next = Number.NEGATIVE_INFINITY;
  for (let i = span.first; i < span.count; i++) {
    const bar = span.rowAt(i);
    if (bar.time >= next) {
      const opening = openingOf(bar.time, interval);
      next = nextOpening(opening, interval);
      if (opening > span.high) break;
      row = opening < span.low ? undefined : { ...bar, time: opening };
      if (row) rows.push(row);
      continue;
    }
    if (!row) continue;
    row.high = Math.max(row.high, bar.high);
    row.low = Math.min(row.low, bar.low);
    row.close = bar.close;
    row.volume += bar.volume;
    row.turnover += bar.turnover;
  }
  return rows;
}
