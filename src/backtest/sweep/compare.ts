import type { Bits } from "../../core/bits.ts";

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
 * Who is below 20 is below 25 too. So the widest threshold is compared with every bar, and each narrower one only with
 * those that are left of the one before: most bars pass none of an oscillator's thresholds.
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
  LOOPS[is](
    column,
    widestFirst,
    out.memory,
    Int32Array.from(order, (k) => out.starts[k]!),
  );
}

/** Bits must be 0 before. */
type Loop = (column: Float64Array, thresholds: Float64Array, memory: Bits, starts: Int32Array) => void;

// Written as text per comparison: a shared loop with the operator as a parameter runs at a third of the speed.
function nestedLoop(operator: string): Loop {
  const four = [0, 1, 2, 3].map((u) => `(column[i + k + ${u}] ${operator} widest) << ${u}`).join(" | ");
  const code = `
    const length = column.length, count = thresholds.length, widest = thresholds[0], first = starts[0];
    for (let i = 0, w = 0; i < length; i += 32, w++) {
      let word = 0;
      if (i + 32 <= length) for (let k = 0; k < 32; k += 4) word |= (${four}) << k;
      else for (let k = 0; i + k < length; k++) word |= (column[i + k] ${operator} widest) << k;
      if (word === 0) continue;
      memory[first + w] = word;
      for (let t = 1; t < count; t++) {
        const threshold = thresholds[t];
        let left = 0;
        for (let rest = word; rest !== 0; rest &= rest - 1) {
          const k = 31 - Math.clz32(rest & -rest);
          left |= (column[i + k] ${operator} threshold) << k;
        }
        if (left === 0) break;
        memory[starts[t] + w] = word = left;
      }
    }`;
  return new Function("column", "thresholds", "memory", "starts", code) as Loop;
}

const LOOPS = Object.fromEntries(
  Object.entries(OPERATORS).map(([name, operator]) => [name, nestedLoop(operator)]),
) as Readonly<Record<Comparison, Loop>>;
