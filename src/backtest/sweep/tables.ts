import type { Bars } from "../../model/bar.ts";
import { type MemoryKind, memoryOf } from "./memory.ts";

/**
 * What a sweep needs to know of the market, once for all parameter sets: sums of returns from which the statistics
 * of any holding period follow by subtraction. Plain columns that threads can share.
 *
 * A position that is all of the equity moves exactly with the price, so the returns of the bars inside a holding
 * period do not depend on the parameter set at all.
 */
export interface SweepTables {
  readonly length: number;
  /** Bars between a signal and its fill: 1 at the next open, 0 at the signal's own close. */
  readonly delay: 0 | 1;
  readonly close: Float64Array;
  /**
   * Per bar a row of `ROW` numbers, side by side because a trade reads them together: the price a fill in this bar
   * gets before slippage, the close, and Σ r, Σ r² of r = close / previous close − 1 up to this bar.
   */
  readonly rows: Float64Array;
  /** Bar in which a signal of bar `i` fills, `length` for none; `null` when that is always `i + delay`. */
  readonly fillBar: Int32Array | null;
  /** Σ min(r, 0)² up to each bar; `null` unless it was asked for. */
  readonly downside: Float64Array | null;
}

export interface TableOptions {
  readonly delay: 0 | 1;
  readonly withDownside: boolean;
  /** Default `own`. */
  readonly memory?: MemoryKind;
}

/** Numbers per row of `rows`: half a cache line. */
export const ROW = 4;

export function sweepTables(bars: Bars, { delay, withDownside, memory = "own" }: TableOptions): SweepTables {
  const { length, close, open, volume } = bars;
  const fill = delay === 1 ? open : close;
  const rows = new Float64Array(memoryOf(memory, length * ROW * 8));
  let [sum, lost, squares, lostSquares] = [0, 0, 0, 0]; // Kahan: rounded once, so that differences of sums stay sharp
  let last = close[0]!;
  for (let i = 0, k = 0; i < length; i++, k += ROW) {
    const price = close[i]!;
    const r = price / last - 1;
    last = price;
    const next = sum + (r + lost);
    lost = r + lost - (next - sum);
    sum = next;
    const nextSquares = squares + (r * r + lostSquares);
    lostSquares = r * r + lostSquares - (nextSquares - squares);
    squares = nextSquares;
    rows[k] = fill[i]!;
    rows[k + 1] = price;
    rows[k + 2] = sum;
    rows[k + 3] = squares;
  }
  const downside = withDownside ? downsideOf(close, memory) : null;
  return { length, delay, close, rows, fillBar: fillBars(volume, delay, memory), downside };
}

function downsideOf(close: Float64Array, memory: MemoryKind): Float64Array {
  const sums = new Float64Array(memoryOf(memory, close.length * 8));
  let [sum, lost] = [0, 0];
  for (let i = 1; i < close.length; i++) {
    const fall = Math.min(close[i]! / close[i - 1]! - 1, 0);
    const next = sum + (fall * fall + lost);
    lost = fall * fall + lost - (next - sum);
    sum = next;
    sums[i] = sum;
  }
  return sums;
}

/** A bar without volume fills nothing: the order waits for the next bar that trades. Unknown volume trades. */
function fillBars(volume: Float64Array, delay: 0 | 1, memory: MemoryKind): Int32Array | null {
  const length = volume.length;
  if (!volume.includes(0)) return null;
  const bars = new Int32Array(memoryOf(memory, length * 4));
  let next = length;
  for (let i = length - 1; i >= 0; i--) {
    if (delay === 1) bars[i] = next;
    if (volume[i] !== 0) next = i;
    if (delay === 0) bars[i] = next;
  }
  return bars;
}
