/** Lowest, highest and last value of the span of a curve that falls on one column of a picture. */
export interface Span {
  readonly low: number;
  readonly high: number;
  readonly last: number;
}

/** `values` as `columns` spans. With fewer values than columns they are joined by straight lines. */
export function spans(values: Float64Array, columns: number): Span[] {
  const length = values.length;
  if (length === 0) return [];
  if (length <= columns) {
    return Array.from({ length: columns }, (_, column) => {
      const at = columns === 1 ? length - 1 : (column * (length - 1)) / (columns - 1);
      const before = values[Math.floor(at)]!;
      const after = values[Math.ceil(at)]!;
      const value = before + (after - before) * (at - Math.floor(at));
      return { low: value, high: value, last: value };
    });
  }
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * length) / columns);
    const to = Math.floor(((column + 1) * length) / columns);
    let low = values[from]!;
    let high = low;
    for (let i = from + 1; i < to; i++) {
      const value = values[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return { low, high, last: values[to - 1]! };
  });
}
