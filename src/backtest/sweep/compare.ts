import type { Bits } from "../../core/bits.ts";
import { COMPARE, type CompareLoop } from "../../strategy/bitloops.ts";

/** Comparisons of a column with a number; false wherever the column is undefined (`NaN`). */
export type Comparison = "above" | "below" | "atLeast" | "atMost";

/** Extremes of a column per word of 32 bars, so that most words of a threshold's bits are known without looking. */
export interface WordRanges {
  /** `-Infinity` where a bar of the word is undefined: such words are always looked at. */
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
}

export function wordRanges(column: Float64Array, length = column.length): WordRanges {
  const words = (length + 31) >>> 5;
  const lowest = new Float64Array(words);
  const highest = new Float64Array(words);
  for (let w = 0; w < words; w++) {
    const end = Math.min(length, (w + 1) << 5);
    let low = Infinity;
    let high = -Infinity;
    for (let i = w << 5; i < end; i++) {
      low = Math.min(low, column[i]!); // keeps NaN
      high = Math.max(high, column[i]!);
    }
    const defined = low === low;
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
  comparison: { is: Comparison; threshold: number; length?: number },
): void {
  const { is, threshold, length = column.length } = comparison;
  const loop = LOOPS[is];
  const { lowest, highest } = ranges;
  const whole = length >>> 5;
  for (let w = 0; w < lowest.length; w++) {
    const low = lowest[w]!;
    const high = highest[w]!;
    if (isNever(is, threshold, low, high)) out[w] = 0;
    else if (w < whole && isAlways(is, threshold, low, high)) out[w] = -1;
    else {
      out[w] = 0;
      loop(out, column, threshold, w << 5, w < whole ? (w + 1) << 5 : length);
    }
  }
}

type ThresholdLoop = (out: Bits, column: Float64Array, threshold: number, from: number, to: number) => void;

const swapped =
  (loop: CompareLoop): ThresholdLoop =>
  (out, column, threshold, from, to) =>
    loop(out, threshold, column, from, to);

const LOOPS: Readonly<Record<Comparison, ThresholdLoop>> = {
  above: COMPARE.gt.right,
  atLeast: COMPARE.ge.right,
  below: swapped(COMPARE.gt.left),
  atMost: swapped(COMPARE.ge.left),
};

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
