import { ArgumentError } from "../core/errors.ts";

/** Equally long columns. */
export type Columns = readonly Float64Array[];

/**
 * One indicator's recurrence over columns: the same loop for a whole history and for the next bar.
 *
 * It owns its state; use one kernel per series.
 */
export interface Kernel {
  /** Number of leading `NaN` outputs, one entry per output column. */
  readonly warmup: readonly number[];
  /**
   * Writes `out[k][from..to)`, reading `src[k][0..to)` only. Calls are contiguous: this `from` is the last `to`.
   *
   * After the warm-up an output is `NaN` only where the indicator is undefined (a range of zero, no volume).
   */
  extend(src: Columns, out: Columns, from: number, to: number): void;
}

/** Runs a fresh kernel over whole columns; one result per output, each as long as the sources. */
export function batch(kernel: Kernel, ...src: Float64Array[]): Float64Array[] {
  const length = src[0]?.length ?? 0;
  const out = kernel.warmup.map(() => new Float64Array(length));
  kernel.extend(src, out, 0, length);
  return out;
}

/** @throws ArgumentError `PERIOD` unless `period` is an integer ≥ `least` */
export function checkPeriod(period: number, least = 1): void {
  if (!Number.isInteger(period) || period < least) {
    throw new ArgumentError("PERIOD", `period must be an integer ≥ ${least}, was ${period}`, { period, least });
  }
}
