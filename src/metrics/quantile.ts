/** `values` in ascending order, as a new array. */
export function ascending(values: Float64Array): Float64Array {
  return values.slice().sort();
}

/** The quantile of ascending `sorted` by linear interpolation (type 7, the default of R and numpy); `NaN` of none. */
export function quantile(sorted: Float64Array, probability: number): number {
  const at = (sorted.length - 1) * probability;
  const below = Math.floor(at);
  const low = sorted[below] ?? NaN;
  const high = sorted[below + 1] ?? low;
  return low + (high - low) * (at - below);
}
