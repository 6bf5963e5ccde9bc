import { FORMULAS, type Formula } from "./formula.ts";

type Source = Float64Array | number;
/** Writes `out[from..to)` from columns or constants. `b` is not read by formulas of one input. */
export type FormulaLoop = (out: Float64Array, a: Source, b: Source, from: number, to: number) => void;

export interface FormulaLoops {
  readonly columns: FormulaLoop;
  readonly right: FormulaLoop;
  readonly left: FormulaLoop;
}

function loop(expression: string, a: string, b: string): FormulaLoop {
  const code = `for (let i = from; i < to; i++) { const x = ${a}, y = ${b}; out[i] = ${expression}; }`;
  return new Function("out", "a", "b", "from", "to", code) as FormulaLoop;
}

/** Loops of each formula for column and column, column and constant, constant and column. */
export const COLUMN_LOOPS = Object.fromEntries(
  Object.entries(FORMULAS).map(([name, text]) => [
    name,
    {
      columns: loop(text("x", "y"), "a[i]", text.length > 1 ? "b[i]" : "0"),
      right: loop(text("x", "y"), "a[i]", "b"),
      left: loop(text("x", "y"), "a", "b[i]"),
    },
  ]),
) as Readonly<Record<Formula, FormulaLoops>>;

/** First index in [`from`, `to`) where `column` is undefined; `to` if there is none. */
export function firstHole(column: Float64Array, from: number, to: number): number {
  let i = from;
  for (; i + 4 <= to; i += 4) {
    // one NaN makes the sum NaN; infinities that cancel do too, then the loop below finds nothing and goes on
    const sum = column[i]! + column[i + 1]! + column[i + 2]! + column[i + 3]!;
    if (sum !== sum) for (let k = i; k < i + 4; k++) if (column[k]! !== column[k]!) return k;
  }
  for (; i < to; i++) if (column[i]! !== column[i]!) return i;
  return to;
}
