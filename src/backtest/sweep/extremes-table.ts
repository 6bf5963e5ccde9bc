/** Lowest and highest of a price over any span, roughly at once and exactly in at most 128 steps. */
export interface ExtremesTable {
  /** Blocks of `1 << EXTREMES_BITS` bars. */
  readonly blocks: number;
  /**
   * At `2 × (k × blocks + b)` the lowest, and behind it the highest, of the 2^k blocks from `b` on. Two overlapping entries
   * cover any run of blocks: that bounds what happens in a span of bars.
   */
  readonly entries: Float64Array;
  /** The exact lowest of bars `from`…`to`, both inclusive. */
  lowest(from: number, to: number): number;
  highest(from: number, to: number): number;
}

export const EXTREMES_BITS = 6;

export function extremesTable(price: Float64Array): ExtremesTable {
  const blocks = (price.length + 63) >>> EXTREMES_BITS;
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
  return {
    blocks,
    entries,
    lowest(from, to) {
      const first = (from + 63) >>> EXTREMES_BITS;
      const count = ((to + 1) >>> EXTREMES_BITS) - first;
      if (count <= 0) return lowestOf(price, from, to + 1);
      const k = 31 - Math.clz32(count);
      const a = 2 * (k * blocks + first);
      const ends = Math.min(
        lowestOf(price, from, first << EXTREMES_BITS),
        lowestOf(price, (first + count) << EXTREMES_BITS, to + 1),
      );
      return Math.min(ends, entries[a]!, entries[a + 2 * (count - (1 << k))]!);
    },
    highest(from, to) {
      const first = (from + 63) >>> EXTREMES_BITS;
      const count = ((to + 1) >>> EXTREMES_BITS) - first;
      if (count <= 0) return highestOf(price, from, to + 1);
      const k = 31 - Math.clz32(count);
      const a = 2 * (k * blocks + first) + 1;
      const ends = Math.max(
        highestOf(price, from, first << EXTREMES_BITS),
        highestOf(price, (first + count) << EXTREMES_BITS, to + 1),
      );
      return Math.max(ends, entries[a]!, entries[a + 2 * (count - (1 << k))]!);
    },
  };
}

function lowestOf(price: Float64Array, from: number, end: number): number {
  let low = Infinity;
  for (let i = from; i < end; i++) if (price[i]! < low) low = price[i]!;
  return low;
}

function highestOf(price: Float64Array, from: number, end: number): number {
  let high = -Infinity;
  for (let i = from; i < end; i++) if (price[i]! > high) high = price[i]!;
  return high;
}
