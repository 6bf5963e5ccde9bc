import { ArgumentError } from "../../core/errors.ts";
import { type Interval, MINUTE_MS } from "../../core/time.ts";
import { BAR_COLUMNS, type BarColumn, type Bars } from "../../model/bar.ts";
import type { BarRow } from "./series.ts";

/** Bars that more are added to at the end: `length` and the columns are those of now, what is closed stays as it is. */
export class GrowingBars implements Bars {
  readonly symbol: string;
  readonly interval: Interval;
  length: number;
  time!: Float64Array;
  open!: Float64Array;
  high!: Float64Array;
  low!: Float64Array;
  close!: Float64Array;
  volume!: Float64Array;
  turnover!: Float64Array;
  /** The columns with room behind their end. */
  #roomy: Record<BarColumn, Float64Array>;

  /** Begins with the first `count` of `bars`. */
  constructor(bars: Bars, count: number) {
    this.symbol = bars.symbol;
    this.interval = bars.interval;
    this.length = count;
    this.#roomy = roomier((name) => bars[name].subarray(0, count), count);
    this.#cut();
  }

  push(row: BarRow): void {
    if (this.length === this.#roomy.time.length) this.#roomy = roomier((name) => this.#roomy[name], this.length);
    for (const name of BAR_COLUMNS) this.#roomy[name][this.length] = row[name];
    this.length += 1;
    this.#cut();
  }

  #cut(): void {
    for (const name of BAR_COLUMNS) this[name] = this.#roomy[name].subarray(0, this.length);
  }
}

function roomier(columnOf: (name: BarColumn) => Float64Array, length: number): Record<BarColumn, Float64Array> {
  const roomy = (name: BarColumn) => {
    const column = new Float64Array(length + Math.max(1_440, length));
    column.set(columnOf(name));
    return column;
  };
  return Object.fromEntries(BAR_COLUMNS.map((name) => [name, roomy(name)])) as Record<BarColumn, Float64Array>;
}

/** @throws ArgumentError `FEED` unless `bars` are minutes without a gap, one closed at least and one running at most */
export function requireHistory(bars: Bars, closed: number): void {
  const { length, time, interval } = bars;
  const isWhole = time.every((opening, i) => i === 0 || opening - time[i - 1]! === MINUTE_MS);
  if (interval === "1" && closed > 0 && length - closed <= 1 && isWhole) return;
  const fact = `the history of a fed market is closed minutes without a gap up to the start, was ${length} of ${interval}`;
  throw new ArgumentError("FEED", `${fact}, ${closed} of them closed`, { symbol: bars.symbol });
}
