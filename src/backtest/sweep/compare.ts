import type { Bits } from "../../core/bits.ts";
import { inBlocks } from "./blocks.ts";

/** Comparisons of a column with a number; false wherever the column is undefined (`NaN`). */
export const COMPARISONS = ["above", "below", "atLeast", "atMost"] as const;
export type Comparison = (typeof COMPARISONS)[number];

const OPERATORS: Readonly<Record<Comparison, string>> = { above: ">", below: "<", atLeast: ">=", atMost: "<=" };

/** Several bit columns of equal length in one array: column `k` is the `words` words from `starts[k]` on. */
export interface BitColumns {
  readonly memory: Bits;
  readonly starts: readonly number[];
  readonly words: number;
}

/**
 * Writes the bits of `column` compared with each of `thresholds`; the same bits as comparing bar by bar.
 *
 * Who is below 20 is below 25 too. So the widest threshold is compared with every bar. Each bar it lets through is noted
 * at the narrowest threshold it passes, found in a table, and the wider columns then take over the bits of the narrower.
 * Ten thresholds take three times as long as one.
 */
export function compareThresholds(
  column: Float64Array,
  is: Comparison,
  thresholds: readonly number[],
  out: BitColumns,
): void {
  const upwards = is === "above" || is === "atLeast" ? 1 : -1;
  const order = thresholds.map((_, k) => k).filter((k) => !Number.isNaN(thresholds[k]));
  order.sort((a, b) => upwards * (thresholds[a]! - thresholds[b]!));
  for (const start of out.starts) out.memory.fill(0, start, start + out.words);
  if (order.length === 0) return;
  const widestFirst = Float64Array.from(order, (k) => thresholds[k]!);
  const cells = cellsOf(widestFirst);
  const places = { memory: out.memory, starts: Int32Array.from(order, (k) => out.starts[k]!) };
  const loop = LOOPS[is];
  inBlocks(0, column.length, (from, to) => loop(column.subarray(from, to), widestFirst, cells, places, from >>> 5));
}

/** Where to look for the narrowest threshold that a value passes: not beyond `levels[(value − first) × scale]`. */
interface Cells {
  readonly scale: number;
  readonly levels: Uint8Array;
}

const CELLS = 512;

/**
 * A cell knows how many thresholds its values pass at least. It says one cell's less, so that rounding at its borders
 * does no harm; the loop takes the last steps itself.
 */
function cellsOf(widestFirst: Float64Array): Cells {
  const first = widestFirst[0]!;
  const range = widestFirst.at(-1)! - first;
  const levels = new Uint8Array(CELLS + 1);
  const scale = (CELLS - 1) / range;
  if (!Number.isFinite(scale) || scale === 0) return { scale: 0, levels };
  for (let t = 1; t < widestFirst.length; t++) {
    const cell = Math.ceil((widestFirst[t]! - first) * scale) + 2;
    if (cell <= CELLS) levels.fill(Math.min(t, 255), cell);
  }
  return { scale, levels };
}

/** Bits must be 0 before. The column's first bit goes to word `word0`. */
type Loop = (
  column: Float64Array,
  thresholds: Float64Array,
  cells: Cells,
  out: { readonly memory: Bits; readonly starts: Int32Array },
  word0: number,
) => void;

// Written as text per comparison: a shared loop with the operator as a parameter runs at a third of the speed.
function thresholdLoop(operator: string): Loop {
  const four = [0, 1, 2, 3].map((u) => `(column[i + k + ${u}] ${operator} widest) << ${u}`).join(" | ");
  const code = `
    const { scale, levels } = cells, { memory, starts } = out;
    const length = column.length, last = thresholds.length - 1, widest = thresholds[0], first = starts[0];
    for (let i = 0, w = word0; i < length; i += 32, w++) {
      let word = 0;
      if (i + 32 <= length) for (let k = 0; k < 32; k += 4) word |= (${four}) << k;
      else for (let k = 0; i + k < length; k++) word |= (column[i + k] ${operator} widest) << k;
      if (word === 0) continue;
      memory[first + w] = word;
      if (last === 0) continue;
      let deepest = 0;
      for (let rest = word; rest !== 0; rest &= rest - 1) {
        const bit = rest & -rest;
        const value = column[i + 31 - Math.clz32(bit)];
        const cell = ((value - widest) * scale) >>> 0;
        let level = levels[cell < ${CELLS} ? cell : ${CELLS}];
        while (level < last && value ${operator} thresholds[level + 1]) level++;
        if (level > deepest) deepest = level;
        memory[starts[level] + w] |= bit;
      }
      let narrower = 0;
      for (let level = deepest; level > 0; level--) {
        const at = starts[level] + w;
        narrower |= memory[at];
        memory[at] = narrower;
      }
    }`;
  return new Function("column", "thresholds", "cells", "out", "word0", code) as Loop;
}

const LOOPS = Object.fromEntries(
  Object.entries(OPERATORS).map(([name, operator]) => [name, thresholdLoop(operator)]),
) as Readonly<Record<Comparison, Loop>>;
