import type { Bits } from "../core/bits.ts";
import type { Bars } from "../model/bar.ts";
import type { ColumnCache } from "./cache.ts";
import { Columnar } from "./columnar.ts";
import { LOGIC } from "./formula.ts";
import type { Node } from "./node.ts";
import type { BitExpression } from "./template.ts";

/** A condition over a span of bars. */
export interface BitColumn {
  readonly bits: Bits;
  /** Leading bars on which it is not known; a strategy's warm-up is the longest of its leaves, levels and size. */
  readonly warmup: number;
}

/** The bit column of a condition such as a template's leaf. Number columns on the way are shared through `cache`. */
export function bitsOf(node: Node, bars: Bars, cache: ColumnCache): BitColumn {
  const { bits, warmup } = new Columnar(bars, cache).slot(node);
  return { bits, warmup };
}

/** The number column of an expression, `NaN` where not known; for a constant its number. */
export function numbersOf(
  node: Node,
  bars: Bars,
  cache: ColumnCache,
): { readonly numbers: Float64Array | number; readonly warmup: number } {
  const { constant, numbers, warmup } = new Columnar(bars, cache).slot(node);
  return { numbers: constant ?? numbers, warmup };
}

/** Writes the words [`from`, `to`) of a rule into `out` from those of its leaves. Bits past the last bar may be set. */
export type Combine = (leaves: readonly Bits[], out: Bits, from: number, to: number) => void;

/** A rule's bit algebra as one compiled loop; compile it once per variant. */
export function combineOf(expression: BitExpression): Combine {
  const used = new Set<number>();
  const text = (at: BitExpression): string => {
    if (at.op === "leaf") {
      used.add(at.leaf);
      return `l${at.leaf}[w]`;
    }
    return at.op === "not" ? LOGIC.not(text(at.a)) : LOGIC[at.op](text(at.a), text(at.b));
  };
  const body = text(expression);
  const names = [...used].map((leaf) => `const l${leaf} = leaves[${leaf}];`).join(" ");
  return new Function(
    "leaves",
    "out",
    "from",
    "to",
    `${names} for (let w = from; w < to; w++) out[w] = ${body};`,
  ) as Combine;
}
