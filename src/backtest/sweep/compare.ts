import type { Bits } from "../../core/bits.ts";

/** Comparisons that are false wherever a side is undefined (`NaN`). */
export type Comparison = "above" | "below" | "atLeast" | "atMost";

/** Extremes of a column per word of 32 bars, so that most words of a threshold's bits are known without looking. */
export interface WordRanges {
  /** `-Infinity` where a bar of the word is undefined: such words are always looked at. */
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
}

export function wordRanges(column: Float64Array): WordRanges {
  const words = (column.length + 31) >>> 5;
  const lowest = new Float64Array(words);
  const highest = new Float64Array(words);
  for (let w = 0; w < words; w++) {
    const end = Math.min(column.length, (w + 1) << 5);
    let low = Infinity;
    let high = -Infinity;
    let defined = true;
    for (let i = w << 5; i < end; i++) {
      const x = column[i]!;
      if (x < low) low = x;
      if (x > high) high = x;
      if (x !== x) defined = false;
    }
    lowest[w] = defined ? low : -Infinity;
    highest[w] = defined ? high : Infinity;
  }
  return { lowest, highest };
}

/** Writes the bits of `column` compared with `threshold`; the same bits as comparing bar by bar. */
export function compareThreshold(
  out: Bits,
  column: Float64Array,
  ranges: WordRanges,
  comparison: { is: Comparison; threshold: number },
): void {
  const { is, threshold } = comparison;
  const { lowest, highest } = ranges;
  const length = column.length;
  const whole = length >>> 5;
  for (let w = 0; w < out.length; w++) {
    const never = isNever(is, threshold, lowest[w]!, highest[w]!);
    if (never) out[w] = 0;
    else if (w < whole && isAlways(is, threshold, lowest[w]!, highest[w]!)) out[w] = -1;
    else out[w] = compareWord(column, threshold, is, w << 5, Math.min(length, (w + 1) << 5));
  }
}

function isNever(is: Comparison, threshold: number, lowest: number, highest: number): boolean {
  switch (is) {
    case "above":
      return highest <= threshold;
    case "atLeast":
      return highest < threshold;
    case "below":
      return lowest >= threshold;
    case "atMost":
      return lowest > threshold;
  }
}

function isAlways(is: Comparison, threshold: number, lowest: number, highest: number): boolean {
  switch (is) {
    case "above":
      return lowest > threshold;
    case "atLeast":
      return lowest >= threshold;
    case "below":
      return highest < threshold;
    case "atMost":
      return highest <= threshold;
  }
}

function compareWord(column: Float64Array, threshold: number, is: Comparison, from: number, to: number): number {
  let word = 0;
  let bit = 1;
  if (is === "above") for (let i = from; i < to; i++, bit <<= 1) word |= column[i]! > threshold ? bit : 0;
  else if (is === "below") for (let i = from; i < to; i++, bit <<= 1) word |= column[i]! < threshold ? bit : 0;
  else if (is === "atLeast") for (let i = from; i < to; i++, bit <<= 1) word |= column[i]! >= threshold ? bit : 0;
  else for (let i = from; i < to; i++, bit <<= 1) word |= column[i]! <= threshold ? bit : 0;
  return word;
}
