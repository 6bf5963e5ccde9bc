import type { Bars } from "../../model/bar.ts";
import { type DrawdownTable, drawdownTable } from "./drawdown-table.ts";

/**
 * What a sweep needs to know of the market, once for all parameter sets: sums of returns from which the statistics
 * of any holding period follow by subtraction.
 *
 * A position that is all of the equity moves exactly with the price, so the returns of the bars inside a holding
 * period do not depend on the parameter set at all.
 */
export interface SweepTables {
  readonly length: number;
  readonly close: Float64Array;
  /** Price at which a fill in bar `i` happens, before slippage. */
  readonly fillPrice: Float64Array;
  /** Bar in which a signal of bar `i` fills; `length` if there is none. */
  readonly fillBar: Int32Array;
  /** Row `k` holds Σ r, Σ r², Σ min(r, 0)² over the bars before `k`, r = close / previous close − 1. */
  readonly sums: Float64Array;
  /** Drawdown of the close over any span; made on first use, as many objectives never ask. */
  drawdown(): DrawdownTable;
}

/** Entries per row of `sums`. */
export const SUMS = 3;

/** Builds the tables for fills at the next open (`delay` 1) or at the signal's own close (`delay` 0). */
export function sweepTables(bars: Bars, delay: 0 | 1): SweepTables {
  const { length, close, open, volume } = bars;
  const sums = new Float64Array((length + 1) * SUMS);
  let sum = 0;
  let squares = 0;
  let downside = 0;
  for (let i = 0, k = 0; i < length; i++) {
    const r = i === 0 ? 0 : close[i]! / close[i - 1]! - 1;
    sum += r;
    squares += r * r;
    if (r < 0) downside += r * r;
    k += SUMS;
    sums[k] = sum;
    sums[k + 1] = squares;
    sums[k + 2] = downside;
  }
  let drawdown: DrawdownTable | undefined;
  return {
    length,
    close,
    fillPrice: delay === 1 ? open : close,
    fillBar: fillBars(volume, delay),
    sums,
    drawdown() {
      drawdown ??= drawdownTable(close);
      return drawdown;
    },
  };
}

/** A bar without volume fills nothing: the order waits for the next bar that trades. */
function fillBars(volume: Float64Array, delay: 0 | 1): Int32Array {
  const length = volume.length;
  const bars = new Int32Array(length);
  let next = length;
  for (let i = length - 1; i >= 0; i--) {
    if (delay === 1) bars[i] = next;
    if (volume[i]! > 0) next = i;
    if (delay === 0) bars[i] = next;
  }
  return bars;
}
