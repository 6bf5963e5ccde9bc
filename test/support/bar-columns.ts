import { type Random, random } from "../../src/core/random.ts";
import type { BarField } from "../../src/indicators/indicator.ts";

/** Bar columns by field, all of one length. */
export type BarColumns = Record<BarField, Float64Array>;

/** Varied hourly bars from 2024-01-01 00:00 UTC: a seeded walk, every bar with a range and volume. */
export function variedBars(length: number, seed: number | string, start = 20_000): BarColumns {
  const chance: Random = random(seed);
  const columns = emptyBars(length);
  let price = start;
  for (let i = 0; i < length; i++) {
    const open = price;
    price *= Math.exp(0.01 * chance.normal());
    columns.open[i] = open;
    columns.close[i] = price;
    columns.high[i] = Math.max(open, price) * (1.0001 + 0.005 * chance.next());
    columns.low[i] = Math.min(open, price) * (0.9999 - 0.005 * chance.next());
    columns.volume[i] = 1 + 100 * chance.next();
  }
  return columns;
}

/** Hourly bars that never move, with volume. */
export function flatBars(length: number, price: number): BarColumns {
  const columns = emptyBars(length);
  for (const field of ["open", "high", "low", "close"] as const) columns[field].fill(price);
  columns.volume.fill(10);
  return columns;
}

function emptyBars(length: number): BarColumns {
  const column = () => new Float64Array(length);
  const time = Float64Array.from({ length }, (_, i) => Date.UTC(2024, 0, 1) + i * 3_600_000);
  return { time, open: column(), high: column(), low: column(), close: column(), volume: column() };
}
