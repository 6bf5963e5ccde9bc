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
  /** Bars between a signal and its fill: 1 at the next open, 0 at the signal's own close. */
  readonly delay: 0 | 1;
  /**
   * Per bar a row of `ROW` numbers, side by side because a trade reads them together: the price a fill in this bar
   * gets before slippage, the close, and Σ r, Σ r², Σ min(r, 0)² of r = close / previous close − 1 up to this bar.
   */
  readonly rows: Float64Array;
  /** Bar in which a signal of bar `i` fills, `length` for none; `null` when that is always `i + delay`. */
  readonly fillBar: Int32Array | null;
  /** Drawdown of the close over any span; made on first use, as many objectives never ask. */
  drawdown(): DrawdownTable;
}

/** Numbers per row of `rows`. */
export const ROW = 5;

export function sweepTables(bars: Bars, delay: 0 | 1): SweepTables {
  const { length, close, open, volume } = bars;
  const fill = delay === 1 ? open : close;
  const rows = new Float64Array(length * ROW);
  let sum = 0;
  let squares = 0;
  let downside = 0;
  for (let i = 0, k = 0; i < length; i++, k += ROW) {
    const r = i === 0 ? 0 : close[i]! / close[i - 1]! - 1;
    sum += r;
    squares += r * r;
    if (r < 0) downside += r * r;
    rows[k] = fill[i]!;
    rows[k + 1] = close[i]!;
    rows[k + 2] = sum;
    rows[k + 3] = squares;
    rows[k + 4] = downside;
  }
  let drawdown: DrawdownTable | undefined;
  return {
    length,
    delay,
    rows,
    fillBar: fillBars(volume, delay),
    drawdown() {
      drawdown ??= drawdownTable(close);
      return drawdown;
    },
  };
}

/** A bar without volume fills nothing: the order waits for the next bar that trades. */
function fillBars(volume: Float64Array, delay: 0 | 1): Int32Array | null {
  const length = volume.length;
  let quiet = 0;
  for (let i = 0; i < length; i++) quiet += Number(!(volume[i]! > 0));
  if (quiet === 0) return null;
  const bars = new Int32Array(length);
  let next = length;
  for (let i = length - 1; i >= 0; i--) {
    if (delay === 1) bars[i] = next;
    if (volume[i]! > 0) next = i;
    if (delay === 0) bars[i] = next;
  }
  return bars;
}
