import type { Bits } from "../../core/bits.ts";

/** Comparisons of a column with a number; false wherever the column is undefined (`NaN`). */
export const COMPARISONS = ["above", "below", "atLeast", "atMost"] as const;
export type Comparison = (typeof COMPARISONS)[number];

const OPERATORS: Readonly<Record<Comparison, string>> = { above: ">", below: "<", atLeast: ">=", atMost: "<=" };
/** Thresholds compared in one pass: more share the reading of the column, but there are only so many registers. */
const LANES = 3;
const UNROLLED = 4;

/** Writes the bits of `column` compared with each of `thresholds`; the same bits as comparing bar by bar. */
export function compareThresholds(
  column: Float64Array,
  is: Comparison,
  thresholds: readonly number[],
  out: readonly Bits[],
): void {
  const loop = LOOPS[is];
  for (let k = 0; k < thresholds.length; k += LANES) {
    const lanes = Array.from({ length: LANES }, (_, j) => Math.min(k + j, thresholds.length - 1)); // the last one again
    loop(
      column,
      lanes.map((lane) => thresholds[lane]!),
      lanes.map((lane) => out[lane]!),
    );
  }
}

type Loop = (column: Float64Array, thresholds: readonly number[], out: readonly Bits[]) => void;

function thresholdLoop(operator: string): Loop {
  const each = (text: (j: number) => string) => Array.from({ length: LANES }, (_, j) => text(j)).join(" ");
  const four = (text: (u: number) => string, between: string) =>
    Array.from({ length: UNROLLED }, (_, u) => text(u)).join(between);
  const code = `
    ${each((j) => `const t${j} = thresholds[${j}], o${j} = out[${j}];`)}
    const length = column.length;
    let i = 0;
    for (; i + 32 <= length; i += 32) {
      ${each((j) => `let w${j} = 0;`)}
      for (let k = 0; k < 32; k += ${UNROLLED}) {
        ${four((u) => `const x${u} = column[i + k + ${u}];`, " ")}
        ${each((j) => `w${j} |= (${four((u) => `(x${u} ${operator} t${j}) << ${u}`, " | ")}) << k;`)}
      }
      ${each((j) => `o${j}[i >>> 5] = w${j};`)}
    }
    if (i === length) return;
    ${each((j) => `let w${j} = 0;`)}
    for (let k = 0; i + k < length; k++) { const x = column[i + k]; ${each((j) => `w${j} |= (x ${operator} t${j}) << k;`)} }
    ${each((j) => `o${j}[i >>> 5] = w${j};`)}`;
  return new Function("column", "thresholds", "out", code) as Loop;
}

const LOOPS = Object.fromEntries(
  Object.entries(OPERATORS).map(([name, operator]) => [name, thresholdLoop(operator)]),
) as Readonly<Record<Comparison, Loop>>;
