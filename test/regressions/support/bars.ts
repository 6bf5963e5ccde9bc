import { HOUR_MS } from "../../../src/core/time.ts";
import { type Bars, barsOf } from "../../../src/model/bar.ts";

/** Open, high, low, close; or all four at once. */
export type Row = readonly [open: number, high: number, low: number, close: number] | number;

/** Hourly bars from 2024-01-01. */
export function hours(rows: readonly Row[]): Bars {
  const each = rows.map((row) => (typeof row === "number" ? [row, row, row, row] : row) as readonly number[]);
  const column = (k: number) => Float64Array.from(each, (row) => row[k]!);
  const time = Float64Array.from(rows, (_, i) => Date.UTC(2024, 0, 1) + i * HOUR_MS);
  const volume = new Float64Array(rows.length).fill(1_000);
  return barsOf(
    { symbol: "BTCUSDT", interval: "60" },
    { time, open: column(0), high: column(1), low: column(2), close: column(3), volume },
  );
}
