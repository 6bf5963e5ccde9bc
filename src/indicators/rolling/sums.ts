/*
 * Window sums without drift. Bars are cut into blocks of `period` at fixed places (0, period, 2 period, ...). A window
 * that ends in a block is the tail of the block before plus the head of this one: tails are summed once when a block
 * begins, the head grows by one bar. Nothing is ever subtracted, so an outlier leaves no trace once it is out of the
 * window, `NaN` passes through as if summed afresh, and no result depends on how the calls are cut.
 */

/** A table of `period` tails for {@link fillTails}; `NaN` until there is a block to look back on. */
export function newTails(period: number): Float64Array {
  const tails = new Float64Array(period).fill(NaN);
  tails[0] = 0;
  return tails;
}

/** `tails[m]` becomes the sum of `x - pivot` over the `m` bars before `end`. */
export function fillTails(tails: Float64Array, x: Float64Array, end: number, pivot: number): void {
  let sum = 0;
  for (let m = 1; m < tails.length; m++) {
    sum += x[end - m]! - pivot;
    tails[m] = sum;
  }
}

/** As {@link fillTails}; `weighted[m]` counts those `m` values 1, 2, … m times, the newest most. */
export function fillWeightedTails(
  tables: { sums: Float64Array; weighted: Float64Array },
  x: Float64Array,
  end: number,
  pivot: number,
): void {
  const { sums, weighted } = tables;
  let sum = 0;
  let total = 0;
  for (let m = 1; m < sums.length; m++) {
    sum += x[end - m]! - pivot;
    total += sum;
    sums[m] = sum;
    weighted[m] = total;
  }
}
