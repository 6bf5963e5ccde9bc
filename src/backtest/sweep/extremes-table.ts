/** Bounds of a price over any span, at once. */
export interface ExtremesTable {
  /** Blocks of `1 << EXTREMES_BITS` bars. */
  readonly blocks: number;
  /**
   * At `2 × (k × blocks + b)` the lowest, and behind it the highest, of the 2^k blocks from `b` on. Two overlapping entries
   * cover any run of blocks: that bounds what happens in a span of bars.
   */
  readonly entries: Float64Array;
}

export const EXTREMES_BITS = 6;

export function extremesTable(price: Float64Array): ExtremesTable {
  const blocks = (price.length + (1 << EXTREMES_BITS) - 1) >>> EXTREMES_BITS;
  const levels = Math.max(1, 32 - Math.clz32(blocks));
  const entries = new Float64Array(2 * levels * blocks);
  for (let b = 0; b < blocks; b++) {
    let low = Infinity;
    let high = -Infinity;
    const end = Math.min(price.length, (b + 1) << EXTREMES_BITS);
    for (let i = b << EXTREMES_BITS; i < end; i++) {
      if (price[i]! < low) low = price[i]!;
      if (price[i]! > high) high = price[i]!;
    }
    entries[2 * b] = low;
    entries[2 * b + 1] = high;
  }
  for (let k = 1; k < levels; k++) {
    const half = 1 << (k - 1);
    for (let b = 0; b + 2 * half <= blocks; b++) {
      const at = 2 * (k * blocks + b);
      const left = 2 * ((k - 1) * blocks + b);
      const right = left + 2 * half;
      entries[at] = Math.min(entries[left]!, entries[right]!);
      entries[at + 1] = Math.max(entries[left + 1]!, entries[right + 1]!);
    }
  }
  return { blocks, entries };
}
